#include "paa/interview/contrast_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <optional>

#include "paa/chat/completer.h"
#include "paa/core/error.h"
#include "paa/interview/clauses.h"
#include "paa/text/lower_case.h"
#include "reader_data.h"

namespace paa {
namespace {

// Of log odds: below it a clause is taken to state nothing.
constexpr double kLeastStated = 0;
// Absolute log odds of liking from which on a taste is no longer mild, and is strong.
constexpr double kMild = 1.5, kStrong = 4;
// A clause is read to this length: what a person likes is said earlier.
constexpr std::size_t kLongestClause = 600;
// Of an answer so many clauses are read, so that a pasted book does not hold up the interview.
constexpr std::size_t kMostClauses = 40;
// Of a topic's words the likeliest so many speak for it.
constexpr std::size_t kSpeakingWords = 2;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double probability(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Completion completion_of(std::string cue, std::initializer_list<const std::vector<std::string>*> lists) {
  Completion completion{" " + std::move(cue), {}};
  for (const auto* words : lists) {
    for (const auto& word : *words) completion.words.push_back(" " + word);
  }
  return completion;
}

std::string_view cut(std::string_view clause) {
  if (clause.size() <= kLongestClause) return clause;
  std::size_t end = kLongestClause;
  while (end > 0 && clause[end] != ' ') --end;
  return clause.substr(0, end == 0 ? kLongestClause : end);
}

int strength_of(double like) { return std::abs(like) < kMild ? 1 : std::abs(like) < kStrong ? 2 : 3; }

}  // namespace

struct ContrastReader::Impl {
  Impl(const Pmllm& m, const Guide& g, const ReaderData& d) : model(m), guide(g), data(d), completer(m) {
    for (const auto& contrast : data.polarity.contrasts) {
      polarity_cues.push_back(completion_of(contrast.cue, {&contrast.like, &contrast.dislike}));
    }
    Completion topics{" " + data.topic.cue, {}};
    for (const auto& [key, words] : data.topic.words) {
      for (const auto& word : words) topics.words.push_back(" " + word);
    }
    topic_cue = {std::move(topics)};
    examples = data.subject.heading + "\n";
    for (const auto& [sentence, subject] : data.subject.examples) {
      examples += fmt::format("\"{}\" - {}\n", sentence, subject);
    }
  }

  // One a contrast.
  std::vector<double> raw_contrasts(std::string_view clause, const Cancel* cancel) const {
    const auto logits = model.word_logits(fill(data.polarity.text, {{"clause", clause}}), polarity_cues, cancel);
    std::vector<double> contrasts;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      const auto words = std::span(logits[i]);
      const std::size_t like = data.polarity.contrasts[i].like.size();
      contrasts.push_back(mean(words.first(like)) - mean(words.subspan(like)));
    }
    return contrasts;
  }

  std::vector<double> topic_logits(std::string_view subject, const Cancel* cancel) const {
    return model.word_logits(fill(data.topic.text, {{"subject", subject}}), topic_cue, cancel).front();
  }

  // What the model says of texts that say nothing: its habit.
  template <class Ask>
  static const std::vector<double>& habit(std::vector<double>& known, const std::vector<std::string>& neutral,
                                          const Ask& ask) {
    if (!known.empty()) return known;
    std::vector<double> sum;
    for (const auto& text : neutral) {
      const auto values = ask(text);
      sum.resize(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) sum[i] += values[i] / static_cast<double>(neutral.size());
    }
    return known = std::move(sum);
  }

  const Pmllm& model;
  const Guide& guide;
  const ReaderData& data;
  Completer completer;
  std::vector<Completion> polarity_cues, topic_cue;
  std::vector<double> polarity_habit, topic_habit;
  std::string examples;
};

namespace {

// Pieces of the clause that may name a subject: runs of words that neither begin nor end with a function word.
std::vector<std::string> spans_of(std::string_view clause, const ReaderData& data) {
  const auto words = words_of(clause);
  const auto is_function = [&](const WordAt& at) {
    return contains(data.subject.function_words, lower_case(clause.substr(at.begin, at.end - at.begin)));
  };
  const auto may_begin = [&](const WordAt& at) {
    return !is_function(at) || contains(data.subject.inner_words, lower_case(clause.substr(at.begin, at.end - at.begin)));
  };
  std::vector<std::string> spans;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!may_begin(words[i])) continue;
    for (std::size_t j = i; j < std::min(words.size(), i + data.subject.longest); ++j) {
      // Words of one span are parted by single spaces alone.
      if (j > i && clause.substr(words[j - 1].end, words[j].begin - words[j - 1].end) != " ") break;
      if (!is_function(words[j])) spans.emplace_back(clause.substr(words[i].begin, words[j].end - words[i].begin));
    }
  }
  std::sort(spans.begin(), spans.end());
  spans.erase(std::unique(spans.begin(), spans.end()), spans.end());
  return spans;
}

// A capital that only begins the sentence: the subject will stand inside others.
std::string without_capital(std::string subject, std::string_view clause) {
  const bool begins = subject.size() > 1 && clause.starts_with(subject) && subject[0] >= 'A' && subject[0] <= 'Z';
  const bool word = begins && !(subject[1] >= 'A' && subject[1] <= 'Z') && subject[1] != '\'';
  if (word) subject[0] = static_cast<char>(subject[0] - 'A' + 'a');
  return subject;
}

