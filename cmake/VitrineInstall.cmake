# Install rules of the C++ library: headers, library, CMake package and pkg-config file. The Python extension has its
# own component, `python`; everything here is in the default one.
include(CMakePackageConfigHelpers)

get_target_property(library_type vitrine TYPE)
set(VITRINE_IS_STATIC OFF)
set(VITRINE_PC_LIBS "-lvitrine")
if(library_type STREQUAL "STATIC_LIBRARY")
  set(VITRINE_IS_STATIC ON)
  # Whoever links the archive links what it is made of. The consumer test fails when one is missing here.
  string(JOIN " " VITRINE_PC_LIBS
    -lvitrine -lopencv_imgproc -lopencv_core -ljpeg -lpng -lz -ldeflate -lwebp -llcms2 -lhwy
    -lspdlog -lfmt -lcurl -lcrypto -lsqlite3 -pthread)
endif()

install(TARGETS vitrine EXPORT vitrineTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/vitrine")
install(EXPORT vitrineTargets NAMESPACE vitrine:: DESTINATION "${package_folder}")
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/vitrineConfig.cmake.in" "${PROJECT_BINARY_DIR}/vitrineConfig.cmake"
  INSTALL_DESTINATION "${package_folder}" NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may break its users.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/vitrineConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/vitrineConfig.cmake" "${PROJECT_BINARY_DIR}/vitrineConfigVersion.cmake"
  DESTINATION "${package_folder}")
if(VITRINE_IS_STATIC)
  install(FILES cmake/FindLCMS2.cmake cmake/FindLibdeflate.cmake cmake/FindOpenCVSlim.cmake cmake/FindWebP.cmake
    DESTINATION "${package_folder}")
endif()

file(RELATIVE_PATH VITRINE_PC_TO_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file("${PROJECT_SOURCE_DIR}/cmake/vitrine.pc.in" "${PROJECT_BINARY_DIR}/vitrine.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/vitrine.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
