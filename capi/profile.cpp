#include "paa/person/profile.h"

#include "guard.h"
#include "handles.h"
#include "arguments.h"
#include "view.h"

using namespace paa::capi;

paa_status paa_profile_from_json(paa_profile** profile, const char* json, size_t json_size) {
  return guard(__func__, [&] {
    make_handle(profile, "profile", [&] {
      constexpr auto kOrigin = "profile";
      return paa::profile_from_json(paa::parse_json(text(json, json_size, "json"), kOrigin), kOrigin);
    });
  });
}

paa_status paa_profile_read(paa_profile** profile, const char* file, size_t file_size) {
  return guard(__func__, [&] {
    make_handle(profile, "profile", [&] { return paa::read_profile(path(file, file_size, "path")); });
  });
}

void paa_profile_free(paa_profile* profile) { delete profile; }

paa_status paa_prepared_text(const char** words, size_t* size, const paa_prepared* prepared) {
  return guard(__func__, [&] {
    view_text(words, size, "text", [&]() -> auto& { return required(prepared, "prepared").value.text(); });
  });
}

void paa_prepared_free(paa_prepared* prepared) { delete prepared; }
