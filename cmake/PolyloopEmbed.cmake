# polyloop_embed(target namespace name [file...]): the bytes of the files, one
# after the other, as a function of the target:
#   std::string_view namespace::name();
# Written when the target is built, from the files as they are then; empty
# without files. This file is also the script that writes it.
set(polyloop_embed_script ${CMAKE_CURRENT_LIST_FILE})

function(polyloop_embed target namespace name)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}_${name}.cpp)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} "-Dfunction=${namespace}::${name}" "-Dfiles=${ARGN}" -Dsource=${source}
            -P ${polyloop_embed_script}
    DEPENDS ${ARGN} ${polyloop_embed_script}
    VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()

function(polyloop_write_embedded function files source)
  set(bytes "")
  foreach(file IN LISTS files)
    file(READ ${file} content HEX)
    string(APPEND bytes ${content})
  endforeach()
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "::[^:]+$" "" namespace ${function})
  string(REGEX REPLACE "^.*::" "" name ${function})
  # The 0 at the end is there so that the array is never empty.
  file(WRITE ${source} "#include <string_view>\n
namespace ${namespace} {\n
static const unsigned char bytes[] = {\n${bytes}0};\n
std::string_view ${name}();
std::string_view ${name}() {
  return {reinterpret_cast<const char*>(bytes), sizeof bytes - 1};
}\n
}  // namespace ${namespace}\n")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  polyloop_write_embedded(${function} "${files}" ${source})
endif()