bool is_evasion(std::string_view clause, const ReaderData& data) {
  const std::string text = lower_case(clause);
  return std::any_of(data.evasions.begin(), data.evasions.end(),
                     [&](const auto& phrase) { return text.find(phrase) != std::string::npos; });
}

// What follows a comma explains; the subject stands before it, if anything can.
std::vector<std::string> likely_spans(std::string_view clause, const ReaderData& data) {
  for (std::size_t comma = clause.find(','); comma != std::string_view::npos; comma = clause.find(',', comma + 1)) {
    auto spans = spans_of(clause.substr(0, comma), data);
    if (!spans.empty()) return spans;
  }
  return spans_of(clause, data);
}

}  // namespace

ContrastReader::ContrastReader(const Pmllm& model, const Guide& guide) {
  const ReaderData* data = find_reader_data(guide.language);
  if (data == nullptr) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("a small model reads answers in English only so far, not in {}; name a model that follows "
                            "instructions with --chat",
                            guide.name));
  }
  impl_ = std::make_unique<Impl>(model, guide, *data);
}
ContrastReader::ContrastReader(ContrastReader&&) noexcept = default;
ContrastReader::~ContrastReader() = default;

bool has_contrast_reader(std::string_view language) { return find_reader_data(language) != nullptr; }

ClauseReading ContrastReader::reading_of(std::string_view clause, const Cancel* cancel) {
  const auto& polarity = impl_->data.polarity;
  const auto& habit = Impl::habit(impl_->polarity_habit, polarity.neutral,
                                  [&](const auto& text) { return impl_->raw_contrasts(text, cancel); });
  const auto contrasts = impl_->raw_contrasts(cut(clause), cancel);
  ClauseReading reading{polarity.stated_bias, polarity.like_bias};
  for (std::size_t i = 0; i < contrasts.size(); ++i) {
    const auto& weights = polarity.contrasts[i];
    const double value = contrasts[i] - habit[i];
    reading.like += weights.like_weight * value;
    reading.stated += weights.stated_weight * value + weights.stated_size_weight * std::abs(value);
  }
  return reading;
}

std::string ContrastReader::subject_of(std::string_view clause, const Cancel* cancel) {
  auto spans = likely_spans(cut(clause), impl_->data);
  if (spans.size() < 2) return spans.empty() ? "" : spans.front();
  for (auto& span : spans) span = " " + span + "\n";
  const auto constraint = one_of(std::move(spans));
  CompletionOptions options;
  options.constraint = constraint.get();
  std::string text = impl_->completer.complete(impl_->examples + fmt::format("\"{}\" -", cut(clause)), options, {}, cancel).text;
  return text.substr(1, text.size() - 2);
}

std::string ContrastReader::topic_of(std::string_view subject, const Cancel* cancel) {
  const auto named = content_words(subject);
  for (const auto& topic : impl_->guide.topics) {
    for (const auto& word : topic.words) {
      const auto known = content_words(word);
      if (known.size() == 1 && contains(named, known.front())) return topic.key;
    }
  }
  const auto& habit = Impl::habit(impl_->topic_habit, impl_->data.topic.neutral,
                                  [&](const auto& text) { return impl_->topic_logits(text, cancel); });
  const auto logits = impl_->topic_logits(subject, cancel);
  std::string best;
  double most = 0;
  std::size_t at = 0;
  for (const auto& [key, words] : impl_->data.topic.words) {
    std::vector<double> gains;
    for (std::size_t i = 0; i < words.size(); ++i, ++at) gains.push_back(logits[at] - habit[at]);
    std::sort(gains.begin(), gains.end(), std::greater<>());
    const double score = mean(std::span(gains).first(std::min(kSpeakingWords, gains.size())));
    if (best.empty() || score > most) best = key, most = score;
  }
  return impl_->guide.find(best) == nullptr ? "" : best;
}

std::vector<Preference> ContrastReader::read(const Turn& turn, const std::string& interview, const Cancel* cancel) {
  std::vector<Preference> found;
  auto clauses = clauses_of(turn.answer, impl_->data.clauses);
  if (clauses.size() > kMostClauses) clauses.resize(kMostClauses);
  ClauseReading reading;
  std::optional<std::string> unsaid;  // a subject of which nothing was said yet: "Cats. I can't stand them."
  std::size_t unsaid_at = 0;
  for (const Clause& clause : clauses) {
    throw_if_cancelled(cancel);
    const std::string_view text = clause.of(turn.answer);
    if (is_evasion(text, impl_->data)) continue;
    if (clause.opposite) {
      reading.like = -reading.like;
    } else {
      reading = reading_of(text, cancel);
    }
    std::string subject = without_capital(subject_of(text, cancel), text);
    if (reading.stated < kLeastStated) {
      if (!subject.empty()) unsaid = std::move(subject), unsaid_at = clause.begin;
      continue;
    }
    std::size_t begin = clause.begin;
    if (subject.empty() && unsaid) subject = *unsaid, begin = unsaid_at;
    unsaid.reset();
    if (subject.empty()) continue;
    const bool like = reading.like > 0;
    found.push_back({fill(like ? impl_->guide.statement_like : impl_->guide.statement_dislike, {{"subject", subject}}), subject,
                     like ? Polarity::kLike : Polarity::kDislike, strength_of(reading.like),
                     probability(reading.stated) * probability(std::abs(reading.like)), topic_of(subject, cancel), interview,
                     turn.question.turn, turn.answer.substr(begin, std::min(clause.end - begin, kMaxPreferenceBytes))});
  }
  return found;
}

}  // namespace paa
