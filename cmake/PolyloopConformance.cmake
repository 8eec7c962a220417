# polyloop_add_conformance_test(target source...): a program that puts backends
# through the contract. One of the sources defines contract::backends_under_test()
# (see contract/kit.hpp). Needs doctest.
if(NOT DEFINED polyloop_conformance_dir)
  set(polyloop_conformance_dir "${CMAKE_CURRENT_LIST_DIR}/../tests/contract")
endif()

function(polyloop_add_conformance_test target)
  find_package(doctest REQUIRED)
  set(kit kit.cpp main.cpp algorithms_test.cpp coverage_test.cpp error_policy_test.cpp errors_test.cpp nesting_test.cpp
      same_bits_test.cpp scan_test.cpp sort_test.cpp stop_test.cpp)
  list(TRANSFORM kit PREPEND "${polyloop_conformance_dir}/")
  add_executable(${target} ${kit} ${ARGN})
  target_include_directories(${target} PRIVATE "${polyloop_conformance_dir}")
  target_link_libraries(${target} PRIVATE polyloop::polyloop doctest::doctest)
endfunction()
