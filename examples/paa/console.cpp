#include "console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "paa/core/error.h"
#include "plain_line.h"

namespace paa::cli {
namespace {

bool progress_shown = false;

}  // namespace

void print(std::string_view text) {
  wipe_progress();
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  if (errno == EPIPE) throw OutputClosed();
  throw Error(ErrorCode::kIo, fmt::format("cannot write to standard output: {}", std::strerror(errno)));
}

void complain(std::string_view message) {
  wipe_progress();
  const std::string line = fmt::format("paa: {}\n", plain_line(message));
  std::fputs(line.c_str(), stderr);
}

void show_progress(std::size_t done, std::size_t total, std::string_view units) {
  show_progress(fmt::format("{} of {} {}", done, total, units));
}

void show_progress(std::string_view line) {
  static const bool is_terminal = ::isatty(STDERR_FILENO) == 1;
  if (!is_terminal) return;
  std::fputs(fmt::format("\r\x1b[K{}", line).c_str(), stderr);
  progress_shown = true;
}

void wipe_progress() {
  if (!progress_shown) return;
  std::fputs("\r\x1b[K", stderr);
  progress_shown = false;
}

}  // namespace paa::cli
