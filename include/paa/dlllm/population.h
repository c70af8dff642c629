#pragma once
// What a per-person model needs from other people: the prior that one person's ratings are weighed against.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/json.h"
#include "paa/dlllm/features.h"
#include "paa/person/concept.h"

namespace paa {

/// A group of features in the prior. A person's weights of its columns are independent, each normal; the columns are
/// standardised by `mean` and `deviation`.
struct PopulationGroup {
  std::string name;  ///< of FeatureGroup
  double scale = 0;  ///< standard deviation, in points, of what the whole group adds to a typical photo
  std::vector<double> mean, deviation;  ///< one a column, over the training photos; deviations above 0
  /// Means of the weights, points for a deviation: what is expected of this person before their first rating, such as from
  /// what they said in an interview. One a column, or empty: all 0, as for everybody whom nothing is known of. Not in files.
  std::vector<double> expected = {};

  bool operator==(const PopulationGroup&) const = default;
};

/// How sure predictions are, fitted to people and photos that the other numbers were not fitted to.
struct SpreadCalibration {
  /// Ratings of a person after which their own noise weighs as much as everybody's: nu of the Student-t process
  /// (Shah, Wilson & Ghahramani 2014).
  double noise_strength = 10;
  double factor = 1;  ///< that every spread is multiplied by

  bool operator==(const SpreadCalibration&) const = default;
};

/// The non-linear part that GaussianProcess adds to the linear one.
struct GaussianProcessPrior {
  double scale = 0;   ///< standard deviation, points; 0 where other people's ratings are likelier without it
  double length = 1;  ///< length scale, in root mean squared deviations of all columns but the score

  bool operator==(const GaussianProcessPrior&) const = default;
};

/// The prior of a person's rating f of a photo with standardised features x and generic score s (standardised):
///
///     f = intercept + slope s  +  offset + tilt s  +  sum over groups g of w_g . x_g,     a rating is f + noise
///
/// with offset ~ N(0, offset_scale^2), tilt ~ N(0, tilt_scale^2), w_g ~ N(expected_g, scale_g^2 / columns_g). A plain value.
struct Population {
  std::string features;                        ///< id of the low-level features it was fitted to (LowLevelFeatures::id)
  std::string trained;                         ///< on what, in words: set, people, photos, ratings
  double scale_low = 1, scale_high = 7;        ///< of ratings
  double score_mean = 0, score_deviation = 1;  ///< of the generic score
  double intercept = 4, slope = 0;             ///< points; points a deviation of the score
  double offset_scale = 1, tilt_scale = 0, noise = 1;  ///< points
  /// Kept is what lies above usual by `keep_mean`, points, give or take `keep_scale` between people.
  double keep_mean = 0, keep_scale = 1;
  std::vector<PopulationGroup> groups;
  std::string rater;              ///< how concepts were rated: "anchors", "digits", "chat"; empty: there are none
  std::vector<Concept> concepts;  ///< the columns of the group "concepts"
  SpreadCalibration calibration;
  GaussianProcessPrior gaussian_process;
  double ask_threshold =
      0;  ///< points: asking stops when the next answer is expected to take less than this off the spread

  bool operator==(const Population&) const = default;
};

/// The version of the format that this library writes and reads.
inline constexpr int kPopulationVersion = 1;

/// {"format": "paa-population", "version": 1, ...}, fields named as above; rater and concepts may be missing. Errors: kBadFormat (an unknown field, a
/// wrong type, a number that is not finite or out of range, groups whose lists differ in length; the field is named),
/// kUnsupported (a newer version).
Population population_from_json(const Json& json, std::string_view origin);
/// population_from_json(population_to_json(p)) equals p.
Json population_to_json(const Population& population);
/// Errors: also those of read_json.
Population read_population(const std::filesystem::path& path);
/// The one that came with a model: its folder's part "population". Errors: also kNotFound (the model has none; says what to
/// do) and those of read_model_folder.
Population population_of_model(const std::filesystem::path& model_folder);

/// The name of the group of features that Population::concepts are the columns of.
inline constexpr const char* kConceptsGroup = "concepts";

/// The name of the group of a person's own concepts, the last one.
inline constexpr const char* kOwnConceptsGroup = "own concepts";

/// The population with a group more for these concepts, whose columns stand at the end of rows. Other people were not asked
/// about them: they count as much as the standard ones do, and of what the person said to like, more is expected to be
/// liked (Concept::stated). Without concepts, or where the population has none, it comes back as it is. Thread-safe.
Population with_own_concepts(Population population, const std::vector<Concept>& own);

/// Only the named groups: what is left out adds nothing. Error: kInvalidArgument (a name that is none of its groups).
Population with_groups(const Population& population, const std::vector<std::string>& names);

}  // namespace paa
