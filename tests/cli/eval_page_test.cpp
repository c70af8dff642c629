#include "eval_page.h"

#include <limits>
#include <string>
#include <vector>

#include "catch.h"
#include "eval_text.h"
#include "sample_evaluation.h"

using Catch::Matchers::Contains;
using namespace paa::cli;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("figures have three decimals, and what is not defined a dash") {
  CHECK(number_text(0.12345) == "0.123");
  CHECK(number_text(-0.0001) == "0.000");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN()) == "-");
  CHECK(interval_text({0.5, 0.4, 0.6, 3}) == "0.500 [0.400, 0.600]");
}

TEST_CASE("the text says set, protocol, seed and numbers, and its columns stand in line") {
  const ModelReport sample = sample_evaluation();
  const std::string text = eval_text({&sample, 1});
  CHECK_THAT(text, Contains("# model tiny 0123456789ab\n") &&
                       Contains("# tiny, protocol zero-shot: 2 test people, 12 test photos, 19 ratings on a scale of 1 to 7; seed 0.\n"));
  CHECK_THAT(text, Contains("                      photo SROCC                 SROCC  pooled                  PLCC  pooled                 tau-b  pooled\n"
                            "generic (no profile)        0.250  0.250 [0.150, 0.350]   0.250  0.250 [0.150, 0.350]   0.250  0.250 [0.150, 0.350]   0.250\n"
                            "profile                     0.500  0.500 [0.400, 0.600]   0.500  0.500 [0.400, 0.600]   0.500  0.500 [0.400, 0.600]   0.500\n"));
  CHECK_THAT(text, Contains("profile less generic (no profile)  0.250 [0.250, 0.250]"));
}

TEST_CASE("several models begin with one table over all, told apart by their hash") {
  std::vector<ModelReport> both{sample_evaluation(), sample_evaluation()};
  both[1].model.hash = "ba9876543210";
  const std::string text = eval_text(both);
  CHECK(text.rfind("Models: SROCC\n", 0) == 0);
  CHECK_THAT(text, Contains("tiny 0123456789ab  0.250  0.250 [0.150, 0.350]  0.500 [0.400, 0.600]         -  0.250 [0.250, 0.250]") &&
                       Contains("tiny ba9876543210"));
  CHECK(count_of(eval_page(both), "<section>") == 2);
}

TEST_CASE("the page shows each person as a point that says who it is") {
  const ModelReport sample = sample_evaluation();
  const std::string page = eval_page({&sample, 1});
  CHECK(count_of(page, "<circle") == 2);
  CHECK_THAT(page, Contains("<title>anna, 9 ratings: 0.250, 0.500</title>") && Contains("class=\"same\""));
}

TEST_CASE("k-shot has curves that begin with what is known without ratings") {
  const ModelReport sample = sample_k_shot();
  const std::string page = eval_page({&sample, 1});
  CHECK(count_of(page, "<svg") == 3);
  CHECK_THAT(page, Contains("SROCC over k") && Contains("Mean absolute error over k"));
  // Two levels of two points and a curve over 0, 10 and 25, in two plots; and two people.
  CHECK(count_of(page, "<circle") == 2 * (2 + 2 + 3) + 2);
  CHECK(count_of(page, "<polygon") == 2);
}

TEST_CASE("steering has a point for each text that says it, its kinds and categories as tables") {
  const SteeredModel sample = sample_steering();
  const std::string page = eval_page({&sample, 1}), text = eval_text({&sample, 1});
  CHECK(count_of(page, "<circle") == 2);
  CHECK_THAT(page, Contains("<title>likes &lt;dogs&gt;: PLCC 0.800, slope 0.500</title>"));
  CHECK_THAT(text, Contains("# tiny, protocol steering: 2 texts of each kind, 12 test photos, scale 1 to 7; seed 0.\n"));
  CHECK_THAT(text, Contains("trained traits, trained wordings  0.700 [0.600, 0.800]  0.700 [0.600, 0.800]  0.700 [0.600, 0.800]"));
  CHECK_THAT(text, Contains("animals       3       0.250       1.000         -0.500                1.500\n"));
}

TEST_CASE("a planted taste stands among the notes") {
  ModelReport sample = sample_evaluation();
  CHECK_THAT(eval_text({&sample, 1}), !Contains("planted"));
  sample.report.planted = "gender=female:Animal:1";
  CHECK_THAT(eval_text({&sample, 1}), Contains("gender=female:Animal:1 was planted"));
}

TEST_CASE("the page refers to nothing outside it, and no name becomes markup") {
  ModelReport sample = sample_evaluation();
  const std::string attack = "</title></svg><script>\"'&";
  sample.model.name = sample.model.data_note = sample.report.set = sample.report.people[0] = attack;
  const std::string page = eval_page({&sample, 1});
  CHECK(count_of(page, "<script") == 0);
  CHECK(count_of(page, "http") == 1);  // http-equiv
  CHECK(count_of(page, "</svg>") == 1);
  CHECK_THAT(page, Contains("default-src 'none'") && !Contains("src=") && !Contains("href="));
}
