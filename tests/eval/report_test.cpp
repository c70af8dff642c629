#include "paa/eval/report.h"

#include <cmath>
#include <map>
#include <set>

#include "catch.h"
#include "paa/core/error.h"
#include "planted_table.h"

using namespace paa;
using namespace paa::eval;

namespace {

// Knows each photo's quality, and women's and men's tastes as planted_table has them.
ProfileScorer planted_scorer(const RatingTable& table) {
  std::vector<double> sum(table.photos.size()), count(table.photos.size());
  for (const auto& rating : table.ratings) {
    if (table.people[rating.person].split != Split::kTrain) continue;
    sum[rating.photo] += rating.value;
    ++count[rating.photo];
  }
  return [=](std::span<const Profile> profiles, std::span<const ProfilePhoto> pairs) {
    std::vector<Score> scores;
    for (const auto& pair : pairs) {
      const auto& gender = profiles[pair.profile].gender;
      const double taste = !gender ? 0 : *gender == "female" ? 1 : -1;
      Score score;
      score.mean = sum[pair.photo] / count[pair.photo] + (pair.photo % 2 == 1 ? taste : 0);
      score.spread = 1;
      scores.push_back(score);
    }
    return scores;
  };
}

std::set<std::string> names_of(const EvaluationReport& report) {
  std::set<std::string> names;
  for (const auto& row : report.rows) names.insert(row.name);
  return names;
}

const Difference& difference_of(const EvaluationReport& report, const std::string& row, const std::string& minus, int k = 0) {
  for (const auto& one : report.differences) {
    if (one.row == row && one.minus == minus && one.k == k) return one;
  }
  FAIL("no difference " << row << " less " << minus);
  throw;
}

}  // namespace

TEST_CASE("a planted effect of the profile shows, and shuffling destroys it") {
  const RatingTable table = planted_table();
  const auto report = evaluate_protocol(table, Protocol::kZeroShot, planted_scorer(table));
  CHECK(names_of(report) == std::set<std::string>{kGenericRow, kProfileRow, kShuffledRow, kCoarseRow, kPeopleMeanRow, kTrainMeanRow});
  const auto srocc = [&](const char* row) { return (*report.find(row))[Metric::kSrocc].mean; };
  CHECK(srocc(kProfileRow) > srocc(kGenericRow));
  CHECK(srocc(kGenericRow) > srocc(kShuffledRow));
  CHECK(difference_of(report, kProfileRow, kGenericRow)[Metric::kSrocc].low > 0);
  CHECK(difference_of(report, kProfileRow, kShuffledRow)[Metric::kSrocc].low > 0);
  // The scorer reads nothing but the gender, which the coarse profile keeps.
  CHECK(srocc(kCoarseRow) == srocc(kProfileRow));
  CHECK(difference_of(report, kCoarseRow, kGenericRow)[Metric::kSrocc].low > 0);
  CHECK(report.find(kShuffledRow)->repeats == 5);
  CHECK(report.people.size() == 6);
  CHECK(report.ratings == 90);
  CHECK(report.photos == 15);
}

TEST_CASE("the coarse row says age and gender and nothing else") {
  const RatingTable table = planted_table();
  std::map<std::string, std::size_t> seen;
  const auto inner = planted_scorer(table);
  evaluate_protocol(table, Protocol::kZeroShot, [&](std::span<const Profile> profiles, std::span<const ProfilePhoto> pairs) {
    for (const auto& pair : pairs) ++seen[to_text(profile_to_json(profiles[pair.profile]))];
    return inner(profiles, pairs);
  });
  CHECK(seen.at("{}") == 90);
  CHECK(seen.at(R"({"age":33,"gender":"male"})") == 15);
  // Own profile once, and in each of five shuffles with somebody else.
  CHECK(seen.at(R"({"age":33,"education":"university","gender":"male"})") == 6 * 15);
}

TEST_CASE("generic asks without a profile only") {
  const RatingTable table = planted_table();
  const auto report = evaluate_protocol(table, Protocol::kGeneric, planted_scorer(table));
  CHECK(names_of(report) == std::set<std::string>{kGenericRow, kPeopleMeanRow, kTrainMeanRow});
  // The planted scorer without a profile is the mean of the training people.
  CHECK(report.find(kGenericRow)->photo_srocc == Approx(report.find(kPeopleMeanRow)->photo_srocc));
}

