#include <algorithm>

#include "catch.h"
#include "paa/person/person.h"
#include "refused.h"
#include "sample_person.h"

using paa::current_verdicts;
using paa::forget_photo;
using paa::merge_persons;
using paa::Person;
using paa::Verdict;

namespace {

Person with(std::vector<Verdict> verdicts) {
  Person person;
  for (const auto& verdict : verdicts) {
    person.photos[verdict.photo];
    if (!verdict.other.empty()) person.photos[verdict.other];
  }
  person.verdicts = std::move(verdicts);
  return person;
}

}  // namespace

TEST_CASE("The same verdict counts once and nothing is lost", "[merge]") {
  const Person merged =
      merge_persons(with({stars('a', 2, 1), stars('b', 5, 2)}), with({stars('b', 5, 2), stars('c', 3, 3)}));
  CHECK(merged.verdicts == std::vector<Verdict>{stars('a', 2, 1), stars('b', 5, 2), stars('c', 3, 3)});
  CHECK(merged.photos.size() == 3);
}

TEST_CASE("A merge with itself, and a second merge, change nothing", "[merge]") {
  const Person ours = sample_person(), theirs = with({stars('e', 1, 500), stars('a', 7, 9000)});
  CHECK(merge_persons(ours, ours) == ours);
  const Person merged = merge_persons(ours, theirs);
  CHECK(merge_persons(merged, theirs) == merged);
}

TEST_CASE("Whoever merges, the later verdict wins", "[merge]") {
  const Person ours = with({stars('a', 2, 10)}), theirs = with({stars('a', 6, 20)});
  for (const Person& merged : {merge_persons(ours, theirs), merge_persons(theirs, ours)}) {
    CHECK(merged.verdicts.size() == 2);
    CHECK(current_verdicts(merged.verdicts) == std::vector<Verdict>{stars('a', 6, 20)});
  }
}

TEST_CASE("Said at the same moment, both ways of merging agree", "[merge]") {
  const Person ours = with({stars('a', 2, 10), stars('c', 1, 5)}), theirs = with({stars('a', 6, 10)});
  CHECK(merge_persons(ours, theirs).verdicts == merge_persons(theirs, ours).verdicts);
}

TEST_CASE("What was forgotten does not come back from an older copy", "[merge]") {
  Person ours = with({stars('a', 2, 10), stars('b', 3, 10), preference('a', 'b', 12)});
  const Person copy = ours;
  REQUIRE(forget_photo(ours, photo_hash('a'), 50));
  CHECK(ours.verdicts == std::vector<Verdict>{stars('b', 3, 10)});
  CHECK(!ours.photos.contains(photo_hash('a')));
  for (const Person& merged : {merge_persons(ours, copy), merge_persons(copy, ours)}) {
    CHECK(merged.verdicts == std::vector<Verdict>{stars('b', 3, 10)});
    CHECK(!merged.photos.contains(photo_hash('a')));
  }
  SECTION("but what is said of it later counts") {
    const Person merged = merge_persons(ours, with({stars('a', 7, 60)}));
    CHECK(merged.verdicts == std::vector<Verdict>{stars('b', 3, 10), stars('a', 7, 60)});
  }
  CHECK(!forget_photo(ours, photo_hash('e'), 50));
}

TEST_CASE("The later profile stays, and concepts are joined by name", "[merge]") {
  Person ours = sample_person(), theirs = sample_person();
  theirs.profile.age = 32;
  theirs.concepts[0].question = "Another?";
  theirs.concepts.push_back(ours.concepts[0]);
  theirs.concepts[1].name = "calm";
  theirs.profile_time = ours.profile_time + 1;
  CHECK(merge_persons(ours, theirs).profile.age == 32);
  CHECK(merge_persons(theirs, ours).profile.age == 32);
  const auto concepts = merge_persons(ours, theirs).concepts;
  REQUIRE(concepts.size() == 2);
  CHECK(concepts[0] == ours.concepts[0]);
  CHECK(concepts[1].name == "calm");
}

TEST_CASE("Two scales do not merge", "[merge]") {
  Person theirs;
  theirs.scale_high = 5;
  check_refused([&] { merge_persons(Person(), theirs); }, paa::ErrorCode::kMismatch, {"1 to 7", "1 to 5"});
}
