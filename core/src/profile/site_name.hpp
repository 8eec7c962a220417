#pragma once

#include <string>
#include <string_view>

namespace polyloop::detail {

/// What a reader recognises in what the compiler calls the function template
/// `type_text<Key>()`: the function around the innermost lambda that Key names
/// (GCC), that lambda's file and line (Clang), or the type of the body.
std::string readable_site(std::string_view type_text);

}  // namespace polyloop::detail
