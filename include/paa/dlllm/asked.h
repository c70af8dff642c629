#pragma once
// What a person has been asked already, so that nobody asks again.

#include <span>
#include <string>

#include "paa/dlllm/elicitation.h"
#include "paa/person/person.h"

namespace paa {

/// A question as Person::asked has it: the photo's SHA-256; of which of two is better both, joined by "+", the smaller
/// one first, so their order does not matter. Thread-safe.
std::string question_key(const std::string& photo, const std::string& other = {});

/// Notes that the person was asked. Once is enough.
void note_asked(Person& person, const std::string& key);

/// Options that leave out what the person has given stars or preferred, and what `asked` names (as Person::asked).
/// `library`: the SHA-256 of each row. Thread-safe.
ElicitationOptions not_again(const Person& person, std::span<const std::string> asked,
                             std::span<const std::string> library);

}  // namespace paa
