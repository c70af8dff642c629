#pragma once
// Made-up photos with categories, class probabilities and statistics, for the tests of tastes.

#include <cstddef>
#include <string>
#include <vector>

#include "paa/core/random.h"
#include "paa/taste/trait_table.h"

/// Holds what the views of PhotoFacts look at.
class Photos {
 public:
  static constexpr std::size_t kClasses = 6;

  /// `count` photos with random facts: one of eight themes, six class probabilities, all statistics.
  explicit Photos(std::size_t count, std::uint64_t seed = 1) : probabilities_(count) {
    paa::Random random(seed);
    const char* themes[][2] = {{"Animal", "Dog"},  {"Animal", "Bird"}, {"Person", "Sad face"},
                               {"Scene", "Snow"}, {"Scene", "City"},  {"Object", "Food"},
                               {"Person", "Soccer"}, {"Scene", "Woods"}};
    for (std::size_t i = 0; i < count; ++i) {
      const auto& [category, theme] = themes[random.below(8)];
      paa::PhotoFacts photo{category, theme, {}, {}};
      double sum = 0;
      for (std::size_t c = 0; c < kClasses; ++c) probabilities_[i].push_back(static_cast<float>(random.uniform()));
      for (const float p : probabilities_[i]) sum += p;
      for (float& p : probabilities_[i]) p = static_cast<float>(p / sum);
      photo.class_probabilities = probabilities_[i];
      for (double& value : photo.statistics.values) value = random.uniform();
      facts_.push_back(photo);
      all_.push_back(i);
    }
  }
  Photos(const Photos&) = delete;
  Photos& operator=(const Photos&) = delete;

  std::vector<paa::PhotoFacts>& facts() { return facts_; }
  const std::vector<std::size_t>& all() const { return all_; }

 private:
  std::vector<std::vector<float>> probabilities_;
  std::vector<paa::PhotoFacts> facts_;
  std::vector<std::size_t> all_;
};

/// Category and statistic traits of the standard vocabulary are present, class groups are not: no probabilities.
inline paa::TraitTable table_without_classes(std::size_t count, std::uint64_t seed = 1) {
  Photos photos(count, seed);
  for (auto& photo : photos.facts()) photo.class_probabilities = {};
  return paa::TraitTable::build(paa::TasteVocabulary::standard(), {}, photos.facts(), photos.all());
}
