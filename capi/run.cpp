#include "run.h"

using namespace paa::capi;

paa_status paa_cancel_new(paa_cancel** cancel) {
  return guard(__func__, [&] {
    required(cancel, "cancel") = nullptr;
    *cancel = new paa_cancel;
  });
}

// No guard in these two: they must be safe in a signal handler, and nothing in them throws.
paa_status paa_cancel_request(paa_cancel* cancel) {
  if (cancel == nullptr) return PAA_INVALID_ARGUMENT;
  cancel->value.request();
  return PAA_OK;
}

paa_status paa_cancel_reset(paa_cancel* cancel) {
  if (cancel == nullptr) return PAA_INVALID_ARGUMENT;
  cancel->value.reset();
  return PAA_OK;
}

void paa_cancel_free(paa_cancel* cancel) { delete cancel; }

paa_status paa_run_options_init(paa_run_options* options, size_t struct_size) {
  return guard(__func__, [&] { write_struct(options, struct_size, kRunDefaults, "options"); });
}
