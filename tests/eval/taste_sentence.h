#pragma once
// Reads what taste_text said about a trait, phrase by phrase: a model that understands it all, for tests.

#include <cctype>
#include <string>

#include "paa/taste/taste.h"

/// The wording with the phrase in place.
inline std::string said(const paa::TasteWording& wording, std::string phrase) {
  std::string text = wording.text;
  auto at = text.find("{x}");
  if (at == std::string::npos) {
    at = text.find("{X}");
    phrase.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(phrase.front())));
  }
  return text.replace(at, 3, phrase);
}

/// The weight (-1, -.5, .5, 1) with which `text` speaks of the trait in a wording of `use`; 0 if it does not, or says it
/// of several things in one sentence. The longest match counts: "dislikes dogs" also holds "likes dogs".
inline double spoken_weight(const std::string& text, const paa::TasteTrait& trait, const paa::TasteVocabulary& vocabulary,
                            paa::WordingUse use) {
  double weight = 0;
  std::size_t longest = 0;
  const auto look = [&](const std::string& phrase, double sign) {
    for (const auto& wording : vocabulary.wordings) {
      if (use != paa::WordingUse::kAny && wording.held_out != (use == paa::WordingUse::kHeldOut)) continue;
      const std::string sentence = said(wording, phrase);
      if (sentence.size() <= longest || text.find(sentence) == std::string::npos) continue;
      longest = sentence.size();
      weight = sign * (wording.like ? 1 : -1) * (wording.strong ? 1 : 0.5);
    }
  };
  for (const auto& phrase : trait.phrases) look(phrase, 1);
  for (const auto& phrase : trait.opposite_phrases) look(phrase, -1);
  return weight;
}
