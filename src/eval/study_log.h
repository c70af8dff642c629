#pragma once
// What a study has done so far, in a file of JSON lines that only grows.

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "paa/core/json.h"
#include "paa/eval/metrics.h"

namespace paa::eval {

/// One person's figures of one row.
struct PersonFigures {
  Figures figures{};
  std::vector<double> level_error;  ///< sum of absolute errors, by rating level
  std::vector<double> level_count;
};

/// Keys: method, k, person.
class StudyLog {
 public:
  /// Empty path: remembers for as long as it lives only. A file that does not begin with `heading` is begun anew; a
  /// last line that was cut off is not counted. Error: kIo.
  StudyLog(const std::filesystem::path& path, const Json& heading);

  const PersonFigures* find(const std::string& method, int k, std::size_t person) const;
  void add(const std::string& method, int k, std::size_t person, PersonFigures figures);

 private:
  void read(const Json& heading);

  std::filesystem::path path_;
  std::ofstream file_;
  std::map<std::tuple<std::string, int, std::size_t>, PersonFigures> done_;
};

}  // namespace paa::eval
