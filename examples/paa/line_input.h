#pragma once
// Lines that a person types, or that a file holds in their place.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "line_editor.h"
#include "paa/core/progress.h"

namespace paa::cli {

/// From a terminal, where the line can be edited, a pipe or a file. Not thread-safe.
class LineInput {
 public:
  /// `script`: the file to read instead of standard input; empty: none; "-": standard input, as a script. Errors: as
  /// paa::read_text_file.
  explicit LineInput(const std::filesystem::path& script);

  /// The next line without its end, or nothing at the end of input. A terminal is shown the prompt first; what a script
  /// says is shown behind it. Errors: kCancelled (within 100 ms, also while nothing is typed), kIo, kLimitExceeded (a
  /// line of more than 1 MB).
  std::optional<std::string> read(const std::string& prompt, const Cancel* cancel);

  /// A script says all there is to say; a person who closes the input may come back.
  bool ends_the_interview() const noexcept { return script_; }

 private:
  std::optional<std::string> next_line();

  bool script_;
  std::unique_ptr<LineEditor> editor_;  // none: the terminal edits the line, or there is none
  std::string waiting_;  // read, and not handed out
  bool at_end_ = false;
};

}  // namespace paa::cli
