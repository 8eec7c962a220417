# polyloop_check_headers(target include_dir): compiles every header below
# include_dir alone, with what `target` gives its consumers and nothing else. A
# part of the default build: a header that needs another before it does not build.
function(polyloop_check_headers target include_dir)
  get_filename_component(include_dir ${include_dir} ABSOLUTE)
  file(GLOB_RECURSE headers RELATIVE ${include_dir} CONFIGURE_DEPENDS ${include_dir}/*.hpp)
  if(NOT headers)
    message(FATAL_ERROR "polyloop_check_headers: no headers below ${include_dir}")
  endif()

  file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR} ${include_dir})
  string(MAKE_C_IDENTIFIER "polyloop_headers_${name}" name)
  set(sources "")
  foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER ${header} stem)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}/${stem}.cpp)
    # Twice: a header without a guard is not alone with itself.
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND sources ${source})
  endforeach()

  add_library(${name} OBJECT ${sources})
  polyloop_defaults(${name})
  target_link_libraries(${name} PRIVATE ${target})
endfunction()
