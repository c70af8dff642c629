#include "paa/dlllm/population.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "own_concepts.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/error.h"
#include "paa/dlllm/concept_rater.h"
#include "paa/dlllm/measured_concept.h"
#include "paa/dlllm/subject_concept.h"

namespace paa {
namespace {

// A concept that a person said to like most adds so many points a deviation until ratings tell more, the second number where a
// formula rates it, which makes fewer mistakes (docs/interview.md).
constexpr double kStatedPoints = 0.2, kMeasuredPoints = 0.3;

constexpr const char* kFormat = "paa-population";
constexpr double kLargest = 1e9;

double number(const JsonReader& reader, const char* key, double low) {
  const double value = reader.get<double>(key);
  if (!(value >= low && value <= kLargest))
    reader.fail(key, fmt::format("is {}; it must be from {} to {}", value, low, kLargest));
  return value;
}

double any_number(const JsonReader& reader, const char* key) { return number(reader, key, -kLargest); }

double positive(const JsonReader& reader, const char* key) {
  const double value = number(reader, key, 0);
  if (value == 0) reader.fail(key, "is 0; it must be more");
  return value;
}

std::vector<double> numbers(const JsonReader& reader, const char* key, bool above_zero) {
  auto values = reader.get<std::vector<double>>(key);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) <= kLargest) || (above_zero && values[i] <= 0)) {
      reader.fail(fmt::format("{}[{}]", key, i), fmt::format("is {}, which is out of range", values[i]));
    }
  }
  return values;
}

PopulationGroup group_from_json(const Json& json, const std::string& origin) {
  const JsonReader reader(json, origin);
  PopulationGroup group;
  group.name = reader.get<std::string>("name");
  group.scale = number(reader, "scale", 0);
  group.mean = numbers(reader, "mean", false);
  group.deviation = numbers(reader, "deviation", true);
  reader.refuse_unknown();
  if (group.mean.size() != group.deviation.size() || group.mean.empty()) {
    reader.fail("deviation", fmt::format("has {} numbers, but mean has {}; both need one for each column",
                                         group.deviation.size(), group.mean.size()));
  }
  return group;
}

Json group_to_json(const PopulationGroup& group) {
  return {{"name", group.name}, {"scale", group.scale}, {"mean", group.mean}, {"deviation", group.deviation}};
}

// Concepts and the group of their ratings stand or fall together.
void read_concepts(const JsonReader& reader, std::string_view origin, Population& population) {
  if (reader.has("rater")) population.rater = reader.get<std::string>("rater");
  const auto concepts = reader.has("concepts") ? reader.get<std::vector<Json>>("concepts") : std::vector<Json>();
  for (std::size_t i = 0; i < concepts.size(); ++i) {
    population.concepts.push_back(concept_from_json(concepts[i], fmt::format("{}: concepts[{}]", origin, i)));
  }
  std::size_t columns = 0;
  for (const auto& group : population.groups) columns += group.name == kConceptsGroup ? group.mean.size() : 0;
  if (columns != population.concepts.size() || population.rater.empty() != population.concepts.empty()) {
    reader.fail("concepts", fmt::format("has {} concepts rated by \"{}\", but their group has {} columns",
                                        population.concepts.size(), population.rater, columns));
  }
}

void check_format(const JsonReader& reader, std::string_view origin) {
  if (reader.get<std::string>("format") != kFormat) reader.fail("format", fmt::format("must be \"{}\"", kFormat));
  const int version = reader.get<int>("version");
  if (version == kPopulationVersion) return;
  throw Error(ErrorCode::kUnsupported,
              fmt::format("{}: is a population file of version {}; this program reads version {}", origin, version,
                          kPopulationVersion));
}

void read_scale(const JsonReader& reader, Population& population) {
  const auto scale = numbers(reader, "scale", false);
  if (scale.size() != 2 || !(scale[0] < scale[1])) reader.fail("scale", "must be [lowest, highest]");
  population.scale_low = scale[0];
  population.scale_high = scale[1];
}

}  // namespace

