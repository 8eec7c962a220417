# Settings shared by all targets of the project.

# polyloop_defaults(target): the language level, warnings and sanitizers of
# the project's own code. Private: nothing of it reaches a consumer.
function(polyloop_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  # Hidden in a static library, so that a shared library which links it does
  # not export it again; the shared form exports all.
  set(visibility hidden)
  if(BUILD_SHARED_LIBS)
    set(visibility default)
  endif()
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET ${visibility})
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 $<$<BOOL:${POLYLOOP_WERROR}>:/WX>)
    return()
  endif()
  # Contraction of a*b+c into one rounding depends on inlining; without it the
  # same source gives the same bits in every place it is compiled.
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wconversion -Wshadow $<$<BOOL:${POLYLOOP_WERROR}>:-Werror> -ffp-contract=off
    # Clang finds what std::stable_sort of GCC's library uses inside deprecated.
    $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
  if(POLYLOOP_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${POLYLOOP_SANITIZE} -fno-omit-frame-pointer)
    if(POLYLOOP_SANITIZE MATCHES "undefined")
      target_compile_options(${target} PRIVATE -fno-sanitize-recover=undefined)
    endif()
    target_link_options(${target} PRIVATE -fsanitize=${POLYLOOP_SANITIZE})
  endif()
endfunction()

# polyloop_quick_build(target): for words and tests, whose time is the compiler's. What is measured, and the loops' contract,
# stay as their users build them.
function(polyloop_quick_build target)
  if(NOT MSVC)
    target_compile_options(${target} PRIVATE -O1)
  endif()
endfunction()
