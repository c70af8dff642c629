#pragma once
// The evaluation that the project's figures come from: one table of ways to predict, over the same people and ratings.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "paa/core/json.h"
#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/eval/evaluation.h"
#include "paa/person/profile.h"
#include "paa/pmllm/pmllm.h"

namespace paa::eval {

/// A photo of the table as the owner of one of some profiles would rate it.
struct ProfilePhoto {
  std::uint32_t profile = 0;  ///< index into the profiles
  std::uint32_t photo = 0;    ///< index into RatingTable::photos
};

/// Predicts one score for each pair, in their order. See pmllm_scorer.h for the one that asks a model.
using ProfileScorer =
    std::function<std::vector<Score>(std::span<const Profile> profiles, std::span<const ProfilePhoto> pairs)>;

/// What can be said of a person from some of that person's ratings, as a profile: a way to use a support.
using SupportReader =
    std::function<Profile(const RatingTable& table, std::uint32_t person, std::span<const Rating> support)>;

/// What is known of a test person: the profile; also k ratings; nothing.
enum class Protocol { kZeroShot, kKShot, kGeneric };
/// "zero-shot", "k-shot", "generic"; never null.
const char* to_string(Protocol protocol) noexcept;

/// What an evaluation draws and repeats. A plain value but for the reader.
struct ReportOptions {
  std::uint64_t seed = 0;  ///< of supports, shuffles and bootstraps
  int shuffles = 5;        ///< permutations of the profiles over people, at least 1; their figures are averaged
  int resamples = 4000;    ///< of the bootstraps

  // k-shot only
  std::vector<int> k = {10, 25, 50, 100};  ///< sizes of the support, rising, each at least 1
  int draws = 10;
  SupportReader support_reader;          ///< none: no rows that read a support
  std::string support_name = "support";  ///< what the reader's rows are called
  int support_draws = 2;                 ///< draws the reader's rows are averaged over, at most `draws`: they cost much
};

/// Names of rows.
inline constexpr const char* kGenericRow = "generic (no profile)";
inline constexpr const char* kProfileRow = "profile";
inline constexpr const char* kShuffledRow = "shuffled profile";
inline constexpr const char* kCoarseRow = "coarse (age, gender)";
inline constexpr const char* kPeopleMeanRow = "people's mean (oracle)";
inline constexpr const char* kTrainMeanRow = "train mean (constant)";
inline constexpr const char* kPersonMeanRow = "generic + person's mean";

/// A finished evaluation. A plain value.
struct EvaluationReport {
  std::string set;
  RatingScale scale;
  Protocol protocol = Protocol::kZeroShot;
  ReportOptions options;
  std::vector<std::string> people;         ///< ids, in the order of RowResult::people
  std::vector<std::size_t> person_ratings; ///< query ratings of each
  std::size_t ratings = 0, photos = 0;     ///< of the query
  std::size_t unranked = 0;   ///< of these people: fewer than kFewestRanked query ratings, or all alike
  std::size_t left_out = 0;   ///< test people with too few ratings for the largest k; not among `people`
  std::vector<RowResult> rows;
  std::vector<Difference> differences;
  std::optional<RowResult> retest;  ///< the noise ceiling, of other people; nothing without a retest
  std::optional<double> icc;        ///< ICC(1) of all ratings; left to the caller
  std::string planted;              ///< the taste planted into the ratings, empty if they are the set's; left to the caller

  /// The row of that name and k, or null.
  const RowResult* find(const std::string& name, int k = 0) const;
};

/// Evaluates `scorer` on the table's test people and test photos.
///
///   zero-shot  generic, profile, shuffled profile (nobody keeps their own), coarse, people's mean, train mean
///   k-shot     generic, profile, people's mean; for each k generic + person's mean (offset of the residuals, shrunk;
///              it moves no order within a person) and, with a support_reader, the profile it reads off the support,
///              and the same shuffled between people
///   generic    generic, people's mean, train mean
///
/// Rows that training people would be needed for are absent where there are none, the shuffled ones where there is one
/// person. Differences: profile less generic and less shuffled, coarse less generic; for each k person's mean less
/// generic, the support's profile less generic and less shuffled. `scorer` is called once with all pairs, repeats and
/// all. Errors: those of test_queries, plan_k_shot and `scorer`; kInvalidArgument (an option out of range).
EvaluationReport evaluate_protocol(const RatingTable& table, Protocol protocol, const ProfileScorer& scorer,
                                   const ReportOptions& options = {});

/// All of it; what is undefined is null. Per-person figures stand under "people".
Json report_to_json(const EvaluationReport& report);

}  // namespace paa::eval