Population population_from_json(const Json& json, std::string_view origin) {
  const JsonReader reader(json, std::string(origin));
  check_format(reader, origin);
  Population population;
  population.features = reader.get<std::string>("features");
  population.trained = reader.get<std::string>("trained");
  read_scale(reader, population);
  population.score_mean = any_number(reader, "score_mean");
  population.score_deviation = positive(reader, "score_deviation");
  population.intercept = any_number(reader, "intercept");
  population.slope = any_number(reader, "slope");
  population.offset_scale = number(reader, "offset_scale", 0);
  population.tilt_scale = number(reader, "tilt_scale", 0);
  population.noise = positive(reader, "noise");
  population.keep_mean = any_number(reader, "keep_mean");
  population.keep_scale = number(reader, "keep_scale", 0);
  population.ask_threshold = number(reader, "ask_threshold", 0);
  const JsonReader calibration = reader.object("calibration");
  population.calibration = {positive(calibration, "noise_strength"), positive(calibration, "factor")};
  calibration.refuse_unknown();
  const JsonReader process = reader.object("gaussian_process");
  population.gaussian_process = {number(process, "scale", 0), positive(process, "length")};
  process.refuse_unknown();
  const auto groups = reader.get<std::vector<Json>>("groups");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    population.groups.push_back(group_from_json(groups[i], fmt::format("{}: groups[{}]", origin, i)));
  }
  read_concepts(reader, origin, population);
  reader.refuse_unknown();
  return population;
}

Json population_to_json(const Population& population) {
  Json groups = Json::array(), concepts = Json::array();
  for (const auto& group : population.groups) groups.push_back(group_to_json(group));
  for (const auto& subject : population.concepts) concepts.push_back(concept_to_json(subject));
  Json json = {{"format", kFormat},
          {"version", kPopulationVersion},
          {"features", population.features},
          {"trained", population.trained},
          {"scale", {population.scale_low, population.scale_high}},
          {"score_mean", population.score_mean},
          {"score_deviation", population.score_deviation},
          {"intercept", population.intercept},
          {"slope", population.slope},
          {"offset_scale", population.offset_scale},
          {"tilt_scale", population.tilt_scale},
          {"noise", population.noise},
          {"keep_mean", population.keep_mean},
          {"keep_scale", population.keep_scale},
          {"ask_threshold", population.ask_threshold},
          {"calibration",
           {{"noise_strength", population.calibration.noise_strength}, {"factor", population.calibration.factor}}},
          {"gaussian_process",
           {{"scale", population.gaussian_process.scale}, {"length", population.gaussian_process.length}}},
          {"groups", groups}};
  if (population.concepts.empty()) return json;
  json["rater"] = population.rater;
  json["concepts"] = concepts;
  return json;
}

Population read_population(const std::filesystem::path& path) {
  return population_from_json(read_json(path), path.string());
}

Population population_of_model(const std::filesystem::path& model_folder) {
  const ModelFolder folder = read_model_folder(model_folder);
  if (const ModelPart* part = folder.find("population")) return read_population(part->path);
  throw Error(ErrorCode::kNotFound,
              fmt::format("the model {} has no population, which learning from a person's ratings begins with; make one with "
                          "`paa train population` and name it, or take the default model",
                          folder.name));
}

Population with_own_concepts(Population population, const std::vector<Concept>& own) {
  const auto known = std::find_if(population.groups.begin(), population.groups.end(),
                                  [](const auto& group) { return group.name == kConceptsGroup; });
  if (own.empty() || known == population.groups.end()) return population;
  PopulationGroup group{kOwnConceptsGroup, known->scale, {}, {}, {}};
  for (const auto& one : own) {
    const bool measured = measure_of(one, population).has_value();
    const bool sparse = !measured && is_subject(one) && population.rater == kAnchorsRater;
    group.mean.push_back(sparse ? kSubjectMean : kOwnConceptMean);
    group.deviation.push_back(sparse ? kSubjectDeviation : kOwnConceptDeviation);
    group.expected.push_back((measured ? kMeasuredPoints : kStatedPoints) * one.stated / kMaxStated);
  }
  population.groups.push_back(std::move(group));
  return population;
}

Population with_groups(const Population& population, const std::vector<std::string>& names) {
  Population part = population;
  part.groups.clear();
  for (const auto& name : names) {
    const auto found = std::find_if(population.groups.begin(), population.groups.end(),
                                    [&](const auto& group) { return group.name == name; });
    if (found == population.groups.end()) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("the population has no group of features \"{}\"", name));
    }
    part.groups.push_back(*found);
  }
  if (std::find(names.begin(), names.end(), kConceptsGroup) == names.end()) {
    part.rater.clear();
    part.concepts.clear();
  }
  return part;
}

}  // namespace paa
