#pragma once

namespace polyloop::reductions::detail {

/// Whether to ask the memory for what a loop will read, where the loop reads everything once and in order.
/// The prefetcher of many CPUs does not look beyond the end of a page; an AMD Zen reads a tenth more slowly
/// where it is asked.
extern const bool asking_ahead_pays;

}  // namespace polyloop::reductions::detail
