#include "paa/dlllm/reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "paa/core/error.h"
#include "paa/dlllm/population.h"
#include "paa/image/statistic_words.h"

namespace paa {
namespace {

constexpr const char* kScoreText = "how the model sees it for people in general";
constexpr const char* kDeepText = "what it resembles among photos rated before";
constexpr const char* kRestText = "smaller things";

std::string statistic_text(std::span<const StatisticWords> known, const std::string& name, bool high) {
  for (const auto& words : known) {
    if (name == words.name) return high ? words.high : words.low;
  }
  return fmt::format("{} {}", high ? "much" : "little", name);
}

std::string concept_text(const std::vector<Concept>& concepts, const std::string& name, bool high) {
  for (const auto& known : concepts) {
    if (known.name != name) continue;
    const auto& words = high ? known.high_words : known.low_words;
    if (!words.empty()) return fmt::format("{} ({})", words.front(), name);
    return high ? known.high : known.low;
  }
  return fmt::format("{} {}", high ? "much" : "little", name);
}

// What the person named themselves, and what they said of it.
std::string own_concept_text(const std::vector<Concept>& concepts, const std::string& name, bool high) {
  const auto known = std::find_if(concepts.begin(), concepts.end(), [&](const auto& one) { return one.name == name; });
  const double stated = known == concepts.end() ? 0 : known->stated;
  return fmt::format("{}{}{}", high ? "" : "no ", name,
                     stated > 0 ? ", which you said you like" : stated < 0 ? ", which you said you do not like" : "");
}

void check(const Explanation& explanation, const FeatureLayout& layout) {
  for (const auto& part : explanation.parts) {
    // The layout has the score in front, the population has it apart.
    const bool score = part.group + 1 == layout.groups.size();
    const std::size_t group = score ? 0 : part.group + 1;
    if (group >= layout.groups.size() || part.column >= layout.groups[group].features.size()) {
      throw Error(ErrorCode::kInvalidArgument, "an explanation of other features than the layout's");
    }
  }
}

}  // namespace

Reasons reasons_of(const Explanation& explanation, const FeatureLayout& layout, const std::vector<Concept>& concepts,
                   const ReasonOptions& options) {
  check(explanation, layout);
  Reasons result{explanation.usual, explanation.mean, {}};
  Reason deep{kDeepText, 0}, rest{kRestText, 0};
  std::vector<Reason> told;
  for (const auto& part : explanation.parts) {
    if (part.group + 1 == layout.groups.size()) {
      result.reasons.push_back({kScoreText, part.points});
      continue;
    }
    const FeatureGroup& group = layout.groups[part.group + 1];
    const std::string& feature = group.features[part.column];
    if (group.name == "statistics") {
      told.push_back({statistic_text(kStatisticWords, feature, part.value > 0), part.points});
    } else if (group.name == "composition") {
      told.push_back({statistic_text(kCompositionWords, feature, part.value > 0), part.points});
    } else if (group.name == kOwnConceptsGroup) {
      told.push_back({own_concept_text(concepts, feature, part.value > 0), part.points});
    } else if (group.name == kConceptsGroup) {
      told.push_back({concept_text(concepts, feature, part.value > 0), part.points});
    } else {
      deep.points += part.points;
    }
  }
  const auto stronger = [](const Reason& a, const Reason& b) { return std::abs(a.points) > std::abs(b.points); };
  std::stable_sort(told.begin(), told.end(), stronger);
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (i < options.most && std::abs(told[i].points) >= options.least_points) {
      result.reasons.push_back(std::move(told[i]));
    } else {
      rest.points += told[i].points;
    }
  }
  std::stable_sort(result.reasons.begin(), result.reasons.end(), stronger);
  for (Reason& sum : {std::ref(deep), std::ref(rest)}) {
    if (sum.points != 0) result.reasons.push_back(std::move(sum));
  }
  return result;
}

std::string reasons_text(const Reasons& reasons, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most, reasons.reasons.size()); ++i) {
    text += fmt::format("{}{} {:+.2f}", i == 0 ? "" : ", ", reasons.reasons[i].text, reasons.reasons[i].points);
  }
  return text;
}

}  // namespace paa
