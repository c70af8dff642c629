#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "catch.h"
#include "paa/core/file.h"
#include "paa/person/person.h"
#include "refused.h"
#include "sample_person.h"

using paa::ErrorCode;
using paa::Person;
using paa::read_person;
using paa::update_person;

namespace {

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("paa-person-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path file() const { return path / "anna.json"; }
  std::filesystem::path path;
};

std::string hash_of(int writer, int i) {
  std::string hash(64, '0');
  hash.replace(0, 2, std::to_string(10 + writer));
  hash.replace(2, 3, std::to_string(100 + i));
  return hash;
}

// Runs `work` in a process of its own and returns its number.
pid_t in_process(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    work();
    _exit(0);
  } catch (...) {
    _exit(1);
  }
}

void rate(const std::filesystem::path& file, int writer, int i) {
  update_person(
      file,
      [&](Person& person) {
        person.photos[hash_of(writer, i)];
        person.verdicts.push_back({paa::VerdictKind::kStars, hash_of(writer, i), {}, 4, i});
      },
      60000);
}

}  // namespace

TEST_CASE("A person file is made, read and changed", "[person_file]") {
  const Folder folder;
  CHECK(update_person(folder.file(), [](Person& person) { person = sample_person(); }) == sample_person());
  CHECK(read_person(folder.file()) == sample_person());
  const auto written = std::filesystem::last_write_time(folder.file());
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  update_person(folder.file(), [](Person&) {});
  CHECK(std::filesystem::last_write_time(folder.file()) == written);
}

TEST_CASE("A change that is refused leaves the file as it was", "[person_file]") {
  const Folder folder;
  update_person(folder.file(), [](Person& person) { person = sample_person(); });
  const auto change = [&] { update_person(folder.file(), [](Person& person) { person.verdicts[0].stars = 9; }); };
  check_refused(change, ErrorCode::kInvalidArgument, {"anna.json", "verdicts[0].stars"});
  CHECK_THROWS_AS(update_person(folder.file(), [](Person&) { throw std::runtime_error("stop"); }), std::runtime_error);
  CHECK(read_person(folder.file()) == sample_person());
}

TEST_CASE("A damaged person file is not written over", "[person_file]") {
  const Folder folder;
  paa::write_file(folder.file(), "{\"format\": \"paa-person\", \"vers");
  check_refused([&] { update_person(folder.file(), [](Person& person) { person = Person(); }); }, ErrorCode::kBadFormat,
                {"anna.json"});
  CHECK(paa::read_text_file(folder.file(), 100) == "{\"format\": \"paa-person\", \"vers");
}

TEST_CASE("Of processes that write at once none loses anything", "[person_file]") {
  const Folder folder;
  constexpr int kWriters = 6, kRatings = 20;
  std::vector<pid_t> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.push_back(in_process([&] {
      for (int i = 0; i < kRatings; ++i) rate(folder.file(), writer, i);
    }));
  }
  for (const pid_t writer : writers) {
    int status = -1;
    REQUIRE(waitpid(writer, &status, 0) == writer);
    CHECK(status == 0);
  }
  CHECK(read_person(folder.file()).verdicts.size() == kWriters * kRatings);
}

TEST_CASE("Killed at any moment, a writer leaves a whole file", "[person_file]") {
  const Folder folder;
  std::size_t known = 0;
  for (int round = 0; round < 15; ++round) {
    const pid_t writer = in_process([&] {
      for (int i = 0; i < 800; ++i) rate(folder.file(), round, i);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + 3 * round));
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    if (!std::filesystem::exists(folder.file())) continue;
    const std::size_t now = read_person(folder.file()).verdicts.size();
    CHECK(now >= known);
    known = now;
  }
  CHECK(known > 0);
}

TEST_CASE("A lock that is not to be had is told, with its holder", "[person_file]") {
  const Folder folder;
  const int lock = open((folder.file().string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  REQUIRE(flock(lock, LOCK_EX) == 0);
  REQUIRE(write(lock, "4711\n", 5) == 5);
  check_refused(
      [&] {
        update_person(
            folder.file(), [](Person&) {}, 50);
      },
      ErrorCode::kIo, {"anna.json.lock", "4711"});
  close(lock);
  CHECK_NOTHROW(update_person(
      folder.file(), [](Person&) {}, 50));
}

TEST_CASE("A folder that is not there is told", "[person_file]") {
  const Folder folder;
  check_refused([&] { update_person(folder.path / "no" / "anna.json", [](Person&) {}); }, ErrorCode::kNotFound,
                {"anna.json", "folder"});
}

TEST_CASE("What is said now holds, also where a clock was set back", "[person_file]") {
  Person person;
  const std::int64_t future = paa::time_to_say(person) + 1'000'000'000;
  person.verdicts.push_back({paa::VerdictKind::kStars, std::string(64, 'a'), {}, 2, future});
  person.verdicts.push_back({paa::VerdictKind::kStars, std::string(64, 'a'), {}, 6, paa::time_to_say(person)});
  CHECK(paa::current_verdicts(person.verdicts).front().stars == 6);
  CHECK(paa::forget_photo(person, std::string(64, 'a'), paa::time_to_say(person)));
  CHECK(person.verdicts.empty());
}

TEST_CASE("A place that a person file cannot hold is left out", "[person_file]") {
  CHECK(paa::place_of_photo("a/../b.jpg") == (std::filesystem::current_path() / "b.jpg").string());
  CHECK(paa::place_of_photo("\xff\xfe.jpg").empty());
}

TEST_CASE("Deleting takes the lock and an unfinished interview along", "[person_file]") {
  const Folder folder;
  update_person(folder.file(), [](Person&) {});
  paa::write_file(folder.file().string() + ".interview.jsonl", "{}\n");
  paa::write_file(folder.file().string() + ".interview.jsonl.damaged", "{");
  paa::delete_person(folder.file());
  CHECK(std::filesystem::is_empty(folder.path));
  check_refused([&] { paa::delete_person(folder.file()); }, ErrorCode::kNotFound, {"anna.json"});
}
