#include "paa/person/evidence.h"

#include "catch.h"
#include "sample_person.h"

using paa::current_verdicts;
using paa::Verdict;
using paa::VerdictKind;

TEST_CASE("Of several verdicts of one question the last one holds", "[evidence]") {
  const std::vector<Verdict> said = {stars('a', 2, 10), stars('b', 3, 20), stars('a', 6, 30)};
  CHECK(current_verdicts(said) == std::vector<Verdict>{stars('b', 3, 20), stars('a', 6, 30)});
}

TEST_CASE("What was said last counts, not what stands last", "[evidence]") {
  CHECK(current_verdicts(std::vector<Verdict>{stars('a', 6, 30), stars('a', 2, 10)}) ==
        std::vector<Verdict>{stars('a', 6, 30)});
  CHECK(current_verdicts(std::vector<Verdict>{stars('a', 6, 30), stars('a', 2, 30)}) ==
        std::vector<Verdict>{stars('a', 2, 30)});
}

TEST_CASE("A choice the other way round takes the place of the first", "[evidence]") {
  const std::vector<Verdict> said = {preference('a', 'b', 1), preference('b', 'a', 2)};
  CHECK(current_verdicts(said) == std::vector<Verdict>{preference('b', 'a', 2)});
}

TEST_CASE("Stars, choices and keep or reject are questions of their own", "[evidence]") {
  const Verdict keep{VerdictKind::kKeep, photo_hash('a'), {}, 0, 2},
      reject{VerdictKind::kReject, photo_hash('a'), {}, 0, 3};
  const std::vector<Verdict> said = {stars('a', 2, 1), keep, reject, preference('a', 'b', 4)};
  CHECK(current_verdicts(said) == std::vector<Verdict>{stars('a', 2, 1), reject, preference('a', 'b', 4)});
}
