// Where an answer is cut.

#include "paa/interview/clauses.h"

#include "catch.h"

namespace {

const paa::ClauseWords kWords{{"but", "and i"}, {"than", "rather than"}, {"rather", "prefer", "rather than"}};

std::vector<std::string> cut(const std::string& answer) {
  std::vector<std::string> pieces;
  for (const auto& clause : paa::clauses_of(answer, kWords)) {
    pieces.push_back((clause.opposite ? "!" : "") + std::string(clause.of(answer)));
  }
  return pieces;
}

using Pieces = std::vector<std::string>;

}  // namespace

TEST_CASE("Answers are cut at sentences, turns and comparisons", "[clauses]") {
  CHECK(cut("I love dogs. Cats, never!") == Pieces{"I love dogs", "Cats, never"});
  CHECK(cut("I love dogs, but not cats") == Pieces{"I love dogs", "not cats"});
  CHECK(cut("dogs\ncats") == Pieces{"dogs", "cats"});
  CHECK(cut("I'd rather see dogs than cats.") == Pieces{"I'd rather see dogs", "!cats"});
  CHECK(cut("dogs rather than cats") == Pieces{"dogs", "!cats"});
  CHECK(cut("older than me") == Pieces{"older than me"});
  CHECK(cut("I see a butterfly") == Pieces{"I see a butterfly"});
  CHECK(cut("").empty());
  CHECK(cut("... !?, -").empty());
  CHECK(cut("Bäume, sagt sie. Häuser nicht") == Pieces{"Bäume, sagt sie", "Häuser nicht"});
}

TEST_CASE("Cutting takes any bytes and never leaves the answer", "[clauses]") {
  unsigned seed = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string answer;
    for (int i = 0; i < 40; ++i) {
      seed = seed * 1664525 + 1013904223;
      const char* const words[] = {"but ", "than ", "rather ", "\xff", "a", ".", ",", " ", "\n", "and i "};
      answer += words[(seed >> 24) % 10];
    }
    std::size_t at = 0;
    for (const auto& clause : paa::clauses_of(answer, kWords)) {
      REQUIRE(clause.begin >= at);
      REQUIRE(clause.end > clause.begin);
      REQUIRE(clause.end <= answer.size());
      at = clause.end;
    }
  }
}
