#include "arguments.h"
#include "guard.h"
#include "handles.h"
#include "view.h"

using namespace paa::capi;

paa_status paa_text_get(const char** data, size_t* size, const paa_text* text) {
  return guard(__func__, [&] {
    view_text(data, size, "data", [&]() -> auto& { return required(text, "text").value; });
  });
}

void paa_text_free(paa_text* text) { delete text; }