TEST_CASE("ratings of a person lower the error, and move no order") {
  const RatingTable table = planted_table();
  ReportOptions options;
  options.k = {5, 30};
  const auto report = evaluate_protocol(table, Protocol::kKShot, planted_scorer(table), options);
  const RowResult& generic = *report.find(kGenericRow);
  CHECK((*report.find(kPersonMeanRow, 5))[Metric::kSrocc].mean == Approx(generic[Metric::kSrocc].mean));
  CHECK((*report.find(kPersonMeanRow, 30))[Metric::kMae].mean < generic[Metric::kMae].mean);
  CHECK(report.find(kPersonMeanRow, 5)->repeats == 10);
  CHECK(report.find(kPersonMeanRow, 30)->pooled[Metric::kCoverage95] > 0.9);
}

TEST_CASE("what a reader makes of the support is paired with the same of another person") {
  const RatingTable table = planted_table();
  ReportOptions options;
  options.k = {10, 25};
  options.draws = 4;
  options.support_draws = 2;
  options.support_name = "tastes";
  std::set<std::size_t> sizes;
  // Reads the planted taste off the ratings: odd photos above even ones.
  options.support_reader = [&](const RatingTable& all, std::uint32_t person, std::span<const Rating> support) {
    sizes.insert(support.size());
    double odd = 0, even = 0;
    for (const auto& rating : support) {
      CHECK(rating.person == person);
      CHECK(all.photos[rating.photo].split != Split::kTest);
      (rating.photo % 2 == 1 ? odd : even) += rating.value / static_cast<double>(support.size());
    }
    Profile profile;
    profile.gender = odd > even ? "female" : "male";
    return profile;
  };
  const auto report = evaluate_protocol(table, Protocol::kKShot, planted_scorer(table), options);
  CHECK(sizes == std::set<std::size_t>{10, 25});
  CHECK(report.find("tastes", 25)->repeats == 2);
  CHECK(difference_of(report, "tastes", "shuffled tastes", 25)[Metric::kSrocc].low > 0);
  CHECK(difference_of(report, "tastes", kGenericRow, 25)[Metric::kSrocc].mean > 0);
}

TEST_CASE("the seed alone decides a report") {
  const RatingTable table = planted_table();
  const auto json = [&](std::uint64_t seed) {
    ReportOptions options;
    options.seed = seed;
    return report_to_json(evaluate_protocol(table, Protocol::kZeroShot, planted_scorer(table), options));
  };
  CHECK(json(1) == json(1));
  CHECK(json(1)["rows"] != json(2)["rows"]);
}

TEST_CASE("the JSON holds each figure, and null where it is not defined") {
  const RatingTable table = planted_table();
  const Json json = report_to_json(evaluate_protocol(table, Protocol::kZeroShot, planted_scorer(table)));
  CHECK(json["protocol"] == "zero-shot");
  CHECK(json["counts"]["people"] == 6);
  CHECK(json["retest"].is_null());
  REQUIRE(json["rows"].size() == 6);
  const Json& constant = json["rows"][5];
  CHECK(constant["row"] == kTrainMeanRow);
  CHECK(constant["per_person"]["srocc"]["mean"].is_null());
  CHECK(constant["per_person"]["mae"]["mean"].is_number());
  CHECK(json["people"][0]["person"] == "p13");
  CHECK(json["people"][0]["rows"].size() == 6);
  CHECK(json["people"][0]["rows"][5]["srocc"].is_null());
}

TEST_CASE("one test person has nobody to swap with, and no training people leave out their rows") {
  RatingTable table = planted_table();
  const auto scorer = planted_scorer(table);
  for (auto& person : table.people) person.split = Split::kNone;
  table.people[13].split = Split::kTest;
  const auto report = evaluate_protocol(table, Protocol::kZeroShot, scorer);
  CHECK(names_of(report) == std::set<std::string>{kGenericRow, kProfileRow, kCoarseRow});
  CHECK((*report.find(kProfileRow))[Metric::kSrocc].people == 1);
}

TEST_CASE("options out of range and a scorer that is short of scores are refused") {
  const RatingTable table = planted_table();
  const auto scorer = planted_scorer(table);
  const auto refused = [&](const auto& change) {
    ReportOptions options;
    options.k = {5, 10};
    change(options);
    CHECK_THROWS_AS(evaluate_protocol(table, Protocol::kKShot, scorer, options), Error);
  };
  refused([](ReportOptions& options) { options.k = {10, 10}; });
  refused([](ReportOptions& options) { options.k = {}; });
  refused([](ReportOptions& options) { options.k = {0}; });
  refused([](ReportOptions& options) { options.draws = 0; });
  refused([](ReportOptions& options) { options.shuffles = 0; });
  refused([](ReportOptions& options) {
    options.support_reader = [](auto&&...) { return Profile(); };
    options.support_draws = 11;
  });
  const auto short_scorer = [](auto&&, auto&&) { return std::vector<Score>(); };
  CHECK_THROWS_AS(evaluate_protocol(table, Protocol::kGeneric, short_scorer), Error);
}
