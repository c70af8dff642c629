// What an interview's file survives.

#include "paa/interview/interview_log.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "core/refusal.h"
#include "core/temporary_folder.h"
#include "paa/core/file.h"

using paa::InterviewLog;
using paa::InterviewState;

namespace {

paa::Json question(int turn) {
  return paa::question_event({turn, "What about " + std::to_string(turn) + "?", paa::QuestionKind::kOpen, paa::Stage::kLiked, "", {}});
}

void say(InterviewLog& log, int turn) {
  log.append(question(turn));
  log.append(paa::answer_event(turn, "answer " + std::to_string(turn), turn));
}

std::string text_of(const std::filesystem::path& path) { return paa::read_text_file(path, 1 << 24); }

void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

}  // namespace

TEST_CASE("What was appended is there when the file is opened again", "[interview_log]") {
  const TemporaryFolder folder;
  const auto path = folder / "a.interview.jsonl";
  std::string id;
  {
    InterviewLog log(path, "en");
    id = log.state()->id;
    say(log, 1);
    say(log, 2);
    log.append(question(3));
  }
  InterviewLog log(path, "en");
  CHECK(log.set_aside().empty());
  CHECK(log.state()->id == id);
  REQUIRE(log.state()->turns.size() == 2);
  CHECK(log.state()->turns[1].answer == "answer 2");
  REQUIRE(log.state()->open);
  CHECK(log.state()->open->turn == 3);
}

TEST_CASE("A file cut at any byte loses only what was not written, and that is set aside", "[interview_log]") {
  const TemporaryFolder folder;
  const auto whole_path = folder / "whole.jsonl";
  {
    InterviewLog log(whole_path, "en");
    for (int turn = 1; turn <= 3; ++turn) say(log, turn);
  }
  const std::string whole = text_of(whole_path);
  const auto path = folder / "cut.jsonl";
  const auto aside = folder / "cut.jsonl.damaged";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    std::filesystem::remove(aside);
    write(path, whole.substr(0, cut));
    const std::size_t last = whole.rfind('\n', cut == 0 ? 0 : cut - 1);
    const std::size_t kept = cut == 0 || last == std::string::npos || last >= cut ? 0 : last + 1;
    InterviewLog log(path, "en");
    CHECK(text_of(path).substr(0, kept) == whole.substr(0, kept));
    CHECK(log.set_aside().empty() == (kept == cut));
    if (kept < cut) CHECK(text_of(aside) == whole.substr(kept, cut - kept) + "\n");
  }
}

TEST_CASE("A last line of rubbish is set aside, one in the middle is refused with its number", "[interview_log]") {
  const TemporaryFolder folder;
  const auto path = folder / "a.jsonl";
  {
    InterviewLog log(path, "en");
    say(log, 1);
  }
  const std::string good = text_of(path);
  write(path, good + "{\"event\": \xff\x01 oops\n");
  {
    InterviewLog log(path, "en");
    CHECK(log.set_aside().find("a.jsonl.damaged") != std::string::npos);
    CHECK(log.state()->turns.size() == 1);
  }
  CHECK(text_of(path) == good);
  write(path, good.substr(0, good.find('\n') + 1) + "rubbish\n" + good.substr(good.find('\n') + 1));
  const auto refused = refusal([&] { InterviewLog(path, "en"); });
  CHECK(refused.code == paa::ErrorCode::kBadFormat);
  CHECK(refused.message.find("a.jsonl:2") != std::string::npos);
}

TEST_CASE("One process holds an interview, and others are told", "[interview_log]") {
  const TemporaryFolder folder;
  const auto path = folder / "a.jsonl";
  const InterviewLog log(path, "en");
  const auto refused = refusal([&] { InterviewLog(path, "en"); });
  CHECK(refused.code == paa::ErrorCode::kIo);
  CHECK(refused.message.find("another process") != std::string::npos);
}

TEST_CASE("A newer version and a file of something else are refused, and stay as they are", "[interview_log]") {
  const TemporaryFolder folder;
  const auto path = folder / "a.jsonl";
  const std::string newer = R"({"event":"begin","format":"paa-interview","version":2,"id":"x","language":"en","time":0})" "\n";
  write(path, newer);
  CHECK(refusal([&] { InterviewLog(path, "en"); }).code == paa::ErrorCode::kUnsupported);
  CHECK(text_of(path) == newer);
  write(path, "{\"name\": \"Anna\"}\n{}\n");
  CHECK(refusal([&] { InterviewLog(path, "en"); }).code == paa::ErrorCode::kBadFormat);
}

TEST_CASE("Events that do not follow are refused and not written", "[interview_log]") {
  const TemporaryFolder folder;
  const auto path = folder / "a.jsonl";
  InterviewLog log(path, "en");
  log.append(question(1));
  const std::string before = text_of(path);
  for (const auto& event : {question(2), paa::answer_event(7, "x", 0), paa::Json{{"event", "sing"}}, paa::Json::array(),
                            paa::Json{{"event", "confirmed"}, {"odd", 1}}}) {
    CHECK(refusal([&] { log.append(event); }).code == paa::ErrorCode::kBadFormat);
  }
  CHECK(text_of(path) == before);
  log.append(paa::answer_event(1, "x", 0));
  CHECK(log.state()->turns.size() == 1);
}

TEST_CASE("A full disk leaves the file as it was, and the interview goes on when there is room", "[interview_log]") {
  const TemporaryFolder folder;
  const auto path = folder / "a.jsonl";
  InterviewLog log(path, "en");
  say(log, 1);
  const std::string before = text_of(path);
  log.append(question(2));
  const std::string asked = text_of(path);
  struct rlimit old {};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto ignored = ::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = old;
  small.rlim_cur = asked.size() + 10;
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto refused = refusal([&] { log.append(paa::answer_event(2, std::string(1000, 'x'), 0)); });
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, ignored);
  CHECK(refused.code == paa::ErrorCode::kIo);
  CHECK(text_of(path) == asked);
  CHECK(log.state()->open);
  log.append(paa::answer_event(2, "now", 0));
  CHECK(log.state()->turns.back().answer == "now");
}

TEST_CASE("Killed 200 times at random moments, nothing that was answered is lost", "[interview_log]") {
  const TemporaryFolder folder;
  const auto path = folder / "a.jsonl";
  std::mt19937 random(7);
  int confirmed = 0;
  for (int kill = 0; kill < 200; ++kill) {
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      // Tells each turn that append() returned from.
      try {
        InterviewLog log(path, "en");
        if (log.state()->open) log.append(paa::answer_event(log.state()->open->turn, "late", 0));
        for (;;) {
          const int turn = log.state()->last_turn + 1;
          say(log, turn);
          if (::write(pipe[1], &turn, sizeof turn) != sizeof turn) ::_exit(3);
        }
      } catch (...) {
      }
      ::_exit(4);
    }
    ::close(pipe[1]);
    ::usleep(std::uniform_int_distribution<>(0, 4000)(random));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    int turn = 0;
    while (::read(pipe[0], &turn, sizeof turn) == sizeof turn) confirmed = turn;
    ::close(pipe[0]);
    if (!std::filesystem::exists(path)) continue;
    const InterviewLog log(path, "en");
    const auto state = log.state();
    const int kept = state->turns.empty() ? 0 : state->turns.back().question.turn;
    REQUIRE(kept >= confirmed);
    for (const auto& one : state->turns) {
      const bool right = one.answer == "late" || one.answer == "answer " + std::to_string(one.question.turn);
      REQUIRE(right);
    }
  }
  CHECK(confirmed > 0);
}
