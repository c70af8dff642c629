#pragma once
// src/taste/vocabulary.json, as the build put it into the library.

#include <string_view>

namespace paa {

extern const std::string_view kStandardVocabulary;

}  // namespace paa
