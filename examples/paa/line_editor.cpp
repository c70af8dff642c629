#include "line_editor.h"

#ifndef PAA_WITH_LIBEDIT

namespace paa::cli {

struct LineEditor::Impl {};

LineEditor::LineEditor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineEditor::~LineEditor() = default;
std::unique_ptr<LineEditor> LineEditor::on_terminal() { return nullptr; }
std::optional<std::string> LineEditor::read(const std::string&, const Cancel*) { return std::nullopt; }

}  // namespace paa::cli

#else

#include <fmt/format.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <string_view>
#include <utility>
#include <vector>

#include "console.h"
#include "paa/core/error.h"
#include "paa/text/utf8.h"
#include "terminal_signals.h"

namespace paa::cli {
namespace {

constexpr int kLookAtCancelMs = 50;
// What a terminal is asked to put around what is pasted, and how it is asked.
constexpr const char *kMarkPastes = "\x1b[?2004h", *kMarkNoPastes = "\x1b[?2004l", *kPasteBegins = "\\e[200~";
constexpr std::wstring_view kPasteEnds = L"\x1b[201~";

// libedit's own history cuts what was being typed to 1024 characters when one looks back.
constexpr const char *kBefore = "paa-line-before", *kAfter = "paa-line-after", *kPaste = "paa-paste";

struct Binding {
  const char *keys, *command;
};

// Beyond libedit's own; the keys of xterm, of the Linux console and of rxvt.
constexpr Binding kBindings[] = {
    {"^W", "ed-delete-prev-word"},  {"\\e[3~", "ed-delete-next-char"},
    {"\\e[1;5C", "em-next-word"},   {"\\e[1;5D", "ed-prev-word"},
    {"\\e[H", "ed-move-to-beg"},    {"\\e[F", "ed-move-to-end"},
    {"\\eOH", "ed-move-to-beg"},    {"\\eOF", "ed-move-to-end"},
    {"\\e[1~", "ed-move-to-beg"},   {"\\e[4~", "ed-move-to-end"},
    {"\\e[7~", "ed-move-to-beg"},   {"\\e[8~", "ed-move-to-end"},
    {"\\e[A", kBefore},             {"\\e[B", kAfter},
    {"\\eOA", kBefore},             {"\\eOB", kAfter},
    {"^P", kBefore},                {"^N", kAfter},
    {kPasteBegins, kPaste},
};

// libedit reads and shows characters by the thread's locale, and whatever that is, paa speaks UTF-8.
class Utf8Locale {
 public:
  Utf8Locale() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(::uselocale(utf8_)) {}
  ~Utf8Locale() {
    ::uselocale(before_);
    if (utf8_ != nullptr) ::freelocale(utf8_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t utf8_, before_;
};

// The cells that `text` takes on the screen.
std::size_t cells_of(std::string_view text) {
  std::size_t cells = 0;
  std::mbstate_t state{};
  while (!text.empty()) {
    wchar_t c = 0;
    const std::size_t size = std::mbrtowc(&c, text.data(), text.size(), &state);
    if (size == 0 || size > text.size()) break;
    cells += static_cast<std::size_t>(std::max(0, ::wcwidth(c)));
    text.remove_prefix(size);
  }
  return cells;
}

}  // namespace

struct LineEditor::Impl {
  Impl() : editor(::el_init("paa", stdin, stdout, no_errors()), ::el_end) {
    if (!editor) return;
    EditLine* el = editor.get();
    ::el_set(el, EL_CLIENTDATA, this);
    ::el_set(el, EL_GETCFN, character_of);
    ::el_set(el, EL_PROMPT, prompt_of);
    ::el_set(el, EL_EDITOR, "emacs");
    ::el_set(el, EL_SETTY, "-x", "-echo", nullptr);
    ::el_set(el, EL_ADDFN, kPaste, "Insert what is pasted as one line", insert_pasted);
    ::el_set(el, EL_ADDFN, kBefore, "Show the line before", show_before);
    ::el_set(el, EL_ADDFN, kAfter, "Show the line after", show_after);
    for (const auto& binding : kBindings) ::el_set(el, EL_BIND, binding.keys, binding.command, nullptr);
  }

