#include "paa/eval/llm_predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace paa::eval {
namespace {

constexpr int kLowest = 1, kHighest = 7;
constexpr const char* kIntroduction =
    "One person rated photos from 1 (very unpleasant) to 7 (very beautiful). These are the ratings.";

struct Moments {
  double mean = 0, deviation = 0;
};

// Of the digits from kLowest on, with these logits.
Moments moments(const std::vector<double>& logits) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double weight = std::exp(logits[i] - largest), digit = kLowest + static_cast<double>(i);
    sum += weight, first += weight * digit, second += weight * digit * digit;
  }
  return {first / sum, std::sqrt(std::max(0.0, second / sum - std::pow(first / sum, 2)))};
}

class LlmPredictor {
 public:
  LlmPredictor(const Pmllm& model, std::vector<std::string> descriptions, const RatingScale& scale,
               const Cancel* cancel)
      : model_(&model),
        descriptions_(std::move(descriptions)),
        low_(scale.low),
        step_((scale.high - scale.low) / (kHighest - kLowest)),
        cancel_(cancel) {}

  Predictions operator()(std::span<const Rating> support, std::span<const std::uint32_t> photos) const {
    std::string text = kIntroduction;
    for (const auto& rating : support) text += line(rating.photo) + std::to_string(digit(rating));
    std::vector<Completion> completions;
    for (const auto photo : photos) completions.push_back({line(photo), digits()});
    Predictions predictions;
    for (const auto& logits : model_->word_logits(text, completions, cancel_)) {
      const Moments answer = moments(logits);
      predictions.mean.push_back(low_ + (answer.mean - kLowest) * step_);
      predictions.spread.push_back(answer.deviation * step_);
    }
    return predictions;
  }

 private:
  static std::vector<std::string> digits() {
    std::vector<std::string> words;
    for (int digit = kLowest; digit <= kHighest; ++digit) words.push_back(std::to_string(digit));
    return words;
  }

  // A digit behind a space is two tokens for many tokenizers, so the space belongs to the line.
  std::string line(std::uint32_t photo) const { return fmt::format("\nPhoto: {} Rating: ", descriptions_.at(photo)); }

  int digit(const Rating& rating) const {
    const double place = (static_cast<double>(rating.value) - low_) / step_;
    return std::clamp(kLowest + static_cast<int>(std::lround(place)), kLowest, kHighest);
  }

  const Pmllm* model_;
  std::vector<std::string> descriptions_;
  double low_, step_;
  const Cancel* cancel_;
};

}  // namespace

StudyMethod llm_predictor_method(const std::string& name, const Pmllm& model, std::vector<std::string> descriptions,
                                 const RatingScale& scale, const LlmPredictorOptions& options) {
  LlmPredictor predictor(model, std::move(descriptions), scale, options.cancel);
  StudyMethod method{name, {}, true, true, options.largest_support, options.draws};
  method.predict = [predictor = std::move(predictor)](std::uint32_t, std::span<const Rating> support,
                                                      std::span<const std::uint32_t> photos) {
    return predictor(support, photos);
  };
  return method;
}

}  // namespace paa::eval
