#pragma once
// Ctrl-C stops the work at the next good place instead of in the middle of a line.

#include "paa/core/progress.h"

namespace paa::cli {

/// From now on the first SIGINT or SIGTERM requests a cancel; the second ends the process as usual. Returns the flag,
/// which lives as long as the process.
const Cancel* cancel_on_signal();

/// The exit status of a program that was stopped by the signal that came: 130 for Ctrl-C.
int interrupted_status();

}  // namespace paa::cli
