#pragma once
// What stands behind paa_person.

#include <filesystem>
#include <functional>
#include <vector>

#include "paa.h"
#include "paa/person/person.h"
#include "paa/person/preference.h"

struct paa_person {
  std::filesystem::path path;  // empty: in memory only
  paa::Person value;
  // What callers look at one by one.
  std::vector<paa::Verdict> verdicts;
  std::vector<paa::Preference> preferences;
};

namespace paa::capi {

/// Puts `value` in place of what the handle held. If it throws, the handle is as before.
void take_in(paa_person& person, Person value);

/// Lets `edit` work on the person, in the file too, if there is one. If it throws, all is as before. Errors: those of
/// update_person, what `edit` throws.
void change(paa_person& person, const std::function<void(Person&)>& edit);

}  // namespace paa::capi
