#pragma once
// A person file in words.

#include <string>

#include "paa/person/person.h"
#include "paa/person/preference.h"

namespace paa::cli {

/// Profile, scale, how much was said, preferences and concepts, and what holds now of each photo: one line each, the latest
/// last.
std::string person_text(const Person& person);

/// What was understood in interviews: a line a preference, with the words it was said in. Says so if there is none.
std::string preferences_text(const std::vector<Preference>& preferences);

/// After an interview: what was understood, and what photos are rated on from now on.
std::string interview_result_text(const Person& person);

/// The same for programs: profile, scale, counts and current verdicts, without what models saw.
Json person_summary(const Person& person);

/// What can be passed on: without what models saw in photos, and without places if `paths` is false. Nothing that was
/// said is missing.
Person exported(Person person, bool paths);

}  // namespace paa::cli
