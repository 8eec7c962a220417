#pragma once

#include <string_view>

/// What the build has written into the library, each the content of one or
/// more files (polyloop_embed in cmake/PolyloopEmbed.cmake).
namespace polyloop::bench::assets {

std::string_view page();
std::string_view style();
std::string_view script();
/// Both empty where Chart.js was not found.
std::string_view chart_library();
std::string_view chart_licence();

}  // namespace polyloop::bench::assets
