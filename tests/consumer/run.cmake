# Builds strangers' programs against vitrine and runs them:
#   cmake -DKIND=package|pkg-config|subproject -DBUILD=<build folder> -DSOURCE=<source folder> -P run.cmake
# `package` and `pkg-config` install into an empty prefix first, and then move it: nothing may point to where it was.
cmake_minimum_required(VERSION 3.25)
set(work "${BUILD}/consumer/${KIND}")
set(expected "consumer: vitrine [0-9.]+ made 320 x 240 pixels")

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "'${command}' ended with ${result}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_consumer program)
  run("${program}")
  if(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "The consumer ran but said:\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE "${work}")
file(MAKE_DIRECTORY "${work}")
if(NOT KIND STREQUAL "subproject")
  run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${work}/first" --component Unspecified)
  file(RENAME "${work}/first" "${work}/prefix")
endif()

if(KIND STREQUAL "package")
  run("${CMAKE_COMMAND}" -G Ninja -S "${SOURCE}/tests/consumer" -B "${work}/build" "-DCMAKE_PREFIX_PATH=${work}/prefix")
  run("${CMAKE_COMMAND}" --build "${work}/build")
  expect_consumer("${work}/build/consumer")
elseif(KIND STREQUAL "pkg-config")
  file(GLOB_RECURSE pc_file "${work}/prefix/*/vitrine.pc")
  get_filename_component(pc_folder "${pc_file}" DIRECTORY)
  set(ENV{PKG_CONFIG_PATH} "${pc_folder}")
  run(pkg-config --cflags --libs vitrine)
  separate_arguments(flags UNIX_COMMAND "${output}")
  get_filename_component(library_folder "${pc_folder}" DIRECTORY)
  run(g++ -std=c++20 "${SOURCE}/tests/consumer/main.cpp" -o "${work}/consumer" ${flags} "-Wl,-rpath,${library_folder}")
  expect_consumer("${work}/consumer")
elseif(KIND STREQUAL "subproject")
  # The flags of `dev`, so that ccache has the objects already and this costs seconds.
  set(ENV{CCACHE_NOHASHDIR} 1)
  run("${CMAKE_COMMAND}" -G Ninja -S "${SOURCE}/tests/consumer/subproject" -B "${work}/build"
    "-DVITRINE_SOURCE_DIR=${SOURCE}" -DVITRINE_STRICT=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo
    "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1" -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
  run("${CMAKE_COMMAND}" --build "${work}/build" --target consumer)
  expect_consumer("${work}/build/consumer")
else()
  message(FATAL_ERROR "KIND is '${KIND}'; it must be package, pkg-config or subproject.")
endif()
