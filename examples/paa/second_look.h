#pragma once
// The photos seen once more while the person goes on: their concepts have changed.

#include <atomic>
#include <cstddef>
#include <future>
#include <utility>

#include "paa/core/progress.h"
#include "personal_run.h"
#include "photo_library.h"

namespace paa::cli {

/// Works on a thread of its own. Not thread-safe beside that.
class SecondLook {
 public:
  struct Seen {
    OwnScorer scorer;
    PhotoLibrary library;
  };

  /// Begins. Both must outlive it; of `run` it uses what never changes.
  SecondLook(const PersonalRun& run, const FoundPhotos& found, int jobs);
  /// Ends it soon, if it is not over.
  ~SecondLook();
  SecondLook(const SecondLook&) = delete;
  SecondLook& operator=(const SecondLook&) = delete;

  bool over() const;
  /// Photos seen, and photos in all.
  std::pair<std::size_t, std::size_t> progress() const noexcept { return {done_, total_}; }
  /// Waits for the end, once. Errors: those of PersonalRun::scorer_anew and see_library.
  Seen take() { return seen_.get(); }

 private:
  Cancel cancel_;
  std::atomic<std::size_t> done_{0}, total_{0};
  std::future<Seen> seen_;  // last, for its thread uses the others
};

}  // namespace paa::cli
