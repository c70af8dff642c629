#pragma once
// What a person said in interviews, in the words that P-MLLM reads of a person.

#include <cstddef>
#include <string>
#include <vector>

#include "paa/person/person.h"
#include "paa/person/preference.h"

namespace paa {

/// The preferences of a person file. Error: kBadFormat (naming the entry). Thread-safe.
std::vector<Preference> preferences_of(const Person& person);

/// As Profile::about has it: "Likes old boats. Dislikes crowds." The strongest first, each subject once, as many as fit into
/// `most_bytes`. Empty without preferences. Thread-safe.
std::string stated_tastes_text(std::vector<Preference> preferences, std::size_t most_bytes = 300);

/// The person's profile with their preferences added to `about`, as far as both fit: what a P-MLLM that is to know them is
/// told. PersonalScorer does not tell it: the default model gains nothing from it (docs/interview.md). Thread-safe.
Profile spoken_profile(const Person& person);

}  // namespace paa
