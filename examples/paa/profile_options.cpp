#include "profile_options.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>

namespace paa::cli {
namespace {

constexpr const char* kGroup = "The person; whatever is left out is not said, and a flag wins over the file";

template <class T>
void add_field(CLI::App& app, const std::string& flag, Json& object, const std::string& key, const std::string& help) {
  app.add_option_function<T>(flag, [&object, key](const T& value) { object[key] = value; }, help)->group(kGroup);
}

void add_trait(CLI::App& app, Json& flags, const std::string& trait) {
  app.add_option_function<int>(
         "--" + trait, [&flags, trait](int value) { flags["personality"][trait] = value; }, "Big Five trait, 1 to 10")
      ->group(kGroup);
}

// One word of the command line each time, or the photos after it would become interests.
void add_interests(CLI::App& app, Json& flags) {
  app.add_option_function<std::vector<std::string>>(
         "--interest", [&flags](const std::vector<std::string>& interests) { flags["interests"] = interests; },
         "An interest; may be given several times")
      ->group(kGroup)
      ->option_text("TEXT")
      ->allow_extra_args(false);
}

// Flags win over the file; an exact age and a range exclude each other, so the flag's takes the place of the file's.
Json laid_over(Json fields, const Json& flags) {
  if (flags.contains("age")) fields.erase("age_range");
  fields.merge_patch(flags);
  return fields;
}

Profile checked_flags(const Json& flags) {
  try {
    return profile_from_json(flags, "command line");
  } catch (const Error& e) {
    throw CLI::ValidationError(e.what());
  }
}

// Two files of one name are told apart by their paths.
void make_names_distinct(std::vector<NamedProfile>& people, const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> names;
  for (const auto& person : people) names.push_back(person.name);
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (std::count(names.begin(), names.end(), names[i]) > 1) people[i].name = files[i].string();
  }
}

}  // namespace

ProfileOptions::ProfileOptions(CLI::App& app, ProfileFiles files) {
  auto* file = app.add_option("--profile", files_,
                              files == ProfileFiles::kOne
                                  ? "JSON with these fields: {\"age\": 31, \"about\": \"...\"}"
                                  : "JSON with these fields, as {\"age\": 31}; again for each further person");
  file->option_text("FILE.json")->group(kGroup)->allow_extra_args(false);
  if (files == ProfileFiles::kOne) file->expected(1);
  add_field<int>(app, "--age", flags_, "age", "In years, 1 to 120");
  add_field<std::string>(app, "--gender", flags_, "gender", "female, male, or another word");
  add_field<std::string>(app, "--education", flags_, "education", "In words: \"high school\", university");
  add_field<std::string>(app, "--nationality", flags_, "nationality", "In words: Swedish");
  add_field<std::string>(app, "--art-experience", flags_, "art_experience",
                         "beginner, competent, proficient or expert");
  add_field<std::string>(app, "--photography-experience", flags_, "photography_experience", "The same four");
  add_field<double>(app, "--art-interest", flags_, "art_interest", "0 to 6, as the VAIAK questionnaire has it");
  add_field<bool>(app, "--colour-blind", flags_, "colour_blind", "true or false");
  for (const char* trait : {"openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism"}) {
    add_trait(app, flags_, trait);
  }
  add_interests(app, flags_);
  add_field<std::string>(app, "--about", flags_, "about", "What the person likes, in free words");
}

std::vector<NamedProfile> ProfileOptions::people() const {
  const Profile from_flags = checked_flags(flags_);
  if (files_.empty()) return {{from_flags.empty() ? "anyone" : "this person", from_flags}};
  std::vector<NamedProfile> people;
  for (const auto& file : files_) {
    const Json fields = profile_to_json(read_profile(file));
    people.push_back({file.stem().string(), profile_from_json(laid_over(fields, flags_), file.string())});
  }
  make_names_distinct(people, files_);
  return people;
}

}  // namespace paa::cli
