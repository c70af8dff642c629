// The Analyzer reads along: whole turns or nothing, and nobody waits for it.

#include "paa/interview/analyzer.h"

#include <atomic>
#include <thread>

#include "core/refusal.h"
#include "core/temporary_folder.h"
#include "said.h"

using namespace std::chrono_literals;
using paa::Analyzer;
using paa::InterviewLog;

namespace {

void say(InterviewLog& log, const std::string& answer) {
  const int turn = log.state()->last_turn + 1;
  log.append(paa::question_event({turn, "What?", paa::QuestionKind::kOpen, paa::Stage::kLiked, "", {}}));
  log.append(paa::answer_event(turn, answer, 0));
}

}  // namespace

TEST_CASE("Every answered turn is read once, in any order of events", "[analyzer]") {
  const TemporaryFolder folder;
  InterviewLog log(folder / "a.jsonl", "en");
  say(log, "like dogs\ndislike cats");
  LineReader reader;
  Analyzer analyzer(reader, log);
  analyzer.drain();
  CHECK(log.state()->preferences.size() == 2);
  say(log, "like boats");
  say(log, "nothing");
  analyzer.look();
  analyzer.drain();
  CHECK(log.state()->preferences.size() == 3);
  CHECK(log.state()->pending().empty());
  CHECK(log.state()->preferences.back().quote == "like boats");
}

TEST_CASE("A reader of the state sees a turn's preferences whole or not at all", "[analyzer]") {
  const TemporaryFolder folder;
  InterviewLog log(folder / "a.jsonl", "en");
  LineReader reader;
  Analyzer analyzer(reader, log);
  std::atomic<bool> done{false}, torn{false};
  std::thread watcher([&] {
    while (!done) {
      const auto state = log.state();
      std::map<int, int> counts;
      for (const auto& preference : state->preferences) ++counts[preference.turn];
      for (const auto& [turn, count] : counts) torn = torn || count != 3;
    }
  });
  for (int i = 0; i < 60; ++i) {
    say(log, "like dogs" + std::to_string(i) + "\ndislike cats" + std::to_string(i) + "\nlike boats" + std::to_string(i));
    analyzer.look();
  }
  analyzer.drain();
  done = true;
  watcher.join();
  CHECK_FALSE(torn);
  CHECK(log.state()->preferences.size() == 180);
}

TEST_CASE("The next question never waits for the Analyzer", "[analyzer]") {
  const TemporaryFolder folder;
  InterviewLog log(folder / "a.jsonl", "en");
  LineReader slow(400ms);
  Analyzer analyzer(slow, log);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) {
    say(log, "like dogs" + std::to_string(i));
    analyzer.look();
    log.state();
  }
  CHECK(std::chrono::steady_clock::now() - begin < 300ms);
  analyzer.drain();
  CHECK(log.state()->preferences.size() == 4);
}

TEST_CASE("A turn that cannot be read is told and stays pending; others are read", "[analyzer]") {
  const TemporaryFolder folder;
  InterviewLog log(folder / "a.jsonl", "en");
  LineReader reader;
  Analyzer analyzer(reader, log);
  say(log, "unreadable");
  say(log, "like dogs");
  analyzer.drain();
  REQUIRE(analyzer.faults().size() == 1);
  CHECK(analyzer.faults()[0].find("glasses") != std::string::npos);
  CHECK(log.state()->pending() == std::vector<int>{1});
  CHECK(log.state()->preferences.size() == 1);
}

TEST_CASE("Ended in the middle of a turn, it leaves the turn for the next run", "[analyzer]") {
  const TemporaryFolder folder;
  InterviewLog log(folder / "a.jsonl", "en");
  say(log, "like dogs");
  const auto begin = std::chrono::steady_clock::now();
  {
    LineReader slow(20s);
    const Analyzer analyzer(slow, log);
    std::this_thread::sleep_for(30ms);
  }
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  CHECK(log.state()->pending().size() == 1);
  LineReader reader;
  Analyzer again(reader, log);
  again.drain();
  CHECK(log.state()->preferences.size() == 1);
}

TEST_CASE("A reader that gives up is not asked again and again", "[analyzer]") {
  struct Cancelled : LineReader {
    std::vector<paa::Preference> read(const paa::Turn&, const std::string&, const paa::Cancel*) override {
      ++asked;
      throw paa::Error(paa::ErrorCode::kCancelled, "cancelled by somebody else");
    }
    std::atomic<int> asked = 0;
  };
  const TemporaryFolder folder;
  InterviewLog log(folder / "a.jsonl", "en");
  Cancelled reader;
  Analyzer analyzer(reader, log);
  say(log, "like dogs");
  analyzer.drain();
  CHECK(reader.asked == 1);
  CHECK(analyzer.faults().size() == 1);
  CHECK(log.state()->pending().size() == 1);
}

TEST_CASE("A turn that was gone back on while it was read is no fault", "[analyzer]") {
  const TemporaryFolder folder;
  InterviewLog log(folder / "a.jsonl", "en");
  say(log, "like dogs");
  const paa::Json late = paa::preferences_event(1, {});
  log.append({{"event", "back"}});
  log.append(late);
  CHECK(log.state()->preferences.empty());
  CHECK(log.state()->turns.empty());
}

TEST_CASE("Waiting for it can be cancelled", "[analyzer]") {
  const TemporaryFolder folder;
  InterviewLog log(folder / "a.jsonl", "en");
  say(log, "like dogs");
  LineReader slow(20s);
  Analyzer analyzer(slow, log);
  paa::Cancel cancel;
  cancel.request();
  CHECK(refusal([&] { analyzer.drain(&cancel); }).code == paa::ErrorCode::kCancelled);
}
