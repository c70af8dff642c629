#include "person_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "paa/interview/preference_concepts.h"
#include "paa/person/spoken_profile.h"
#include "plain_line.h"

namespace paa::cli {
namespace {

std::size_t count(const std::vector<Verdict>& verdicts, std::initializer_list<VerdictKind> kinds) {
  return static_cast<std::size_t>(std::count_if(verdicts.begin(), verdicts.end(), [&](const Verdict& verdict) {
    return std::find(kinds.begin(), kinds.end(), verdict.kind) != kinds.end();
  }));
}

std::string place_of(const Person& person, const std::string& sha256) {
  const auto known = person.photos.find(sha256);
  return known == person.photos.end() || known->second.path.empty() ? sha256.substr(0, 12) : known->second.path;
}

std::string verdict_text(const Person& person, const Verdict& verdict) {
  const std::string photo = plain_line(place_of(person, verdict.photo));
  if (verdict.kind == VerdictKind::kStars) return fmt::format("{:>6g}  {}\n", verdict.stars, photo);
  if (verdict.kind != VerdictKind::kPreference) return fmt::format("{:>6}  {}\n", to_string(verdict.kind), photo);
  return fmt::format("better  {}\n  than  {}\n", photo, plain_line(place_of(person, verdict.other)));
}

std::string concepts_text(const Person& person) {
  std::string text;
  for (const auto& subject : person.concepts) {
    const char* said = subject.stated > 0 ? "you like it" : subject.stated < 0 ? "you do not" : "";
    text += fmt::format("{:<8} {}{}{}\n", text.empty() ? "concepts" : "", plain_line(subject.name),
                        *said == 0 ? "" : fmt::format(" ({})", said), subject.enabled ? "" : ", switched off");
  }
  return text;
}

}  // namespace

std::string preferences_text(const std::vector<Preference>& preferences) {
  if (preferences.empty()) return "Nothing was understood yet.\n";
  std::string text;
  for (const auto& preference : preferences) {
    text += fmt::format("{:<8} {}  \"{}\"\n", to_string(preference.polarity) + std::string("s"),
                        plain_line(preference.subject), plain_line(preference.quote));
  }
  return text;
}

std::string interview_result_text(const Person& person) {
  std::string text = preferences_text(preferences_of(person));
  std::string names;
  for (const auto& subject : concepts_that_matter(person)) {
    names += (names.empty() ? "" : ", ") + plain_line(subject.name);
  }
  return text + fmt::format("\nPhotos are rated on: {}\n", names);
}

std::string person_text(const Person& person) {
  const auto current = current_verdicts(person.verdicts);
  std::string text = fmt::format("profile  {}\n", plain_line(profile_text(person.profile)));
  text += fmt::format("scale    {:g} to {:g}\n", person.scale_low, person.scale_high);
  text += fmt::format("said     {} ratings, {} choices, {} kept or rejected, of {} photos; {} changed later\n",
                      count(current, {VerdictKind::kStars}), count(current, {VerdictKind::kPreference}),
                      count(current, {VerdictKind::kKeep, VerdictKind::kReject}), person.photos.size(),
                      person.verdicts.size() - current.size());
  if (!person.interviews.empty()) text += fmt::format("interviews {}\n", person.interviews.size());
  if (!person.preferences.empty()) text += "\n" + preferences_text(preferences_of(person)) + "\n";
  if (!person.concepts.empty()) text += concepts_text(person) + "\n";
  for (const auto& verdict : current) text += verdict_text(person, verdict);
  return text;
}

Json person_summary(const Person& person) {
  Json json = person_to_json(exported(person, true));
  json["current"] = Json::array();
  for (const auto& verdict : current_verdicts(person.verdicts)) {
    Json one = {{"kind", to_string(verdict.kind)}, {"photo", verdict.photo}, {"path", place_of(person, verdict.photo)}};
    if (verdict.kind == VerdictKind::kStars) one["stars"] = verdict.stars;
    if (verdict.kind == VerdictKind::kPreference) one["other"] = verdict.other;
    json["current"].push_back(std::move(one));
  }
  return json;
}

Person exported(Person person, bool paths) {
  for (auto& [sha256, photo] : person.photos) {
    photo.features.clear();
    if (!paths) photo.path.clear();
  }
  return person;
}

}  // namespace paa::cli
