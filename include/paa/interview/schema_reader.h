#pragma once
// Reads answers with a chat model that follows instructions: one JSON schema, one reply a turn.
// After arXiv 2605.14761; a reconstruction, not paper-verified (the paper's body was not available).

#include "paa/chat/chat_model.h"
#include "paa/interview/answer_reader.h"
#include "paa/interview/guide.h"

namespace paa {

/// The answer is handed over as data between marks, with the instruction that it holds none; what comes back is held
/// against the schema and the answer, so a model that was talked into something can at most leave preferences out.
class SchemaReader : public AnswerReader {
 public:
  /// Both must outlive it.
  SchemaReader(ChatModel& model, const Guide& guide) : model_(model), guide_(guide) {}

  std::string id() const override { return "schema"; }
  /// Errors: kBadFormat (a reply that does not follow the schema); those of the model.
  std::vector<Preference> read(const Turn& turn, const std::string& interview, const Cancel* cancel = nullptr) override;

 private:
  ChatModel& model_;
  const Guide& guide_;
};

}  // namespace paa
