# polyloop_add_conformance_test(target source...): a program that puts backends
# through the contract. One of the sources defines contract::backends_under_test()
# (see contract/kit.hpp). Needs doctest.
if(NOT DEFINED polyloop_conformance_dir)
  set(polyloop_conformance_dir "${CMAKE_CURRENT_LIST_DIR}/../tests/contract")
endif()

# The tests are compiled once, whatever number of programs runs them.
function(polyloop_add_conformance_kit)
  find_package(doctest REQUIRED)
  set(kit kit.cpp main.cpp algorithms_test.cpp coverage_test.cpp error_policy_test.cpp errors_test.cpp nesting_test.cpp
      ordered_map_test.cpp pipeline_test.cpp progress_test.cpp
      same_bits_test.cpp scan_test.cpp sharing_test.cpp sort_numbers_test.cpp sort_test.cpp stop_test.cpp
      task_test.cpp team_test.cpp)
  list(TRANSFORM kit PREPEND "${polyloop_conformance_dir}/")
  add_library(polyloop_conformance_kit OBJECT ${kit})
  target_include_directories(polyloop_conformance_kit PUBLIC "${polyloop_conformance_dir}")
  target_link_libraries(polyloop_conformance_kit PUBLIC polyloop::polyloop doctest::doctest)
  if(COMMAND polyloop_defaults)
    polyloop_defaults(polyloop_conformance_kit)
  endif()
  if(POLYLOOP_SANITIZE MATCHES "thread")
    target_compile_definitions(polyloop_conformance_kit PUBLIC "POLYLOOP_CONTRACT_WORKER_COUNTS=1, 4")
  endif()
endfunction()

# Algorithms made of loops race no more than loops do, and sanitizers make them wait the longest: the project's suites of
# backends that race the least leave them out there.
set(polyloop_without_algorithms "--test-case-exclude=scan:*,sort:*,same bits:*,find:*")

function(polyloop_add_conformance_test target)
  if(NOT TARGET polyloop_conformance_kit)
    polyloop_add_conformance_kit()
  endif()
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE polyloop_conformance_kit)
endfunction()
