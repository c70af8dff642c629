#include "paa/person/profile.h"

#include <fmt/format.h>

#include "paa/core/error.h"
#include "text_fault.h"

namespace paa {
namespace {

constexpr int kMaxAge = 120;

struct TextField {
  const char* key;
  std::optional<std::string> Profile::* value;
};
constexpr TextField kTextFields[] = {{"gender", &Profile::gender},
                                     {"education", &Profile::education},
                                     {"nationality", &Profile::nationality},
                                     {"art_experience", &Profile::art_experience},
                                     {"photography_experience", &Profile::photography_experience}};

struct Trait {
  const char* key;
  std::optional<int> BigFive::* value;
};
constexpr Trait kTraits[] = {{"openness", &BigFive::openness},
                             {"conscientiousness", &BigFive::conscientiousness},
                             {"extraversion", &BigFive::extraversion},
                             {"agreeableness", &BigFive::agreeableness},
                             {"neuroticism", &BigFive::neuroticism}};

/// A field that is refused, and why.
struct Fault {
  std::string key;
  std::string what;
};

std::optional<Fault> age_fault(const Profile& profile) {
  if (profile.age && (*profile.age < 1 || *profile.age > kMaxAge)) {
    return Fault{"age", fmt::format("is {}; it must be 1 to {} years", *profile.age, kMaxAge)};
  }
  if (!profile.age_range) return std::nullopt;
  if (profile.age) return Fault{"age_range", "cannot stand beside \"age\"; give one of them"};
  const auto [low, high] = *profile.age_range;
  if (low < 1 || high > kMaxAge || low > high) {
    return Fault{"age_range", fmt::format("is {} to {}; it must go upwards within 1 to {} years", low, high, kMaxAge)};
  }
  return std::nullopt;
}

std::optional<Fault> number_fault(const Profile& profile) {
  if (auto fault = age_fault(profile)) return fault;
  if (profile.art_interest && !(*profile.art_interest >= 0 && *profile.art_interest <= 6)) {
    return Fault{"art_interest", fmt::format("is {}; it must be 0 to 6", *profile.art_interest)};
  }
  for (const auto& [key, value] : kTraits) {
    const auto score = profile.personality.*value;
    if (score && (*score < 1 || *score > 10)) {
      return Fault{fmt::format("personality.{}", key), fmt::format("is {}; it must be 1 to 10", *score)};
    }
  }
  return std::nullopt;
}

std::optional<Fault> find_fault(const Profile& profile) {
  if (auto fault = number_fault(profile)) return fault;
  for (const auto& [key, value] : kTextFields) {
    if (!(profile.*value)) continue;
    if (auto what = text_fault(*(profile.*value), kMaxProfileFieldBytes, false)) return Fault{key, *what};
  }
  if (profile.interests.size() > kMaxProfileInterests) {
    return Fault{"interests", fmt::format("has {} entries, more than the limit of {}", profile.interests.size(),
                                          kMaxProfileInterests)};
  }
  for (std::size_t i = 0; i < profile.interests.size(); ++i) {
    if (auto what = text_fault(profile.interests[i], kMaxProfileFieldBytes, false)) {
      return Fault{fmt::format("interests[{}]", i), *what};
    }
  }
  if (!profile.about) return std::nullopt;
  if (auto what = text_fault(*profile.about, kMaxProfileAboutBytes, true)) return Fault{"about", *what};
  return std::nullopt;
}

std::optional<std::pair<int, int>> read_age_range(const JsonReader& reader) {
  const auto range = reader.find<std::vector<int>>("age_range");
  if (!range) return std::nullopt;
  if (range->size() != 2) reader.fail("age_range", "must be two whole numbers, such as [18, 21]");
  return std::pair((*range)[0], (*range)[1]);
}

BigFive read_personality(const JsonReader& reader) {
  BigFive personality;
  if (!reader.find<Json>("personality")) return personality;
  const JsonReader traits = reader.object("personality");
  for (const auto& [key, value] : kTraits) personality.*value = traits.find<int>(key);
  traits.refuse_unknown();
  return personality;
}

}  // namespace

bool Profile::empty() const { return *this == Profile(); }

void check_profile(const Profile& profile, std::string_view origin) {
  if (const auto fault = find_fault(profile)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: \"{}\" {}", origin, fault->key, fault->what));
  }
}

Profile profile_from_json(const Json& json, std::string_view origin) {
  const JsonReader reader(json, std::string(origin));
  Profile profile;
  profile.age = reader.find<int>("age");
  profile.age_range = read_age_range(reader);
  for (const auto& [key, value] : kTextFields) profile.*value = reader.find<std::string>(key);
  profile.art_interest = reader.find<double>("art_interest");
  profile.colour_blind = reader.find<bool>("colour_blind");
  profile.personality = read_personality(reader);
  profile.interests = reader.get_or("interests", std::vector<std::string>());
  profile.about = reader.find<std::string>("about");
  reader.refuse_unknown();
  if (const auto fault = find_fault(profile)) reader.fail(fault->key, fault->what);
  return profile;
}

Profile read_profile(const std::filesystem::path& path) { return profile_from_json(read_json(path), path.string()); }

Json profile_to_json(const Profile& profile) {
  Json json = Json::object();
  if (profile.age) json["age"] = *profile.age;
  if (profile.age_range) json["age_range"] = {profile.age_range->first, profile.age_range->second};
  for (const auto& [key, value] : kTextFields) {
    if (profile.*value) json[key] = *(profile.*value);
  }
  if (profile.art_interest) json["art_interest"] = *profile.art_interest;
  if (profile.colour_blind) json["colour_blind"] = *profile.colour_blind;
  for (const auto& [key, value] : kTraits) {
    if (profile.personality.*value) json["personality"][key] = *(profile.personality.*value);
  }
  if (!profile.interests.empty()) json["interests"] = profile.interests;
  if (profile.about) json["about"] = *profile.about;
  return json;
}

}  // namespace paa
