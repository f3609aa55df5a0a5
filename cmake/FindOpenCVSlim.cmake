# OpenCV's own CMake package asks for every module, and those for a GIS stack. We want only the modules named in
# COMPONENTS: defines OpenCVSlim::<component> for each.
find_path(OpenCVSlim_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4)
set(required OpenCVSlim_INCLUDE_DIR)
foreach(component IN LISTS OpenCVSlim_FIND_COMPONENTS)
  find_library(OpenCVSlim_${component}_LIBRARY opencv_${component})
  list(APPEND required OpenCVSlim_${component}_LIBRARY)
  mark_as_advanced(OpenCVSlim_${component}_LIBRARY)
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenCVSlim REQUIRED_VARS ${required})
if(OpenCVSlim_FOUND)
  foreach(component IN LISTS OpenCVSlim_FIND_COMPONENTS)
    if(NOT TARGET OpenCVSlim::${component})
      add_library(OpenCVSlim::${component} UNKNOWN IMPORTED)
      set_target_properties(OpenCVSlim::${component} PROPERTIES
        IMPORTED_LOCATION "${OpenCVSlim_${component}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${OpenCVSlim_INCLUDE_DIR}")
    endif()
  endforeach()
endif()
mark_as_advanced(OpenCVSlim_INCLUDE_DIR)
