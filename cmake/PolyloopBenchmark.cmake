# polyloop_add_benchmark(target source...): a program that measures the kernels
# which the sources register (see polyloop/bench.hpp) on every backend. The
# sources are to be those of the program itself: of a static library the linker
# drops what nobody calls, kernels that register themselves too.
function(polyloop_add_benchmark target)
  if(NOT TARGET polyloop::bench)
    message(FATAL_ERROR "polyloop_add_benchmark: no bench suite here; Polyloop builds it where it finds Google "
                        "Benchmark, fmt, CLI11 and nlohmann-json, and its users need the first two")
  endif()
  find_package(fmt REQUIRED)
  find_package(benchmark REQUIRED)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE polyloop::bench)
endfunction()
