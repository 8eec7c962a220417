#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "polyloop/detail/first_failure.hpp"
#include "polyloop/function_ref.hpp"
#include "polyloop/loop_options.hpp"
#include "polyloop/stream_options.hpp"

namespace polyloop::detail {

enum class stage_order : unsigned char { parallel, serial, in_order };

/// Who keeps the items of a flow, in slots, and can do something with them.
struct item_keeper {
  function_ref<bool(std::size_t slot)> pull;                     ///< the source's next item; false: no more
  function_ref<void(std::size_t slot, std::size_t stage)> pass;  ///< through a stage
  function_ref<void(std::size_t slot)> drop;                     ///< what is left of it
};

/// The way of items through the stages of a pipeline: who may go where, and when.
///
/// Each worker takes an item as far as it can: up to a serial stage that is not free, where the item
/// waits, not the worker. Later stages come first, the source last, so that items in flight are finished
/// rather than gathered. A worker sleeps only while another one is in a stage, so any number of
/// workers, even one, comes to the end.
class item_flow {
 public:
  item_flow(std::span<const stage_order> stages, const item_keeper& keeper, const stream_options& options);

  /// All items through all stages, on the workers of this thread's scope.
  loop_result run();

 private:
  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);
  static constexpr std::size_t source = nobody;  // the stage before stage 0

  /// A stage's tickets say whose turn it is: by the item's place, or by arrival.
  struct stage {
    stage_order order;
    bool busy = false;
    index_t now = 0;                   // the ticket whose turn it is
    index_t arrived = 0;               // tickets given by arrival
    std::vector<std::size_t> waiting;  // the slot of ticket t at [t % window]
  };
  struct job {
    std::size_t slot;
    std::size_t stage;
  };
  struct place {
    index_t item = 0;
    bool failed = false;
  };

  void work();
  std::optional<job> pick();
  bool is_ready(stage& here) {
    return here.order != stage_order::parallel && !here.busy && waiting_at(here, here.now) != nobody;
  }
  bool any_ready();
  bool can_pull() const { return !drained_ && !pulling_ && !free_.empty(); }
  bool ends_here();
  void run_job(job next, std::unique_lock<std::mutex>& hold);
  bool pulled(std::size_t slot) noexcept;
  void passed(job now) noexcept;
  bool enters(job next);
  void leave(std::size_t at);
  void tell(index_t item) noexcept;
  template <class Call>
  bool tried(index_t item, const Call& call) noexcept;
  std::size_t& waiting_at(stage& here, index_t ticket) {
    return here.waiting[static_cast<std::size_t>(ticket) % places_.size()];
  }

  const item_keeper keeper_;
  const stream_options& options_;
  std::unique_ptr<error_handler> errors_;
  first_failure failure_;

  std::mutex lock_;  // all below
  std::condition_variable changed_;
  std::vector<stage> stages_;
  std::vector<place> places_;
  std::vector<std::size_t> free_;
  bool pulling_ = false;
  bool drained_ = false;  // the source has no more, or is not asked any more
  bool stopped_ = false;
  index_t begun_ = 0;
  index_t finished_ = 0;
  int running_ = 0;  // workers in a stage
  int idle_ = 0;
};

}  // namespace polyloop::detail