  // Of a terminal that it does not know libedit would complain in the middle of the conversation.
  static FILE* no_errors() {
    static FILE* const nowhere = std::fopen("/dev/null", "w");
    return nowhere != nullptr ? nowhere : stderr;
  }

  bool can_edit() const {
    const char* clear = nullptr;
    return editor && ::el_get(editor.get(), EL_GETTC, "ce", &clear) == 0 && clear != nullptr &&
           std::string_view(clear).starts_with("\x1b[K");
  }

  // What is typed between lines waits for the next one unseen and whole: the terminal's own editing keeps 4096 bytes.
  void keep_keys() const { ::el_set(editor.get(), EL_PREP_TERM, 1); }

  static Impl& of(EditLine* el) {
    void* self = nullptr;
    ::el_get(el, EL_CLIENTDATA, &self);
    return *static_cast<Impl*>(self);
  }

  static char* prompt_of(EditLine* el) { return of(el).prompt.data(); }

  // libedit's source of characters: 1, or -1 for no more of this line.
  static int character_of(EditLine* el, wchar_t* c) { return of(el).next_character(c); }

  int next_character(wchar_t* c) {
    for (;;) {
      const Utf8Unit unit = bytes.empty() ? Utf8Unit{0, Utf8State::kTruncated} : next_utf8(bytes);
      if (unit.state == Utf8State::kTruncated) {
        if (!wait_for_bytes()) return -1;
        continue;
      }
      std::mbstate_t state{};
      *c = L'\uFFFD';
      if (unit.state == Utf8State::kValid) std::mbrtowc(c, bytes.data(), unit.size, &state);
      bytes.erase(0, unit.size);
      return 1;
    }
  }

  // Whether there are more; false also when the line is not wanted any more.
  bool wait_for_bytes() {
    for (;;) {
      if (cancel != nullptr && cancel->requested()) return false;
      if (signals.went_on()) return_to_terminal();
      if (signals.resized()) fit_to_window();
      pollfd ready{STDIN_FILENO, POLLIN, 0};
      if (::poll(&ready, 1, kLookAtCancelMs) <= 0) continue;
      std::array<char, 4096> more{};
      const ssize_t count = ::read(STDIN_FILENO, more.data(), more.size());
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (count < 0) fault = errno;
      if (count <= 0) return false;
      bytes.append(more.data(), static_cast<std::size_t>(count));
      return true;
    }
  }

