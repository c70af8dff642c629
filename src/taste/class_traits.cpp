#include <fmt/format.h>

#include <set>
#include <string_view>

#include "paa/taste/vocabulary.h"

namespace paa {
namespace {

// Every so many-th class is kept to measure with.
constexpr std::size_t kHeldOutOneIn = 7;

std::vector<std::string> names_of(std::string_view line) {
  std::vector<std::string> names;
  while (!line.empty()) {
    const auto comma = std::min(line.find(", "), line.size());
    names.emplace_back(line.substr(0, comma));
    line.remove_prefix(std::min(comma + 2, line.size()));
  }
  return names;
}

bool ends_with_one_of(std::string_view word, std::initializer_list<std::string_view> endings) {
  for (const auto ending : endings) {
    if (word.ends_with(ending)) return true;
  }
  return false;
}

// English, as far as names of things go: "foxes", "butterflies", "dogs".
std::string plural(const std::string& name) {
  if (ends_with_one_of(name, {"s", "x", "ch", "sh", "z"})) return name + "es";
  if (name.ends_with("y") && !ends_with_one_of(name, {"ay", "ey", "oy", "uy"})) {
    return name.substr(0, name.size() - 1) + "ies";
  }
  return name + "s";
}

const char* article(const std::string& name) {
  return std::string_view("aeiouAEIOU").find(name.front()) != std::string_view::npos ? "an" : "a";
}

void add_phrases(std::vector<std::string>& phrases, const std::string& name) {
  const std::string many = plural(name);
  phrases.push_back(many);
  phrases.push_back("pictures of " + many);
  phrases.push_back("photos of " + many);
  phrases.push_back(fmt::format("photos of {} {}", article(name), name));
}

}  // namespace

TasteVocabulary with_classes(const TasteVocabulary& vocabulary, const std::vector<std::string>& class_names) {
  TasteVocabulary all = vocabulary;
  if (class_names.empty()) return all;
  std::set<std::size_t> held_out;
  for (const TasteTrait& trait : vocabulary.traits) {
    if (trait.kind != TraitKind::kClassGroup || !trait.held_out) continue;
    for (const std::size_t i : classes_of(trait, class_names)) held_out.insert(i);
  }
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    TasteTrait trait;
    trait.key = fmt::format("class {}: {}", i, class_names[i]);
    trait.kind = TraitKind::kClass;
    trait.family = trait.key;
    trait.held_out = held_out.contains(i) || i % kHeldOutOneIn == 0;
    trait.class_index = i;
    for (const std::string& name : names_of(class_names[i])) add_phrases(trait.phrases, name);
    all.traits.push_back(std::move(trait));
  }
  return all;
}

}  // namespace paa
