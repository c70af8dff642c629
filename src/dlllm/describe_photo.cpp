#include "paa/dlllm/describe_photo.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <string_view>

#include "paa/core/error.h"
#include "paa/image/statistic_words.h"

namespace paa {
namespace {

constexpr std::size_t kContents = 64, kWeighed = 8;
constexpr std::size_t kMostNames = 3;
// Classes below it are guesses that mislead more than they tell.
constexpr float kLikelyEnough = 0.1F;
constexpr std::size_t kMostLooks = 2;
// Deviations from a typical photo from which on a statistic is worth a word.
constexpr double kFar = 0.8;

struct Typical {
  double mean, deviation;
};

// Over the training photos of OASIS (Kurdi, Lozano & Banaji 2017), in the order of ImageStatistic.
constexpr std::array<Typical, kImageStatisticCount> kTypical = {
    {{0.479, 0.155}, {0.216, 0.0603}, {0.336, 0.206}, {42.7, 27.4}, {-0.309, 0.346}, {0.333, 0.192}}};

void check(const std::vector<std::string>& class_names, const std::vector<float>& probabilities) {
  if (!class_names.empty() && class_names.size() == probabilities.size()) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("a photo is described by {} class names and {} probabilities; both need one for each class",
                          class_names.size(), probabilities.size()));
}

std::vector<std::size_t> likeliest(const std::vector<float>& probabilities, std::size_t count) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t most = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b] : a < b;
                    });
  order.resize(most);
  return order;
}

// "tabby, tabby cat" gives "a tabby".
std::string with_article(std::string_view names) {
  const std::string_view name = names.substr(0, names.find(','));
  const bool vowel = !name.empty() && std::string_view("aeiouAEIOU").find(name.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", name);
}

// "a", "a and b", "a, b and c"
std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  return text;
}

double distance(const ImageStatistics& statistics, std::size_t i) {
  return (statistics.values[i] - kTypical[i].mean) / kTypical[i].deviation;
}

std::string word(std::size_t i, double distance) {
  return distance > 0 ? kStatisticWords[i].high : kStatisticWords[i].low;
}

// " It is bright, with cool colours and much fine detail."
std::string looks(const ImageStatistics& statistics) {
  constexpr auto kBrightness = static_cast<std::size_t>(ImageStatistic::kBrightness);
  std::vector<std::size_t> far;
  for (std::size_t i = 0; i < kImageStatisticCount; ++i) {
    if (i != kBrightness && std::abs(distance(statistics, i)) >= kFar) far.push_back(i);
  }
  std::stable_sort(far.begin(), far.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(distance(statistics, a)) > std::abs(distance(statistics, b));
  });
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(kMostLooks, far.size()); ++i) {
    words.push_back(word(far[i], distance(statistics, far[i])));
  }
  const double light = distance(statistics, kBrightness);
  if (std::abs(light) < kFar) return words.empty() ? "" : fmt::format(" It has {}.", listed(words));
  return fmt::format(" It is {}{}{}.", word(kBrightness, light), words.empty() ? "" : ", with ", listed(words));
}

}  // namespace

std::vector<LikelyContent> likely_contents(const std::vector<std::string>& class_names,
                                           const std::vector<float>& probabilities) {
  check(class_names, probabilities);
  std::vector<LikelyContent> contents;
  for (const std::size_t i : likeliest(probabilities, kContents)) {
    contents.push_back({with_article(class_names[i]) + ".", 0, static_cast<double>(probabilities[i])});
  }
  const auto weighed = std::span(contents).first(std::min(kWeighed, contents.size()));
  double sum = 0;
  for (const auto& content : weighed) sum += std::sqrt(content.probability);
  for (auto& content : weighed) {
    content.weight = sum > 0 ? std::sqrt(content.probability) / sum : 1.0 / static_cast<double>(weighed.size());
  }
  return contents;
}

std::string describe_photo(const std::vector<std::string>& class_names, const std::vector<float>& probabilities,
                           const ImageStatistics& statistics) {
  check(class_names, probabilities);
  std::vector<std::string> names;
  for (const std::size_t i : likeliest(probabilities, kMostNames)) {
    if (names.empty() || probabilities[i] >= kLikelyEnough) names.push_back(with_article(class_names[i]));
  }
  return listed(names) + "." + looks(statistics);
}

}  // namespace paa
