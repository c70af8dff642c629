#pragma once
// What interviews find out, and what it is worth for predictions: measured on simulated people with known tastes.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "paa/core/json.h"
#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/dlllm/features.h"
#include "paa/dlllm/population.h"
#include "paa/eval/bootstrap.h"
#include "paa/eval/report.h"
#include "paa/eval/simulated_person.h"
#include "paa/interview/answer_reader.h"
#include "paa/interview/aim.h"
#include "paa/taste/trait_table.h"

namespace paa::eval {

/// Who is interviewed, and what is measured afterwards.
struct InterviewStudyOptions {
  std::size_t people = 24;         ///< at most as many as test people with enough ratings
  std::vector<int> k = {0, 10, 25};  ///< ratings known beside the interview, rising
  int draws = 5;
  std::uint64_t seed = 0;
  InterviewPlan plan;
  TasteShift shift;  ///< how a planted taste moves the real ratings
  const Cancel* cancel = nullptr;
  Progress progress;  ///< answers read
};

/// What the study needs of models. Raters see photos and concepts, never ratings or tastes.
struct InterviewStudyModels {
  AnswerReader& reader;
  const Guide& guide;
  Population population;
  FeatureRows rows;  ///< one for each photo of the table, of the population's columns
  /// Digits, (photos, concepts), row-major.
  std::function<std::vector<float>(const std::vector<Concept>& concepts)> rate;
  ProfileScorer scorer;  ///< P-MLLM
};

/// Mean SROCC over people at each k.
struct InterviewRow {
  std::string name;
  std::vector<Interval> srocc;           ///< by k
  std::vector<Interval> gain;            ///< over the fallback, paired, by k
  std::vector<std::vector<double>> people;  ///< by k, then by person
};

/// One simulated person's interview.
struct HeldInterview {
  std::uint32_t person = 0;  ///< of the table, whose ratings were shifted
  SimulatedPerson speaker;
  InterviewState state;
  FoundTastes found;
};

/// A finished study of simulated interviews. A plain value.
struct InterviewReport {
  std::string set;
  InterviewStudyOptions options;
  std::vector<HeldInterview> interviews;
  Interval recall, precision;  ///< over people
  std::vector<InterviewRow> rows;
};

/// Three or four tastes of different families over the photos' own traits are planted into each of the first test people:
/// their real ratings are shifted by them (taste_shift) and rounded to the scale. Each is interviewed by the guide's own
/// questions. Then their ratings of test photos are predicted from the ratings known: with the fallback concepts alone;
/// with the concepts of the interview beside them, without and with their direction; with the preferences told to P-MLLM;
/// with all of it; and with all of it from perfect preferences, which is what a reader that misses nothing gives. Errors:
/// kInvalidArgument (rows or traits of other photos, nobody with enough ratings), those of the models, kCancelled.
InterviewReport run_interview_study(const RatingTable& table, const TraitTable& traits, InterviewStudyModels models,
                                    const InterviewStudyOptions& options = {});

/// All of it, with every transcript.
Json interview_study_to_json(const InterviewReport& report);
/// The figures as a table for a terminal, without transcripts.
std::string interview_study_text(const InterviewReport& report);

/// Holds one interview in memory, without a summary. Errors: those of the reader.
InterviewState hold_interview(SimulatedPerson& speaker, const Guide& guide, AnswerReader& reader, const InterviewPlan& plan,
                              std::uint64_t id, const Cancel* cancel = nullptr);

}  // namespace paa::eval
