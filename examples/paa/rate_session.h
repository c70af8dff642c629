#pragma once
// One sitting in which a person is asked about their photos: what to ask, what was said, what was learned from it.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "paa/core/json.h"
#include "paa/dlllm/elicitation.h"
#include "personal_run.h"
#include "photo_library.h"
#include "second_look.h"

namespace paa::cli {

/// What the next question should be.
struct QuestionWish {
  bool pairs = false;     ///< which of two is better, instead of stars
  bool worth_it = true;   ///< only if the answer is expected to teach enough
};

/// Not thread-safe.
class RateSession {
 public:
  /// Looks at the photos, which takes a while the first time. Errors: those of PersonalRun and see_library; kNotFound
  /// (no photo that can be read).
  RateSession(const PersonalOptions& options, const ScoringOptions& scoring, const FoundPhotos& found,
              const Cancel* cancel);

  /// {"person", "scale": [lo, hi], "verdicts", "photos", "can_undo", "question": {"kind": "stars" | "preference",
  /// "photo", "name", "other", "other_name"} or null, "next": [photos that are likely to follow], "last": {"name",
  /// "said", "expected"} or null, "best": [{"photo", "name", "stars", "reasons"}], "looking": looking()}. Photos are known by
  /// their SHA-256.
  Json state(const QuestionWish& wish);

  /// Begins to look at the photos again, beside everything else, for the person's concepts have changed. What is seen
  /// counts from the first state() after the end.
  void look_again();
  /// {"done", "of"} photos while they are looked at again, or null.
  Json looking() const;

  /// {"kind": "stars", "photo", "stars"}, {"kind": "preference", "photo": the better one, "other"}, {"kind": "keep" |
  /// "reject", "photo"}, {"kind": "skip", "photo", "other" (of two)}, {"kind": "undo"}: takes back the last of this
  /// sitting. What was said is in the person file when this returns, and learned from. Errors: kBadFormat and
  /// kInvalidArgument (nothing was written), those of update_person.
  void say(const Json& request);

  /// What reads answers in an interview, too.
  const Pmllm& model() const noexcept { return run_.model(); }
  /// Where the photos lie.
  std::vector<std::string> paths() const;
  /// The SHA-256 of a photo of paths(); empty if it is none.
  std::string hash_of(const std::string& path) const;

  /// The photo as a JPEG of at most `side` pixels. Errors: kNotFound (no photo of the library); those of read_image.
  std::string jpeg(const std::string& sha256, int side);

 private:
  struct Step {
    bool skipped = false;
    std::string key;   // of the question
    Verdict verdict;   // unless skipped
    Json told;         // "last" of the state
  };

  std::size_t place_of(const std::string& sha256) const;
  std::vector<Question> questions(const QuestionWish& wish) const;
  Json question_json(const Question& question) const;
  Json best() const;
  std::string name_of(std::size_t photo) const;
  double expected(std::size_t photo) const;
  void write(Verdict& verdict);  // tells it its time
  void undo();
  void take_second_look();

  PersonalOptions options_;
  FoundPhotos found_;
  int jobs_;
  PersonalRun run_;
  PhotoLibrary library_;
  std::vector<Step> steps_;
  std::map<std::pair<std::string, int>, std::string> jpegs_;
  std::optional<SecondLook> second_look_;  // last, for its thread uses the others
};

}  // namespace paa::cli
