#include "eval_interview.h"

#include <optional>
#include <utility>

#include "console.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/error.h"
#include "paa/dlllm/anchor_rater.h"
#include "paa/dlllm/describe_photo.h"
#include "paa/dlllm/feature_cache.h"
#include "paa/dlllm/measured_concept.h"
#include "paa/dlllm/photo_features.h"
#include "paa/eval/photo_traits.h"
#include "paa/eval/pmllm_scorer.h"
#include "paa/image/decode.h"
#include "paa/interview/contrast_reader.h"
#include "personal_run.h"
#include "photo_rows.h"

namespace paa::cli {
namespace {

FeatureRows rows_of(const Pmllm& model, const RatingTable& table, const Population& population, int jobs, const Cancel* cancel) {
  AnchorRater rater(model, feature_cache_folder());
  PhotoFeaturesOptions wanted;
  wanted.cache = feature_cache_folder();
  wanted.rater = &rater;
  wanted.concepts = population.concepts;
  for (const auto& group : population.groups) {
    if (group.name != kConceptsGroup) wanted.groups.push_back(group.name);
  }
  PhotoFeatures features(model, wanted);
  return rows_of_table(features, table, jobs, cancel);
}

// What the rater reads: the photos in words, computed once.
std::vector<ConceptPhoto> photos_in_words(const Pmllm& model, const RatingTable& table, const Cancel* cancel) {
  const auto names = model.class_names();
  std::vector<ConceptPhoto> photos;
  for (const auto& photo : table.photos) {
    const Image image = read_image(photo.file);
    const auto tokens = model.encode(std::span(&image, 1), cancel);
    photos.push_back({photo.id, nullptr, likely_contents(names, model.class_probabilities(tokens.front()))});
    show_progress(photos.size(), table.photos.size(), "photos put into words");
  }
  return photos;
}

// As PersonalScorer has it: a formula rates what is about light, colour or composition, the language model the others.
std::vector<float> rate(const Pmllm& model, const std::vector<ConceptPhoto>& photos, const FeatureRows& rows,
                        const Population& population, const std::vector<Concept>& concepts, const Cancel* cancel) {
  std::vector<std::optional<MeasuredConcept>> measures;
  std::vector<Concept> asked;
  for (const auto& subject : concepts) {
    measures.push_back(measure_of(subject, population));
    if (!measures.back()) asked.push_back(subject);
  }
  const auto shown = [](std::size_t done, std::size_t total) { show_progress(done, total, "photos rated on concepts"); };
  const auto ratings = AnchorRater(model).rate(photos, asked, cancel, shown);
  auto next = ratings.begin();
  std::vector<float> digits;
  for (std::size_t photo = 0; photo < photos.size(); ++photo) {
    for (const auto& measure : measures) {
      digits.push_back(static_cast<float>(measure ? measure->digit(rows.row(photo)) : (next++)->digit));
    }
  }
  return digits;
}

}  // namespace

eval::InterviewReport evaluate_interviews(const std::string& name, const RatingTable& table,
                                          eval::InterviewStudyOptions options, int jobs, const Cancel* cancel) {
  const Pmllm model = Pmllm::load(find_model(name), {}, cancel);
  const Population population = population_of_model(find_model(name));
  const Guide& guide = Guide::standard("en");
  ContrastReader reader(model, guide);
  const auto progress = [](std::size_t done, std::size_t total) { show_progress(done, total, "photos and scores"); };
  const auto splits = {Split::kTrain, Split::kValidation, Split::kTest};
  const TraitTable traits = eval::photo_traits(model, table, splits, {jobs, cancel, progress});
  const auto photos = photos_in_words(model, table, cancel);
  const FeatureRows rows = rows_of(model, table, population, jobs, cancel);
  options.cancel = cancel;
  options.progress = [](std::size_t done, std::size_t total) { show_progress(done, total, "interviews"); };
  auto report = run_interview_study(
      table, traits,
      {reader, guide, population, rows,
       [&](const auto& concepts) { return rate(model, photos, rows, population, concepts, cancel); },
       eval::pmllm_scorer(model, table, {jobs, cancel, progress})},
      options);
  wipe_progress();
  return report;
}

}  // namespace paa::cli
