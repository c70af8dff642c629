#pragma once
// From what a person said to what photos are rated on.
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include <string>
#include <string_view>
#include <vector>

#include "paa/person/concept.h"
#include "paa/person/person.h"
#include "paa/person/preference.h"

namespace paa {

/// A person has so many concepts at most from interviews.
inline constexpr std::size_t kMostInterviewConcepts = 12;
/// With fewer of their own, what photos are rated on is filled up from the standard ones to so many.
inline constexpr std::size_t kLeastConcepts = 8;

/// One concept for each subject, near-duplicates (same_subject) merged, the strongest and surest first, at most
/// kMostInterviewConcepts. Its `stated` is the signed strength of what was said, 0 where it was said both ways. Thread-safe.
std::vector<Concept> concepts_from(const std::vector<Preference>& preferences);

/// Gives the person the concepts that their preferences lead to. A concept the person has already, by its name, stays as
/// they worded or switched it, but for `stated`; one that no preference supports any more goes, unless it was reworded.
void add_concepts(Person& person);

/// The person's own concepts that are switched on, and standard ones up to kLeastConcepts. Thread-safe.
std::vector<Concept> concepts_that_matter(const Person& person);

/// The person's own concept of that name, whatever its case. Error: kNotFound, naming those there are.
Concept& find_concept(Person& person, const std::string& name);

/// Lets photos be rated on `words` instead ("wooden boats"): question, ends and anchor words follow; the name, by which
/// later interviews know the concept, and what was said of it stay. Errors: kInvalidArgument (as check_concept's, with
/// `origin`), and then the concept is unchanged. Thread-safe.
void reword(Concept& subject, const std::string& words, std::string_view origin);

/// The indices of the preferences that a concept came from. Thread-safe.
std::vector<std::size_t> evidence_of(const Concept& subject, const std::vector<Preference>& preferences);

}  // namespace paa
