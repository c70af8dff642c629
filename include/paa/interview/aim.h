#pragma once
// What the next question should find out: chosen from how the interview stands, whoever words it.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "paa/interview/guide.h"
#include "paa/interview/interview_state.h"

namespace paa {

/// How long an interview may be, and which photos it shows. A plain value.
struct InterviewPlan {
  int questions = 16;             ///< at most, the summary aside; at least 4
  int least_questions = 12;       ///< before all topics covered is a reason to end
  std::int64_t minutes = 0;       ///< time budget; 0: none
  std::vector<std::array<std::string, 2>> photo_pairs;  ///< paths of photos to show and ask about, two at a time
};

/// What a question is for. A plain value.
struct Aim {
  QuestionKind kind = QuestionKind::kOpen;
  Stage stage = Stage::kBackground;
  std::string topic;                ///< key of the guide; empty: none
  std::string subject;              ///< kFollowUp: what the person named, in their words; empty: they said little
  Polarity polarity = Polarity::kLike;  ///< of the subject
  std::string earlier, now;         ///< kContradiction: two quotes
  std::vector<std::string> photos;  ///< kPhotos

  bool operator==(const Aim&) const = default;
};

/// How often each topic of the guide, in its order, was asked about or spoken of. Thread-safe.
std::vector<int> topic_coverage(const InterviewState& state, const Guide& guide);

/// Why it is time for the summary, or kOpen. `now`: ms since 1970 UTC. Thread-safe.
InterviewEnd time_to_end(const InterviewState& state, const Guide& guide, const InterviewPlan& plan, std::int64_t now);

/// Goes through the stages of the guide (the plan's number of questions parts them), to the topic least covered; follows up
/// what was just said, at most every other question; asks how two contradicting quotes go together, each pair once.
/// The same state gives the same aim. Thread-safe.
Aim next_aim(const InterviewState& state, const Guide& guide, const InterviewPlan& plan);

}  // namespace paa
