#include "score_format.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "plain_line.h"

namespace paa::cli {
namespace {

using OrderedJson = nlohmann::ordered_json;

double six_decimals(double value) { return std::round(value * 1e6) / 1e6; }

std::string json_line(const OrderedJson& value) {
  return value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

void add_reasons(const Reasons& reasons, OrderedJson& line) {
  line["usual"] = six_decimals(reasons.usual);
  line["reasons"] = OrderedJson::array();
  for (const auto& reason : reasons.reasons) {
    line["reasons"].push_back({{"text", reason.text}, {"points", six_decimals(reason.points)}});
  }
}

std::string json_photo(const ScoreRun& run, const ScoredPhoto& photo) {
  if (photo.failed()) return json_line({{"photo", photo.path.string()}, {"error", photo.error}});
  const Score& score = photo.scores.front();
  OrderedJson levels;
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) levels[kLevelNames[i]] = six_decimals(score.levels[i]);
  OrderedJson line = {{"photo", photo.path.string()},
                      {"score", six_decimals(score.mean)},
                      {"spread", six_decimals(score.spread)},
                      {"scale", {run.model.scale_low, run.model.scale_high}},
                      {"levels", levels},
                      {"model", run.model.hash},
                      {"profile", profile_to_json(run.profile)}};
  if (photo.reasons) add_reasons(*photo.reasons, line);
  return json_line(line);
}

std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_header(const ScoreRun& run) {
  return fmt::format("photo,score,spread,scale_low,scale_high,{},model,profile,{}error\n", fmt::join(kLevelNames, ","),
                     run.personal ? "reasons," : "");
}

std::string csv_photo(const ScoreRun& run, const ScoredPhoto& photo) {
  const std::string name = csv_field(photo.path.string());
  if (photo.failed()) return fmt::format("{},,,,,,,,,,,,{}{}\n", name, run.personal ? "," : "", csv_field(photo.error));
  const Score& score = photo.scores.front();
  std::string levels;
  for (const double level : score.levels) levels += fmt::format(",{}", six_decimals(level));
  const std::string reasons = run.personal ? csv_field(reasons_text(*photo.reasons)) + "," : "";
  return fmt::format("{},{},{},{},{}{},{},{},{}\n", name, six_decimals(score.mean), six_decimals(score.spread),
                     run.model.scale_low, run.model.scale_high, levels, run.model.hash,
                     csv_field(to_text(profile_to_json(run.profile))), reasons);
}

std::string text_header(const ScoreRun& run) {
  return fmt::format("# scale {:g} to {:g}, model {} {}, for {}\n", run.model.scale_low, run.model.scale_high,
                     run.model.name, run.model.hash, plain_line(run.profile_text));
}

std::string text_photo(const ScoredPhoto& photo) {
  if (photo.failed()) return {};
  const Score& score = photo.scores.front();
  const std::string reasons = photo.reasons ? fmt::format("  ({})", reasons_text(*photo.reasons)) : "";
  return fmt::format("{:6.2f} ± {:.2f}  {}{}\n", score.mean, score.spread, plain_line(photo.path.string()), reasons);
}

}  // namespace

std::string format_header(ScoreFormat format, const ScoreRun& run) {
  switch (format) {
    case ScoreFormat::kText: return text_header(run);
    case ScoreFormat::kCsv: return csv_header(run);
    case ScoreFormat::kJson: break;
  }
  return {};
}

std::string format_photo(ScoreFormat format, const ScoreRun& run, const ScoredPhoto& photo) {
  switch (format) {
    case ScoreFormat::kText: return text_photo(photo);
    case ScoreFormat::kCsv: return csv_photo(run, photo);
    case ScoreFormat::kJson: break;
  }
  return json_photo(run, photo);
}

}  // namespace paa::cli
