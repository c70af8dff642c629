#pragma once
// Photo files in, one person's expected ratings out, with reasons: a model, other people's prior and a person file
// joined.

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "paa/dlllm/person_model.h"
#include "paa/dlllm/photo_features.h"
#include "paa/dlllm/population.h"
#include "paa/dlllm/reasons.h"
#include "paa/person/person.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// What the scorer may use beside model and population.
struct PersonalScorerOptions {
  /// Of concepts, of the kind that Population::rater names; must outlive the object; null: concepts are left out.
  HighLevelRater* rater = nullptr;
  std::filesystem::path cache;  ///< folder of what the model saw in photos; empty: nothing is remembered
};

/// A photo as the person would rate it.
struct PersonalScore {
  FeaturedPhoto photo;
  Prediction prediction;  ///< on the person's scale; not set if the photo failed
  Reasons reasons;
};

/// Predicts for one person. The model must outlive it. Not thread-safe; objects are independent.
class PersonalScorer {
 public:
  /// Knows the person's profile and concepts; verdicts come with learn(). Errors: kMismatch (a population of other
  /// features); those of PhotoFeatures.
  PersonalScorer(const Pmllm& model, const Population& population, const Person& person,
                 const PersonalScorerOptions& options = {});
  PersonalScorer(PersonalScorer&&) noexcept;
  PersonalScorer& operator=(PersonalScorer&&) noexcept;
  ~PersonalScorer();

  /// What it sees photos with; lives as long as this object.
  PhotoFeatures& features() noexcept;

  /// Looks at the photos of verdicts that were not looked at before, where the person file last saw them or, if they
  /// have moved, among `elsewhere`, and writes what the model sees into `person`, with the place. Whether `person`
  /// changed. Photos that are not found are left alone.
  bool look_at_verdicts(Person& person, std::span<const std::filesystem::path> elsewhere, const PhotoStream& stream);

  /// Learns from what `person` said of photos that have been looked at. Errors: those of PersonModel.
  const PersonModel& learn(const Person& person);
  /// What the last learn() made; before it, the model of a person who has said nothing.
  const PersonModel& model() const noexcept;

  /// One photo that has been looked at.
  PersonalScore score(FeaturedPhoto photo) const;
  /// Hands each photo to `sink`, as PhotoFeatures::compute does; failed ones too.
  void score(std::span<const std::filesystem::path> photos, const PhotoStream& stream,
             const std::function<void(PersonalScore)>& sink);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
