#pragma once
// Lines that a person edits in a terminal: arrow keys, the lines before, pasting; characters of UTF-8.

#include <memory>
#include <optional>
#include <string>

#include "paa/core/progress.h"

namespace paa::cli {

/// Over libedit. While an object lives the terminal shows what is typed only where a line is edited, so that it stands in
/// nothing else; it is given back as it was, also to the shell at Ctrl-Z. The lines are remembered for the arrow keys,
/// and in no file. One object at a time; not thread-safe.
class LineEditor {
 public:
  /// Nothing where lines cannot be edited: standard input or output is no terminal, the terminal cannot move its cursor
  /// (TERM=dumb), or paa was built without libedit.
  static std::unique_ptr<LineEditor> on_terminal();
  ~LineEditor();

  /// The line without its end, or nothing at its end of input (Ctrl-D, a terminal that has gone). Line breaks that are
  /// pasted become spaces. Errors: kCancelled (within 100 ms, also while nothing is typed), kIo.
  std::optional<std::string> read(const std::string& prompt, const Cancel* cancel);

 private:
  struct Impl;
  explicit LineEditor(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace paa::cli
