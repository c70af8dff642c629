#pragma once
// The options that describe a person: --profile FILE.json and one flag for each field.

#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "paa/core/json.h"
#include "paa/person/profile.h"

namespace paa::cli {

/// A person to score for.
struct NamedProfile {
  std::string name;  ///< the profile file's name without ".json"; "this person" or "anyone" where there is no file
  Profile profile;
};

/// How often --profile may be given.
enum class ProfileFiles { kOne, kAny };

/// Collects what the command line says of the person. It must outlive the parse; the app refers to it.
class ProfileOptions {
 public:
  ProfileOptions(CLI::App& app, ProfileFiles files);
  ProfileOptions(const ProfileOptions&) = delete;
  ProfileOptions& operator=(const ProfileOptions&) = delete;

  /// One person for each --profile, in order, with the flags laid over each file's fields; without a file one person
  /// from the flags alone. Errors: those of read_profile; CLI::ValidationError for a flag's value.
  std::vector<NamedProfile> people() const;

  /// Whether a file or a flag was given.
  bool given() const { return !files_.empty() || !flags_.empty(); }

 private:
  std::vector<std::filesystem::path> files_;
  Json flags_ = Json::object();
};

}  // namespace paa::cli
