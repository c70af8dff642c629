#include "score_format.h"

#include "catch.h"
#include "sample_ranking.h"

using paa::cli::format_header;
using paa::cli::format_photo;
using paa::cli::ScoreFormat;
using paa::cli::ScoreRun;

namespace {

ScoreRun sample_run() {
  paa::Profile profile;
  profile.about = "I say \"no\", often.";
  return {sample_model(), profile, "anyone. I say \"no\", often."};
}

const auto kPhoto = photo_of("in/a,\"b\".png", {score_of({0, 0, 0.5, 0.5, 0})});
const paa::cli::ScoredPhoto kFailed{"bad.png", {}, {}, "bad.png: is empty, sorry"};

}  // namespace

TEST_CASE("JSON has its fields in the promised order") {
  CHECK(format_header(ScoreFormat::kJson, sample_run()).empty());
  CHECK(format_photo(ScoreFormat::kJson, sample_run(), kPhoto) ==
        R"({"photo":"in/a,\"b\".png","score":4.75,"spread":0.75,"scale":[1.0,7.0],)"
        R"("levels":{"bad":0.0,"poor":0.0,"fair":0.5,"good":0.5,"excellent":0.0},)"
        R"("model":"0123456789ab","profile":{"about":"I say \"no\", often."}})"
        "\n");
  CHECK(format_photo(ScoreFormat::kJson, sample_run(), kFailed) ==
        "{\"photo\":\"bad.png\",\"error\":\"bad.png: is empty, sorry\"}\n");
}

TEST_CASE("CSV quotes what needs it and has as many fields on every line") {
  CHECK(format_header(ScoreFormat::kCsv, sample_run()) ==
        "photo,score,spread,scale_low,scale_high,bad,poor,fair,good,excellent,model,profile,error\n");
  CHECK(format_photo(ScoreFormat::kCsv, sample_run(), kPhoto) ==
        "\"in/a,\"\"b\"\".png\",4.75,0.75,1,7,0,0,0.5,0.5,0,0123456789ab,"
        "\"{\"\"about\"\":\"\"I say \\\"\"no\\\"\", often.\"\"}\",\n");
  CHECK(format_photo(ScoreFormat::kCsv, sample_run(), kFailed) == "bad.png,,,,,,,,,,,,\"bad.png: is empty, sorry\"\n");
}

TEST_CASE("text is a remark and one short line a photo") {
  CHECK(format_header(ScoreFormat::kText, sample_run()) ==
        "# scale 1 to 7, model tiny 0123456789ab, for anyone. I say \"no\", often.\n");
  CHECK(format_photo(ScoreFormat::kText, sample_run(), kPhoto) == "  4.75 ± 0.75  in/a,\"b\".png\n");
  CHECK(format_photo(ScoreFormat::kText, sample_run(), kFailed).empty());
}

TEST_CASE("a file name that is no UTF-8 still gives valid JSON") {
  const auto photo = photo_of("caf\xE9.png", {score_of({1, 0, 0, 0, 0})});
  CHECK_NOTHROW(paa::parse_json(format_photo(ScoreFormat::kJson, sample_run(), photo), "line"));
}
