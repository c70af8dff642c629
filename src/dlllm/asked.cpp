#include "paa/dlllm/asked.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "paa/person/evidence.h"

namespace paa {

std::string question_key(const std::string& photo, const std::string& other) {
  return other.empty() ? photo : std::min(photo, other) + "+" + std::max(photo, other);
}

void note_asked(Person& person, const std::string& key) {
  if (std::find(person.asked.begin(), person.asked.end(), key) == person.asked.end()) person.asked.push_back(key);
}

ElicitationOptions not_again(const Person& person, std::span<const std::string> asked,
                             std::span<const std::string> library) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < library.size(); ++i) places.emplace(library[i], i);
  ElicitationOptions options;
  options.asked.assign(library.size(), false);
  const auto note = [&](std::string_view a, std::string_view b) {
    const auto photo = places.find(a), other = b.empty() ? photo : places.find(b);
    if (photo == places.end() || other == places.end()) return;
    if (b.empty())
      options.asked[photo->second] = true;
    else
      options.asked_pairs.push_back({true, photo->second, other->second, 0});
  };
  for (const auto& verdict : current_verdicts(person.verdicts)) {
    if (verdict.kind == VerdictKind::kStars || verdict.kind == VerdictKind::kPreference)
      note(verdict.photo, verdict.other);
  }
  for (const std::string_view question : asked) {
    const auto plus = question.find('+');
    note(question.substr(0, plus), plus == std::string_view::npos ? "" : question.substr(plus + 1));
  }
  return options;
}

}  // namespace paa
