#pragma once
// How much photos have of each trait, in numbers that can be compared across traits.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "paa/image/statistics.h"
#include "paa/taste/vocabulary.h"

namespace paa {

/// What is known of one photo. Views: the table copies what it needs.
struct PhotoFacts {
  std::string_view category, theme;            ///< the data set's own classes; empty where it has none
  std::span<const float> class_probabilities;  ///< one a class name, or empty: unknown
  ImageStatistics statistics;
};

/// Values of a table lie within -kMaxTraitValue .. kMaxTraitValue.
inline constexpr float kMaxTraitValue = 3;

/// For each photo and trait of a vocabulary one value: the raw value (category: 0 or 1; class group: the square root of
/// the summed probability, which tells "a little" from "none" and stays within 0..1; class: its log probability less the
/// mean one; statistic: sign times its value), standardised by mean and deviation over the reference photos, then cut to
/// kMaxTraitValue. A trait that says nothing, as its raw value is the same on all reference photos, is absent and 0
/// everywhere; so is a class or class group of a photo whose probabilities are unknown. A plain value; const access is thread-safe.
class TraitTable {
 public:
  /// `class_names`: of the vision encoder, as Pmllm::class_names gives them; empty if no photo has probabilities.
  /// `reference`: indices of photos (training photos, so that nothing of the others leaks in).
  /// Errors: kInvalidArgument (no reference photo, one that does not exist, or probabilities of another number than
  /// class names, the photo named); kMismatch (as classes_of).
  static TraitTable build(const TasteVocabulary& vocabulary, const std::vector<std::string>& class_names,
                          std::span<const PhotoFacts> photos, std::span<const std::size_t> reference);

  /// How many photos it was built from.
  std::size_t photo_count() const noexcept { return traits_ == 0 ? 0 : values_.size() / traits_; }
  /// How many traits the vocabulary has, absent ones too.
  std::size_t trait_count() const noexcept { return traits_; }

  /// One photo's values, in the order of the vocabulary's traits. `photo` < photo_count().
  std::span<const float> row(std::size_t photo) const { return std::span(values_).subspan(photo * traits_, traits_); }

  /// False if the trait is absent. `trait` < trait_count().
  bool present(std::size_t trait) const { return present_[trait]; }

  /// The absent traits' keys and why, for a log: "trains: no reference photo has a category or theme of its names".
  const std::vector<std::string>& absences() const noexcept { return absences_; }

 private:
  std::size_t traits_ = 0;
  std::vector<float> values_;
  std::vector<bool> present_;
  std::vector<std::string> absences_;
};

}  // namespace paa
