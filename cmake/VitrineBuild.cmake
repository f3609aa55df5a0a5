# Flags that are private to this project: a host project that adds us as a subdirectory sees none of them.
add_library(vitrine_build_flags INTERFACE)
target_compile_features(vitrine_build_flags INTERFACE cxx_std_20)
target_compile_options(vitrine_build_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual
  # Contracted multiply-adds round differently from one instruction set to another: same input, same bytes.
  -ffp-contract=off
  $<$<BOOL:${VITRINE_STRICT}>:-Werror>)

set(VITRINE_SANITIZE "" CACHE STRING "Sanitizers for everything that is built: 'address,undefined' or 'thread'")
if(VITRINE_SANITIZE)
  set(flags -fsanitize=${VITRINE_SANITIZE} -fno-omit-frame-pointer)
  if(VITRINE_SANITIZE MATCHES "undefined")
    # Without this a report of undefined behaviour does not fail the run.
    list(APPEND flags -fno-sanitize-recover=all)
  endif()
  target_compile_options(vitrine_build_flags INTERFACE ${flags})
  target_link_options(vitrine_build_flags INTERFACE ${flags})
endif()

find_program(VITRINE_CCACHE ccache)
if(PROJECT_IS_TOP_LEVEL AND VITRINE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${VITRINE_CCACHE}" CACHE STRING "" FORCE)
endif()
