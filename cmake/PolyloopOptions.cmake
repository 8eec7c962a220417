# Every option of the project. All are namespaced; what only a developer of
# Polyloop needs is off when another project adds this one.

set(POLYLOOP_KNOWN_BACKENDS serial openmp tbb)

set(POLYLOOP_BACKEND "tbb" CACHE STRING "The backend that a loop takes when no scope chooses one")
set_property(CACHE POLYLOOP_BACKEND PROPERTY STRINGS ${POLYLOOP_KNOWN_BACKENDS})
set(POLYLOOP_BACKENDS "" CACHE STRING "Backends compiled in (a list); empty means POLYLOOP_BACKEND alone")

option(POLYLOOP_BUILD_KERNELS "Build the kernels; the loops alone need no more than core and a backend" ON)
option(POLYLOOP_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(POLYLOOP_BUILD_BENCH "Build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(POLYLOOP_BUILD_APPS "Build the programs" ${PROJECT_IS_TOP_LEVEL})
option(POLYLOOP_BUILD_FUZZERS "Build the libFuzzer targets (Clang only)" OFF)
option(POLYLOOP_ITT "Mark chunks as tasks for Intel VTune; needs ittnotify" OFF)
option(POLYLOOP_INSTALL "Generate the install target" ${PROJECT_IS_TOP_LEVEL})
option(POLYLOOP_WERROR "Treat warnings as errors" OFF)
set(POLYLOOP_SANITIZE "" CACHE STRING "Sanitizers to build with, as for -fsanitize=")
set(POLYLOOP_TEST_PARTS "" CACHE STRING "Folders of tests/ to build (a list); empty means all")
set(POLYLOOP_SIMD_LEFT_OUT "" CACHE STRING
    "Highway's targets that the kernels are not built for, such as HWY_SSSE3|HWY_AVX3")
set(POLYLOOP_DATA "${PROJECT_SOURCE_DIR}/../shared/data" CACHE PATH
    "Folder with real input for tests and benchmarks; they work without it")

if(NOT POLYLOOP_BACKENDS)
  set(polyloop_backends ${POLYLOOP_BACKEND})
else()
  set(polyloop_backends ${POLYLOOP_BACKENDS})
endif()
foreach(backend IN LISTS polyloop_backends POLYLOOP_BACKEND)
  if(NOT backend IN_LIST POLYLOOP_KNOWN_BACKENDS)
    message(FATAL_ERROR "Polyloop: unknown backend '${backend}'; known are: ${POLYLOOP_KNOWN_BACKENDS}")
  endif()
endforeach()
if(NOT POLYLOOP_BACKEND IN_LIST polyloop_backends)
  message(FATAL_ERROR "Polyloop: POLYLOOP_BACKEND is '${POLYLOOP_BACKEND}', which POLYLOOP_BACKENDS "
                      "(${polyloop_backends}) does not compile in")
endif()
list(REMOVE_DUPLICATES polyloop_backends)

if(PROJECT_IS_TOP_LEVEL)
  message(STATUS "Polyloop: backends ${polyloop_backends}; default ${POLYLOOP_BACKEND}")
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
  endif()
  find_program(POLYLOOP_CCACHE ccache)
  if(POLYLOOP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The presets build the same files with the same flags in other folders:
    # let them share the objects.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${POLYLOOP_CCACHE})
  endif()
endif()
