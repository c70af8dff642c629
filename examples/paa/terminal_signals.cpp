#include "terminal_signals.h"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace paa::cli {
namespace {

volatile std::sig_atomic_t continued = 0, changed_size = 0;
termios as_it_was{};

void on_stop(int signal);

void handle(int signal, void (*handler)(int), struct sigaction* before = nullptr) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, before);
}

// Stops in here: only what a signal handler may call.
void on_stop(int signal) {
  const int error = errno;
  termios now{};
  const bool known = ::tcgetattr(STDIN_FILENO, &now) == 0;
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &as_it_was);
  handle(signal, SIG_DFL);
  sigset_t this_one, mask;
  sigemptyset(&this_one);
  sigaddset(&this_one, signal);
  ::raise(signal);
  ::pthread_sigmask(SIG_UNBLOCK, &this_one, &mask);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  handle(signal, on_stop);
  if (known) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
  continued = 1;
  errno = error;
}

void on_continue(int) { continued = 1; }
void on_resize(int) { changed_size = 1; }

// A signal between looking and clearing is not lost.
bool taken(volatile std::sig_atomic_t& flag) {
  if (flag == 0) return false;
  flag = 0;
  return true;
}

}  // namespace

TerminalSignals::TerminalSignals() {
  ::tcgetattr(STDIN_FILENO, &as_it_was);
  handle(SIGTSTP, on_stop, &stop_);
  if (stop_.sa_handler == SIG_IGN) ::sigaction(SIGTSTP, &stop_, nullptr);  // as shells without jobs want it
  handle(SIGCONT, on_continue, &go_on_);
  handle(SIGWINCH, on_resize, &resize_);
}

TerminalSignals::~TerminalSignals() {
  ::sigaction(SIGTSTP, &stop_, nullptr);
  ::sigaction(SIGCONT, &go_on_, nullptr);
  ::sigaction(SIGWINCH, &resize_, nullptr);
}

bool TerminalSignals::went_on() noexcept { return taken(continued); }
bool TerminalSignals::resized() noexcept { return taken(changed_size); }

}  // namespace paa::cli
