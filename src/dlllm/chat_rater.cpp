#include "paa/dlllm/chat_rater.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "paa/core/error.h"
#include "paa/core/ordered_prefetch.h"
#include "paa/image/encode_jpeg.h"

namespace paa {
namespace {

// Raised whenever the same photo may get other ratings.
constexpr const char* kVersion = "1";
constexpr int kAlternatives = 20;
constexpr int kReplyTokens = 4;
// Digits that together are less likely than this say that the model did not understand the question.
constexpr double kLeastOfDigits = 0.05;

using Digits = std::array<double, 10>;

std::string question_of(const Concept& subject) {
  return fmt::format(
      "{}\n0 means: {}.\n9 means: {}.\nAnswer with one digit from 0 to 9 and nothing else.", subject.question, subject.low,
      subject.high);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> digit_of(std::string_view token) {
  token = trimmed(token);
  if (token.size() != 1 || token[0] < '0' || token[0] > '9') return std::nullopt;
  return static_cast<std::size_t>(token[0] - '0');
}

// The first digit of an answer such as "7" or "7." or "Rating: 7"; none of "10" or "7.5".
std::optional<std::size_t> digit_in(std::string_view answer) {
  const auto begin = answer.find_first_of("0123456789");
  if (begin == std::string_view::npos) return std::nullopt;
  const auto end = answer.find_first_not_of("0123456789", begin);
  const auto number = answer.substr(begin, end == std::string_view::npos ? end : end - begin);
  const bool fraction = end != std::string_view::npos && end + 1 < answer.size() && answer[end] == '.' &&
                        answer[end + 1] >= '0' && answer[end + 1] <= '9';
  return fraction ? std::nullopt : digit_of(number);
}

// Of the first token that may be a digit; nothing if the model tells none.
std::optional<Digits> probabilities_in(const ChatReply& reply) {
  for (const auto& token : reply.alternatives) {
    Digits digits{};
    double sum = 0;
    for (const auto& one : token) {
      const auto digit = digit_of(one.text);
      if (!digit) continue;
      digits[*digit] += std::exp(one.log_probability);
      sum += std::exp(one.log_probability);
    }
    if (sum < kLeastOfDigits) continue;
    for (double& p : digits) p /= sum;
    return digits;
  }
  return std::nullopt;
}

// One photo and one concept.
class Asking {
 public:
  Asking(ChatModel& model, const ChatRaterOptions& options, const Cancel* cancel)
      : model_(model), options_(options), cancel_(cancel) {}

  ConceptRating rate(const std::string& jpeg, const std::string& photo, const Concept& subject) const {
    const std::vector<ChatMessage> messages = {{"user", question_of(subject), {jpeg}}};
    ChatOptions wanted{.max_tokens = kReplyTokens, .top_log_probabilities = kAlternatives};
    ChatReply reply = model_.reply(messages, wanted, {}, cancel_);
    if (const auto digits = probabilities_in(reply)) return rating_of(*digits);
    return sampled(messages, photo, subject);
  }

 private:
  ConceptRating sampled(const std::vector<ChatMessage>& messages, const std::string& photo,
                        const Concept& subject) const {
    Digits counts{};
    double found = 0;
    std::string last;
    for (int sample = 0; sample < options_.samples; ++sample) {
      const ChatOptions wanted{
          .max_tokens = kReplyTokens, .temperature = 1, .seed = static_cast<std::uint64_t>(sample)};
      last = model_.reply(messages, wanted, {}, cancel_).text;
      const auto digit = digit_in(last);
      if (!digit) continue;
      counts[*digit] += 1;
      found += 1;
    }
    if (found == 0) {
      throw Error(ErrorCode::kBadFormat,
                  fmt::format("{} was asked to rate the photo {} on \"{}\" by a digit and answered \"{}\"", model_.id(),
                              photo.substr(0, 12), subject.name, last.substr(0, 80)));
    }
    for (double& count : counts) count /= found;
    return rating_of(counts);
  }

  ChatModel& model_;
  const ChatRaterOptions& options_;
  const Cancel* cancel_;
};

}  // namespace

ChatRater::ChatRater(ChatModel& model, const ChatRaterOptions& options) : model_(&model), options_(options) {
  if (options.samples < 1 || options.parallel < 1 || options.largest_side < 1) {
    throw Error(ErrorCode::kInvalidArgument, "samples, questions under way and the photo's side must be at least 1");
  }
}

std::string ChatRater::id() const {
  return fmt::format("chat-{}-{}-{}-{}", kVersion, options_.samples, options_.largest_side, model_->id());
}

std::vector<ConceptRating> ChatRater::rate(std::span<const ConceptPhoto> photos, std::span<const Concept> concepts,
                                           const Cancel* cancel, const Progress& progress) {
  std::vector<std::string> jpegs;
  for (const auto& photo : photos) jpegs.push_back(encode_jpeg(image_of(photo), options_.largest_side));
  const Asking asking(*model_, options_, cancel);
  const std::size_t count = photos.size() * concepts.size();
  OrderedPrefetch<ConceptRating> answers(
      count,
      [&](std::size_t i) {
        const std::size_t photo = i / concepts.size();
        return asking.rate(jpegs[photo], photos[photo].sha256, concepts[i % concepts.size()]);
      },
      options_.parallel, options_.parallel);
  std::vector<ConceptRating> ratings;
  while (auto answer = answers.next()) {
    ratings.push_back(*answer);
    if (progress) progress(ratings.size(), count);
  }
  return ratings;
}

}  // namespace paa
