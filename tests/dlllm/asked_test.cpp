#include "paa/dlllm/asked.h"

#include <string>
#include <vector>

#include "catch.h"

using namespace paa;

namespace {

std::string hash(char digit) { return std::string(64, digit); }

const std::vector<std::string> kLibrary = {hash('a'), hash('b'), hash('c')};

}  // namespace

TEST_CASE("a question about two photos is the same in either order") {
  CHECK(question_key(hash('a')) == hash('a'));
  CHECK(question_key(hash('a'), hash('b')) == hash('a') + "+" + hash('b'));
  CHECK(question_key(hash('b'), hash('a')) == question_key(hash('a'), hash('b')));
}

TEST_CASE("what was asked is noted once") {
  Person person;
  note_asked(person, hash('a'));
  note_asked(person, hash('a'));
  CHECK(person.asked == std::vector<std::string>{hash('a')});
}

TEST_CASE("stars and preferences are not asked for again, keeping and rejecting do not answer them") {
  Person person;
  person.verdicts = {{VerdictKind::kStars, hash('a'), {}, 4, 1},
                     {VerdictKind::kPreference, hash('b'), hash('c'), 0, 2},
                     {VerdictKind::kKeep, hash('c'), {}, 0, 3},
                     {VerdictKind::kStars, hash('f'), {}, 4, 4}};  // no photo of the library
  const auto options = not_again(person, {}, kLibrary);
  CHECK(options.asked == std::vector<bool>{true, false, false});
  CHECK(options.asked_pairs == std::vector<Question>{{true, 1, 2, 0}});
}

TEST_CASE("nor is what was skipped") {
  const std::vector<std::string> asked = {hash('b'), question_key(hash('c'), hash('a')), hash('e')};
  const auto options = not_again(Person(), asked, kLibrary);
  CHECK(options.asked == std::vector<bool>{false, true, false});
  CHECK(options.asked_pairs == std::vector<Question>{{true, 0, 2, 0}});
}

TEST_CASE("a copy of a photo is that photo") {
  const std::vector<std::string> library = {hash('a'), hash('b'), hash('a')};
  Person person;
  person.verdicts = {{VerdictKind::kStars, hash('a'), {}, 4, 1}};
  const auto options = not_again(person, {}, library);
  CHECK(options.asked == std::vector<bool>{true, false, true});
  CHECK(options.asked_pairs == std::vector<Question>{{true, 0, 2, 0}});  // and no question beside itself
}
