#pragma once
// What the program writes to its terminal: results on stdout, messages and progress on stderr.

#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace paa::cli {

/// Whoever read stdout has gone (`| head`): time to end without a word.
struct OutputClosed : std::runtime_error {
  OutputClosed() : std::runtime_error("standard output was closed") {}
};

/// Writes `text` to stdout and flushes it, after wiping a progress line. Errors: OutputClosed; paa::Error(kIo), such as
/// a full disk.
void print(std::string_view text);

/// One line "paa: MESSAGE" on stderr; control characters are escaped.
void complain(std::string_view message);

/// A line on stderr that says how far the work is ("3 of 8 photos"), rewritten in place; nothing at all where stderr is no terminal.
void show_progress(std::size_t done, std::size_t total, std::string_view units = "photos");

/// The same line with words of the caller's.
void show_progress(std::string_view line);

/// Wipes the progress line, if there is one.
void wipe_progress();

}  // namespace paa::cli
