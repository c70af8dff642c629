#include "interrupt.h"

#include <csignal>

namespace paa::cli {
namespace {

Cancel cancel;
volatile std::sig_atomic_t received = SIGINT;

void on_signal(int signal) {
  received = signal;
  cancel.request();
}

}  // namespace

const Cancel* cancel_on_signal() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
  return &cancel;
}

int interrupted_status() { return 128 + received; }

}  // namespace paa::cli
