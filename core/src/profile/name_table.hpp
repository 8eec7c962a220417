#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "profile/records.hpp"

namespace polyloop::detail {

class site;

/// What records and rows are about: a label at a call site, or the name of a span
/// or counter (no call site).
template <class Text>
struct basic_name {
  Text label;
  const site* here = nullptr;
};
using name = basic_name<std::string>;
using name_view = basic_name<std::string_view>;

struct name_hash {
  using is_transparent = void;
  template <class Text>
  std::size_t operator()(const basic_name<Text>& of) const noexcept {
    return std::hash<std::string_view>()(of.label) ^ std::hash<const site*>()(of.here);
  }
};
struct name_equal {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(const basic_name<A>& a, const basic_name<B>& b) const noexcept {
    return a.here == b.here && std::string_view(a.label) == std::string_view(b.label);
  }
};
using name_index = std::unordered_map<name, name_id, name_hash, name_equal>;

/// Numbers the names of a recording. There is room for so many: a program that
/// makes a label for each call gets one row for all that come too late. Thread-safe.
class name_table {
 public:
  static constexpr std::size_t most = 4096;
  static constexpr name_id too_many = 0;

  name_id id_of(const name_view& wanted) {
    const std::lock_guard hold(lock_);
    const auto found = ids_.find(wanted);
    if (found != ids_.end()) return found->second;
    if (names_.size() > most) return too_many;
    const auto id = static_cast<name_id>(names_.size());
    names_.push_back({std::string(wanted.label), wanted.here});
    ids_.emplace(names_.back(), id);
    return id;
  }
  name at(name_id id) {
    const std::lock_guard hold(lock_);
    return names_.at(id);
  }
  void clear() {
    const std::lock_guard hold(lock_);
    names_.resize(1);
    ids_.clear();
  }

 private:
  std::mutex lock_;
  std::vector<name> names_ = {{"(more)", nullptr}};
  name_index ids_;
};

}  // namespace polyloop::detail
