#pragma once
// Committed fixtures and goldens, a folder for files made by a test, and what an error says.

#include <filesystem>
#include <functional>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/file.h"
#include "paa/core/json.h"

inline std::filesystem::path data_path(const std::string& name) { return std::filesystem::path(PAA_TEST_DATA) / name; }

inline paa::Json golden(const std::string& name) { return paa::read_json(data_path(name)); }

/// A folder that vanishes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device random;
    do {
      path_ = std::filesystem::temp_directory_path() / ("paa-checkpoint-" + std::to_string(random()));
    } while (!std::filesystem::create_directory(path_));
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The message of the paa::Error that `action` throws, after checking its code.
inline std::string error_of(paa::ErrorCode code, const std::function<void()>& action) {
  try {
    action();
  } catch (const paa::Error& e) {
    INFO(e.what());
    CHECK(paa::to_string(e.code()) == std::string(paa::to_string(code)));
    return e.what();
  }
  FAIL_CHECK("no error was thrown");
  return {};
}
