#pragma once
// What `paa predict`, `ask`, `rate` and `rank --person` share: the model, other people's prior and the person file.

#include <CLI/App.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "paa/dlllm/personal_scorer.h"
#include "rater_options.h"
#include "score_stream.h"
#include "scoring_options.h"

namespace paa::cli {

/// Filled by the parse; must outlive it.
struct PersonalOptions {
  std::filesystem::path person;      ///< the person file
  std::filesystem::path population;  ///< empty: the model folder's
  RaterOptions rater;                ///< the population says which; this, where its server is
};

/// Adds --population to the subcommand; --person too, which is required if `required`.
void add_personal_options(CLI::App& app, PersonalOptions& options, bool required = true);

/// A scorer and the rater that it asks.
struct OwnScorer {
  std::unique_ptr<ChosenRater> rater;
  std::unique_ptr<PersonalScorer> scorer;
};

/// A loaded model that has learned from a person file.
class PersonalRun {
 public:
  /// Reads the person file (a new person where `may_be_new` and there is none), looks at rated photos that were not
  /// looked at before, also among `photos` if they have moved, notes in the file what was seen, and learns. Says on
  /// stderr which rated photos were not found. Errors: those of read_person, Pmllm::load, read_population and
  /// PersonalScorer.
  PersonalRun(const PersonalOptions& options, const ScoringOptions& scoring, std::span<const PhotoPath> photos,
              const Cancel* cancel, bool may_be_new = false);

  const Pmllm& model() const noexcept { return model_; }
  const Person& person() const noexcept { return person_; }
  PersonalScorer& scorer() noexcept { return *own_.scorer; }
  const PersonalScorer& scorer() const noexcept { return *own_.scorer; }
  /// The model's, with the person's scale.
  ModelInfo info() const;
  /// The name of the person file without ".json".
  std::string name() const;
  /// Takes in what has been written to the person file since.
  void reread(std::span<const PhotoPath> photos);
  /// One more scorer, for the person whom the file describes now, who may have other concepts; what it sees in rated
  /// photos, also among `photos`, is remembered. Thread-safe. Errors: those of read_person and PersonalScorer.
  OwnScorer scorer_anew(std::span<const PhotoPath> photos, const Cancel* cancel) const;
  /// Takes a scorer of scorer_anew() in place of its own, and in what has been written to the file since. After an error
  /// it has its own as before.
  void adopt(OwnScorer own, std::span<const PhotoPath> photos);

 private:
  OwnScorer scorer_for(const Person& person) const;
  void look_and_learn(std::span<const PhotoPath> photos);

  PersonalOptions options_;
  int jobs_;
  const Cancel* cancel_;
  Person person_;
  Pmllm model_;
  Population population_;
  OwnScorer own_;
};

/// As score_photos, for the person: each photo with its prediction and reasons.
void predict_photos(PersonalRun& run, std::span<const PhotoPath> photos, const ScoreStreamOptions& options,
                    const Cancel* cancel, const std::function<void(ScoredPhoto)>& sink);

}  // namespace paa::cli
