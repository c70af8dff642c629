#pragma once
// Long calls: worked off in steps, watched and stopped by the caller's run options.

#include <algorithm>
#include <cstddef>

#include "guard.h"
#include "handles.h"
#include "sized_struct.h"

namespace paa::capi {

template <>
inline constexpr std::size_t kFirstSize<paa_run_options> = offsetof(paa_run_options, progress_user_data) +
                                                           sizeof(void*);

inline constexpr paa_run_options kRunDefaults{sizeof(paa_run_options), nullptr, nullptr, nullptr};

/// Items (photos or people) that are worked on between two calls of the progress callback. Also without a callback, and
/// a multiple of the model's own batch, so that neither watching a call nor coming through C changes its results.
inline constexpr std::size_t kStep = 64;

/// Calls work(begin, end, cancel) for one step after the other until `count` items are done.
/// Errors: kInvalidArgument (options), kCancelled, CallbackStop.
template <class Work>
void run_in_steps(std::size_t count, const paa_run_options* options, Work&& work) {
  const auto run = read_struct(options, kRunDefaults, "options");
  const Cancel* cancel = cancel_flag(run.cancel);
  throw_if_cancelled(cancel);
  for (std::size_t begin = 0; begin < count;) {
    const std::size_t end = begin + std::min(kStep, count - begin);
    work(begin, end, cancel);
    throw_if_cancelled(cancel);
    if (run.progress != nullptr) {
      const paa_status status = run.progress(end, count, run.progress_user_data);
      if (status != PAA_OK) throw CallbackStop{status};
    }
    begin = end;
  }
}

}  // namespace paa::capi
