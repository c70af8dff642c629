#include "paa/person/spoken_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace paa {

std::vector<Preference> preferences_of(const Person& person) {
  std::vector<Preference> preferences;
  for (const Json& json : person.preferences) {
    preferences.push_back(preference_from_json(json, fmt::format("preferences[{}]", preferences.size())));
  }
  return preferences;
}

std::string stated_tastes_text(std::vector<Preference> preferences, std::size_t most_bytes) {
  std::stable_sort(preferences.begin(), preferences.end(), [](const auto& a, const auto& b) {
    return a.strength * a.confidence > b.strength * b.confidence;
  });
  std::string text;
  std::vector<std::string> said;
  for (const auto& preference : preferences) {
    const bool known = std::any_of(said.begin(), said.end(),
                                   [&](const auto& subject) { return same_subject(subject, preference.subject); });
    // The wordings that P-MLLM's taste fusion was trained on.
    const std::string sentence =
        fmt::format("{} {}.", preference.polarity == Polarity::kLike ? "Likes" : "Dislikes", preference.subject);
    if (known || text.size() + sentence.size() + 1 > most_bytes) continue;
    text += (text.empty() ? "" : " ") + sentence;
    said.push_back(preference.subject);
  }
  return text;
}

Profile spoken_profile(const Person& person) {
  Profile profile = person.profile;
  const std::string text = stated_tastes_text(preferences_of(person));
  if (text.empty()) return profile;
  const std::string own = profile.about.value_or("");
  if (own.size() + text.size() + 1 <= kMaxProfileAboutBytes) profile.about = own.empty() ? text : own + " " + text;
  return profile;
}

}  // namespace paa
