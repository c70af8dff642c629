// metrics.jsonl: whole lines, and what came after a checkpoint is cut off.

#include "metrics_file.h"

#include "catch.h"
#include "core/temporary_folder.h"
#include "paa/core/file.h"
#include "paa/core/json.h"

namespace {

paa::TrainingStep numbered(std::int64_t number) {
  paa::TrainingStep step;
  step.step = number;
  step.loss = 1.0 / static_cast<double>(number);
  return step;
}

std::vector<std::int64_t> steps_in(const std::filesystem::path& file) {
  const std::string text = paa::read_text_file(file, 1 << 20);
  std::vector<std::int64_t> steps;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    REQUIRE(end != std::string::npos);
    steps.push_back(paa::parse_json(std::string_view(text).substr(begin, end - begin), "line")["step"].get<std::int64_t>());
    begin = end + 1;
  }
  return steps;
}

}  // namespace

TEST_CASE("metrics are cut to where a training is taken up and go on from there") {
  const TemporaryFolder folder;
  const auto path = folder / "metrics.jsonl";
  std::uint64_t kept = 0;
  {
    paa::MetricsFile file(path, 0);
    file.write(numbered(1));
    file.write(numbered(2));
    kept = file.flush();
    CHECK(kept == std::filesystem::file_size(path));
    file.write(numbered(3));
  }
  CHECK((steps_in(path) == std::vector<std::int64_t>{1, 2, 3}));
  {
    paa::MetricsFile file(path, kept);
    CHECK((steps_in(path) == std::vector<std::int64_t>{1, 2}));
    file.write(numbered(7));
    const std::uint64_t length = file.flush();
    CHECK(length == std::filesystem::file_size(path));
  }
  CHECK((steps_in(path) == std::vector<std::int64_t>{1, 2, 7}));
  { const paa::MetricsFile anew(path, 0); }
  CHECK(std::filesystem::file_size(path) == 0);
}

TEST_CASE("a validation stands in the line of its step only") {
  const TemporaryFolder folder;
  const auto path = folder / "metrics.jsonl";
  {
    paa::MetricsFile file(path, 0);
    paa::TrainingStep step = numbered(1);
    file.write(step);
    step.validation = 0.25;
    file.write(step);
  }
  const std::string text = paa::read_text_file(path, 1 << 20);
  const auto second = text.find('\n') + 1;
  CHECK(text.substr(0, second).find("validation_srocc") == std::string::npos);
  CHECK(paa::parse_json(text.substr(second), "line")["validation_srocc"].get<double>() == 0.25);
}

TEST_CASE("a metrics file that cannot be made is an error with its name") {
  try {
    const paa::MetricsFile file("/nonexistent/metrics.jsonl", 0);
    FAIL("it was made");
  } catch (const paa::Error& error) {
    CHECK(error.code() == paa::ErrorCode::kIo);
    CHECK_THAT(error.what(), Catch::Contains("/nonexistent/metrics.jsonl"));
  }
}
