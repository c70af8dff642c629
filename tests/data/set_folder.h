#pragma once
// A folder in which a test makes the files of a set, and what reading them says.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "../core/refusal.h"
#include "../core/temporary_folder.h"
#include "catch.h"
#include "paa/core/file.h"

class SetFolder {
 public:
  std::filesystem::path root() const { return *folder_ / "set"; }

  /// Writes a file and the folders it lies in.
  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const auto path = root() / name;
    std::filesystem::create_directories(path.parent_path());
    paa::write_file(path, text);
    return path;
  }

 private:
  std::shared_ptr<TemporaryFolder> folder_ = std::make_shared<TemporaryFolder>();
};

/// What an error of a table must be: of bad format, beginning with the place.
#define CHECK_REFUSED_AT(call, place, words)                             \
  do {                                                                   \
    const Refusal refused_ = refusal([&] { call; });                     \
    CHECK(refused_.code == paa::ErrorCode::kBadFormat);                  \
    CHECK_THAT(refused_.message, Catch::Matchers::Contains(place ": ")); \
    CHECK_THAT(refused_.message, Catch::Matchers::Contains(words));      \
  } while (false)