  void write_out(std::string_view text) const {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  void return_to_terminal() {
    ::el_set(editor.get(), EL_PREP_TERM, 0);
    ::el_set(editor.get(), EL_PREP_TERM, 1);
    write_out(kMarkPastes);
    ::el_resize(editor.get());
    ::el_set(editor.get(), EL_REFRESH);
  }

  // Terminals wrap what they show anew, so the line stands where its length says in the new width.
  void fit_to_window() {
    if (const std::size_t above = rows().first; above > 0) write_out(fmt::format("\x1b[{}A", above));
    write_out("\r\x1b[J");
    ::el_resize(editor.get());
    ::el_set(editor.get(), EL_REFRESH);
  }

  // Rows of the screen above the cursor and below it that the line takes.
  std::pair<std::size_t, std::size_t> rows() const {
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    const std::size_t columns = known ? size.ws_col : 80;
    const LineInfo* line = ::el_line(editor.get());
    const std::string_view before(line->buffer, static_cast<std::size_t>(line->cursor - line->buffer));
    const std::string_view after(line->cursor, static_cast<std::size_t>(line->lastchar - line->cursor));
    const std::size_t at = cells_of(prompt) + cells_of(before), end = at + cells_of(after);
    return {at / columns, end / columns - at / columns};
  }

  // To where more can be written without writing into the line.
  void leave_line() const {
    if (const std::size_t below = rows().second; below > 0) write_out(fmt::format("\x1b[{}B", below));
    write_out("\n");
  }

  // A libedit command.
  static unsigned char insert_pasted(EditLine* el, int) {
    std::wstring pasted;
    while (!pasted.ends_with(kPasteEnds)) {
      wchar_t c = 0;
      if (::el_wgetc(el, &c) != 1) return CC_EOF;
      pasted += c;
    }
    pasted.resize(pasted.size() - kPasteEnds.size());
    for (wchar_t& c : pasted) {
      if (c < L' ' || c == L'\x7f') c = L' ';
    }
    return pasted.empty() || ::el_winsertstr(el, pasted.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
  }

  static unsigned char show_before(EditLine* el, int) {
    Impl& self = of(el);
    return self.shown == 0 ? CC_ERROR : self.show(self.shown - 1);
  }

  static unsigned char show_after(EditLine* el, int) {
    Impl& self = of(el);
    return self.shown == self.lines.size() ? CC_ERROR : self.show(self.shown + 1);
  }

  // The line of that number in place of the one that is edited; behind the last stands what was typed first.
  unsigned char show(std::size_t number) {
    EditLine* el = editor.get();
    if (shown == lines.size()) {
      const LineInfo* typed = ::el_line(el);
      draft.assign(typed->buffer, typed->lastchar);
    }
    shown = number;
    const LineInfoW* line = ::el_wline(el);
    ::el_cursor(el, static_cast<int>(line->lastchar - line->cursor));
    ::el_deletestr(el, static_cast<int>(line->lastchar - line->buffer));
    ::el_insertstr(el, shown == lines.size() ? draft.c_str() : lines[shown].c_str());
    return CC_REFRESH;
  }

  TerminalSignals signals;  // first, for it knows the terminal as it was
  std::unique_ptr<EditLine, decltype(&::el_end)> editor;
  std::vector<std::string> lines;  // of this sitting
  std::size_t shown = 0;           // the one in view; lines.size(): the one that is typed
  std::string prompt, draft, bytes;  // bytes: read, and not handed out
  const Cancel* cancel = nullptr;
  int fault = 0;
};

LineEditor::LineEditor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineEditor::~LineEditor() = default;

std::unique_ptr<LineEditor> LineEditor::on_terminal() {
  const char* terminal = std::getenv("TERM");
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return nullptr;
  if (terminal == nullptr || std::string_view(terminal) == "dumb") return nullptr;
  const Utf8Locale utf8;
  auto impl = std::make_unique<Impl>();
  if (!impl->can_edit()) return nullptr;
  impl->keep_keys();
  return std::unique_ptr<LineEditor>(new LineEditor(std::move(impl)));
}

std::optional<std::string> LineEditor::read(const std::string& prompt, const Cancel* cancel) {
  const Utf8Locale utf8;
  Impl& editing = *impl_;
  editing.prompt = prompt;
  editing.cancel = cancel;
  editing.fault = 0;
  editing.shown = editing.lines.size();
  print(kMarkPastes);
  int count = 0;
  const char* typed = ::el_gets(editing.editor.get(), &count);
  std::optional<std::string> line;
  if (typed != nullptr && count > 0) line.emplace(typed);
  editing.keep_keys();
  if (!line) editing.leave_line();
  print(kMarkNoPastes);
  throw_if_cancelled(cancel);
  if (editing.fault != 0) {
    throw Error(ErrorCode::kIo, fmt::format("cannot read from the terminal: {}", std::strerror(editing.fault)));
  }
  if (!line) return std::nullopt;
  while (line->ends_with('\n') || line->ends_with('\r')) line->pop_back();
  if (!line->empty()) editing.lines.push_back(*line);
  return line;
}

}  // namespace paa::cli

#endif
