# What `cmake --install` puts in place: libraries, headers, and a package that
# find_package(polyloop CONFIG) reads.
include(CMakePackageConfigHelpers)

set(polyloop_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/polyloop)

set(polyloop_libraries polyloop)
set(polyloop_header_folders core/include interop/include)
if(TARGET polyloop_kernels)
  list(APPEND polyloop_libraries polyloop_kernels)
  list(APPEND polyloop_header_folders kernels/include kernels/*/include)
  set_target_properties(polyloop_kernels PROPERTIES EXPORT_NAME kernels)
endif()
install(TARGETS ${polyloop_libraries} EXPORT polyloop-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT polyloop-targets NAMESPACE polyloop:: DESTINATION ${polyloop_config_dir})

list(TRANSFORM polyloop_header_folders PREPEND ${PROJECT_SOURCE_DIR}/)
file(GLOB polyloop_header_dirs LIST_DIRECTORIES true ${polyloop_header_folders})
foreach(dir IN LISTS polyloop_header_dirs)
  install(DIRECTORY ${dir}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
endforeach()

# A static library names on its consumer's link line the runtimes that it was
# built with: the package has to find them again.
function(polyloop_dependencies out)
  set(packages "")
  foreach(target IN LISTS polyloop_libraries)
    foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(items ${target} ${property})
      list(FILTER items EXCLUDE REGEX "BUILD_INTERFACE")
      foreach(package Threads TBB OpenMP Eigen3 fmt hwy)
        if(items MATCHES "${package}::")
          list(APPEND packages ${package})
        endif()
      endforeach()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES packages)
  list(TRANSFORM packages REPLACE "^OpenMP$" "OpenMP COMPONENTS CXX")
  list(TRANSFORM packages REPLACE "(.+)" "find_dependency(\\1)\n")
  list(JOIN packages "" lines)
  set(${out} "${lines}" PARENT_SCOPE)
endfunction()

# The conformance kit, for those who write a backend of their own. It is source:
# they compile it against theirs, with polyloop_add_conformance_test().
set(POLYLOOP_CONFORMANCE_DIR ${CMAKE_INSTALL_DATADIR}/polyloop/conformance)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tests/contract/ DESTINATION ${POLYLOOP_CONFORMANCE_DIR}
        FILES_MATCHING PATTERN "kit.*" PATTERN "main.cpp" PATTERN "*_test.cpp")
install(FILES ${PROJECT_SOURCE_DIR}/cmake/PolyloopConformance.cmake DESTINATION ${polyloop_config_dir})

# The bench suite, for kernels of one's own. A package of its own inside this one:
# it needs more than the loops do, and who only wants loops need not have that.
if(TARGET polyloop_bench)
  set(bench_targets polyloop_bench polyloop_bench_support)
  if(TARGET polyloop_bench_report)
    list(APPEND bench_targets polyloop_bench_report)
  endif()
  set_target_properties(polyloop_bench PROPERTIES EXPORT_NAME bench)
  install(TARGETS ${bench_targets} EXPORT polyloop-bench-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT polyloop-bench-targets NAMESPACE polyloop:: DESTINATION ${polyloop_config_dir})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/bench/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          FILES_MATCHING PATTERN "*.hpp")
endif()
install(FILES ${PROJECT_SOURCE_DIR}/cmake/PolyloopBenchmark.cmake DESTINATION ${polyloop_config_dir})

polyloop_dependencies(polyloop_find_dependencies)
set(polyloop_backends_installed ${POLYLOOP_BACKEND} ${polyloop_backends})
list(REMOVE_DUPLICATES polyloop_backends_installed)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/polyloopConfig.cmake.in polyloopConfig.cmake
                              INSTALL_DESTINATION ${polyloop_config_dir} PATH_VARS POLYLOOP_CONFORMANCE_DIR)
write_basic_package_version_file(polyloopConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/polyloopConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/polyloopConfigVersion.cmake
        DESTINATION ${polyloop_config_dir})

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
