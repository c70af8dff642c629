#pragma once
// Reads answers with a small LLM that cannot follow instructions, sentence by sentence.
// After arXiv 2605.14761; a reconstruction, not paper-verified. Modelled on word-pair contrasts of a frozen language model
// (calibrated as in Zhao et al. 2021, "Calibrate before use") and extraction by examples under constrained decoding.

#include <memory>
#include <string>
#include <vector>

#include "paa/chat/text_constraint.h"
#include "paa/interview/answer_reader.h"
#include "paa/interview/guide.h"
#include "paa/pmllm/pmllm.h"

namespace paa {

/// What a clause says, before it becomes a preference.
struct ClauseReading {
  double stated = 0;  ///< log odds that it states a taste at all
  double like = 0;    ///< log odds that the taste is a liking
};

/// Cuts an answer into clauses. Of each: whether it states a taste and which way, from how much more readily the model goes
/// on with words of liking than of disliking after several cues, weighed as fitted to labelled answers; what it is about,
/// as the likeliest span of the clause after examples (so a subject is always the person's own words); the topic, by the
/// guide's words or a contrast. Cues, words, weights and examples are data (src/interview/readers).
class ContrastReader : public AnswerReader {
 public:
  /// Reads answers in the guide's language. Model and guide must outlive it. Error: kUnsupported (no reader for that
  /// language).
  ContrastReader(const Pmllm& model, const Guide& guide);
  ContrastReader(ContrastReader&&) noexcept;
  ~ContrastReader() override;

  std::string id() const override { return "contrast"; }
  std::vector<Preference> read(const Turn& turn, const std::string& interview, const Cancel* cancel = nullptr) override;

  /// The steps of read(), for those who measure them. Errors: those of Pmllm::word_logits and Completer::complete.
  ClauseReading reading_of(std::string_view clause, const Cancel* cancel = nullptr);
  /// The words of the clause that name what it is about; empty if it holds none that could.
  std::string subject_of(std::string_view clause, const Cancel* cancel = nullptr);
  /// A key of the guide.
  std::string topic_of(std::string_view subject, const Cancel* cancel = nullptr);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The languages that come with a ContrastReader.
bool has_contrast_reader(std::string_view language);

}  // namespace paa
