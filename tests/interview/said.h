#pragma once
// Readers and answers for tests of interviews, without a model.

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "paa/core/error.h"
#include "paa/interview/answer_reader.h"

/// Understands "like X" and "dislike X", each on a line of its own.
class LineReader : public paa::AnswerReader {
 public:
  explicit LineReader(std::chrono::milliseconds pause = {}) : pause_(pause) {}

  std::string id() const override { return "lines"; }
  std::vector<paa::Preference> read(const paa::Turn& turn, const std::string& interview,
                                    const paa::Cancel* cancel) override {
    for (auto waited = std::chrono::milliseconds(0); waited < pause_; waited += std::chrono::milliseconds(1)) {
      paa::throw_if_cancelled(cancel);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (turn.answer.find("unreadable") != std::string::npos) {
      throw paa::Error(paa::ErrorCode::kIo, "the reader lost its glasses");
    }
    std::vector<paa::Preference> found;
    std::size_t at = 0;
    while (at < turn.answer.size()) {
      const std::size_t end = std::min(turn.answer.find('\n', at), turn.answer.size());
      add(turn.answer.substr(at, end - at), turn, interview, found);
      at = end + 1;
    }
    return found;
  }

 private:
  static void add(const std::string& line, const paa::Turn& turn, const std::string& interview,
                  std::vector<paa::Preference>& found) {
    const bool dislike = line.starts_with("dislike ");
    if (!dislike && !line.starts_with("like ")) return;
    const std::string subject = line.substr(line.find(' ') + 1);
    found.push_back({(dislike ? "dislikes " : "likes ") + subject, subject,
                     dislike ? paa::Polarity::kDislike : paa::Polarity::kLike, 2, 0.9, "", interview,
                     turn.question.turn, line});
  }

  std::chrono::milliseconds pause_;
};

inline paa::Preference said(paa::Polarity polarity, const std::string& subject, int turn = 1) {
  return {(polarity == paa::Polarity::kLike ? "likes " : "dislikes ") + subject, subject, polarity, 2, 0.9, "animals",
          "i", turn, "I said " + subject};
}
