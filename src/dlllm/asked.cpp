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
  // A photo may be there twice.
  std::unordered_multimap<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < library.size(); ++i) places.emplace(library[i], i);
  const auto all = [&](std::string_view hash) {
    std::vector<std::size_t> found;
    for (auto [at, end] = places.equal_range(hash); at != end; ++at) found.push_back(at->second);
    return found;
  };
  ElicitationOptions options;
  options.asked.assign(library.size(), false);
  const auto note = [&](std::string_view a, std::string_view b) {
    for (const std::size_t photo : all(a)) {
      if (b.empty()) options.asked[photo] = true;
      for (const std::size_t other : all(b)) options.asked_pairs.push_back({true, photo, other, 0});
    }
  };
  // Which of two copies is better is no question.
  for (std::size_t i = 0; i < library.size(); ++i) {
    for (const std::size_t copy : all(library[i])) {
      if (copy > i) options.asked_pairs.push_back({true, i, copy, 0});
    }
  }
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
