#include "study_log.h"

#include <fmt/format.h>

#include <limits>

#include "json_number.h"
#include "paa/core/error.h"

namespace paa::eval {
namespace {

double number(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

}  // namespace

StudyLog::StudyLog(const std::filesystem::path& path, const Json& heading) : path_(path) {
  if (path.empty()) return;
  read(heading);
  // Written anew from what is whole, so that nothing is appended to half a line.
  file_.open(path, std::ios::trunc);
  file_ << to_text(heading) << '\n';
  const auto known = std::move(done_);
  done_.clear();
  for (const auto& [key, figures] : known) add(std::get<0>(key), std::get<1>(key), std::get<2>(key), figures);
  if (!file_) throw Error(ErrorCode::kIo, fmt::format("{}: cannot be written", path.string()));
}

void StudyLog::read(const Json& heading) {
  std::ifstream file(path_);
  std::string line;
  if (!std::getline(file, line) || line != to_text(heading)) return;
  while (std::getline(file, line)) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) continue;
    PersonFigures person;
    for (std::size_t i = 0; i < kMetrics; ++i) person.figures[static_cast<Metric>(i)] = number(json["figures"][i]);
    person.level_error = json["level_error"].get<std::vector<double>>();
    person.level_count = json["level_count"].get<std::vector<double>>();
    done_[{json["method"], json["k"], json["person"]}] = std::move(person);
  }
}

const PersonFigures* StudyLog::find(const std::string& method, int k, std::size_t person) const {
  const auto found = done_.find({method, k, person});
  return found == done_.end() ? nullptr : &found->second;
}

void StudyLog::add(const std::string& method, int k, std::size_t person, PersonFigures figures) {
  if (file_.is_open()) {
    Json values = Json::array();
    for (const double figure : figures.figures) values.push_back(json_number(figure));
    file_ << to_text({{"method", method},
                      {"k", k},
                      {"person", person},
                      {"figures", values},
                      {"level_error", figures.level_error},
                      {"level_count", figures.level_count}})
          << '\n'
          << std::flush;
    if (!file_) throw Error(ErrorCode::kIo, fmt::format("{}: cannot be written; is the disk full?", path_.string()));
  }
  done_[{method, k, person}] = std::move(figures);
}

}  // namespace paa::eval
