#include "line_input.h"

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "console.h"
#include "paa/core/error.h"
#include "paa/core/file.h"
#include "plain_line.h"

namespace paa::cli {
namespace {

constexpr int kLookAtCancelMs = 50;
constexpr std::size_t kLongestLine = std::size_t{1} << 20;
constexpr std::uint64_t kLargestScript = std::uint64_t{64} << 20;

// So that the terminal's backspace takes whole characters.
void edit_characters() {
#ifdef IUTF8
  termios settings{};
  if (::tcgetattr(STDIN_FILENO, &settings) != 0 || (settings.c_iflag & IUTF8) != 0) return;
  settings.c_iflag |= IUTF8;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
#endif
}

}  // namespace

LineInput::LineInput(const std::filesystem::path& script) : script_(!script.empty()) {
  if (script.empty()) {
    editor_ = LineEditor::on_terminal();
    if (!editor_ && ::isatty(STDIN_FILENO) != 0) edit_characters();
  } else if (script != "-") {
    waiting_ = read_text_file(script, kLargestScript);
    at_end_ = true;
  }
}

std::optional<std::string> LineInput::next_line() {
  std::size_t end = waiting_.find('\n');
  if (end == std::string::npos && (!at_end_ || waiting_.empty())) return std::nullopt;
  std::string line = waiting_.substr(0, end);
  waiting_.erase(0, end == std::string::npos ? end : end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::optional<std::string> LineInput::read(const std::string& prompt, const Cancel* cancel) {
  if (editor_) return editor_->read(prompt, cancel);
  print(prompt);
  for (;;) {
    if (auto line = next_line()) {
      if (script_ || ::isatty(STDIN_FILENO) == 0) print(plain_line(*line) + "\n");
      return line;
    }
    if (at_end_) {
      print("\n");
      return std::nullopt;
    }
    throw_if_cancelled(cancel);
    pollfd ready{STDIN_FILENO, POLLIN, 0};
    if (::poll(&ready, 1, kLookAtCancelMs) <= 0) continue;
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) throw Error(ErrorCode::kIo, fmt::format("cannot read standard input: {}", std::strerror(errno)));
    if (count == 0) at_end_ = true;
    if (count > 0) waiting_.append(bytes.data(), static_cast<std::size_t>(count));
    if (waiting_.size() > kLongestLine && waiting_.find('\n') == std::string::npos) {
      throw Error(ErrorCode::kLimitExceeded, "a line of more than 1 MB was typed; say it shorter");
    }
  }
}

}  // namespace paa::cli
