#pragma once
// A terminal that is left at Ctrl-Z, come back to, or made smaller.

#include <csignal>

namespace paa::cli {

/// While an object lives, Ctrl-Z gives the terminal back as it was when the object was made, and takes it again
/// afterwards. One object at a time; not thread-safe.
class TerminalSignals {
 public:
  /// Standard input must be a terminal.
  TerminalSignals();
  ~TerminalSignals();
  TerminalSignals(const TerminalSignals&) = delete;
  TerminalSignals& operator=(const TerminalSignals&) = delete;

  /// Whether the program was stopped and went on since this was asked.
  bool went_on() noexcept;
  /// Whether the window's size has changed since this was asked.
  bool resized() noexcept;

 private:
  struct sigaction stop_, go_on_, resize_;
};

}  // namespace paa::cli
