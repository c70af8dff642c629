#include "person.h"

#include <utility>

#include "guard.h"
#include "handles.h"
#include "paa/core/clock.h"
#include "paa/dlllm/asked.h"
#include "paa/interview/preference_concepts.h"
#include "paa/person/spoken_profile.h"
#include "sized_struct.h"

namespace paa::capi {

template <>
inline constexpr std::size_t kFirstSize<paa_person_info> = offsetof(paa_person_info, interview_count) +
                                                           sizeof(std::size_t);

void take_in(paa_person& person, Person value) {
  auto verdicts = current_verdicts(value.verdicts);
  auto preferences = preferences_of(value);
  person.value = std::move(value);
  person.verdicts = std::move(verdicts);
  person.preferences = std::move(preferences);
}

void change(paa_person& person, const std::function<void(Person&)>& edit) {
  if (!person.path.empty()) {
    return take_in(person, update_person(person.path, [&](Person& changed) {
      edit(changed);
      preferences_of(changed);  // what could not be taken in afterwards must not be written
    }));
  }
  Person changed = person.value;
  edit(changed);
  check_person(changed, "the person");
  take_in(person, std::move(changed));
}

namespace {

Person read_if_there(const std::filesystem::path& path) {
  return path.empty() || !std::filesystem::exists(path) ? Person() : read_person(path);
}

paa_person made_of(std::filesystem::path path, Person value) {
  paa_person person{std::move(path), {}, {}, {}};
  take_in(person, std::move(value));
  return person;
}

paa_person_info describe(const paa_person& person) {
  const Person& value = person.value;
  return {sizeof(paa_person_info), value.scale_low,         value.scale_high,       person.verdicts.size(),
          person.preferences.size(), value.concepts.size(), value.interviews.size()};
}

// Where the photo lies now is noted, too.
void note_photo(Person& person, const paa_photo& photo) {
  KnownPhoto& known = person.photos[hash_of(photo)];
  if (!photo.path.empty()) known.path = place_of_photo(photo.path);
}

void say(paa_person* person, Verdict verdict, std::initializer_list<const paa_photo*> photos) {
  change(required(person, "person"), [&](Person& changed) {
    verdict.time = time_to_say(changed);
    for (const auto* photo : photos) note_photo(changed, *photo);
    changed.verdicts.push_back(verdict);
  });
}

void check_stars(const paa_person& person, double stars) {
  const Person& value = person.value;
  if (stars >= value.scale_low && stars <= value.scale_high) return;
  refuse("stars is " + std::to_string(stars) + ", not on this person's scale from " + std::to_string(value.scale_low) +
         " to " + std::to_string(value.scale_high));
}

void set_scale(Person& person, double low, double high) {
  if (!(low < high)) refuse("low must be below high");
  if (person.scale_low == low && person.scale_high == high) return;
  if (!person.verdicts.empty()) {
    throw Error(ErrorCode::kMismatch, "the person has verdicts on another scale already, which cannot be changed");
  }
  person.scale_low = low;
  person.scale_high = high;
}

}  // namespace
}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_person_open(paa_person** person, const char* file, size_t file_size) {
  return guard(__func__, [&] {
    make_handle(person, "person", [&] {
      const std::filesystem::path place = file_name(file, file_size, "path");
      return made_of(place, read_if_there(place));
    });
  });
}

paa_status paa_person_from_json(paa_person** person, const char* json, size_t json_size) {
  return guard(__func__, [&] {
    make_handle(person, "person", [&] {
      constexpr auto kOrigin = "person";
      paa::JsonLimits limits;
      limits.max_bytes = paa::kMaxPersonBytes;
      const auto parsed = paa::parse_json(text(json, json_size, "json"), kOrigin, limits);
      return made_of({}, paa::person_from_json(parsed, kOrigin));
    });
  });
}

paa_status paa_person_to_json(paa_text** json, const paa_person* person) {
  return guard(__func__, [&] {
    make_handle(json, "json", [&] { return paa::person_to_json(required(person, "person").value).dump(1) + "\n"; });
  });
}

paa_status paa_person_reload(paa_person* person) {
  return guard(__func__, [&] {
    auto& held = required(person, "person");
    if (!held.path.empty()) take_in(held, read_if_there(held.path));
  });
}

void paa_person_free(paa_person* person) { delete person; }

paa_status paa_person_delete_file(const char* file, size_t file_size) {
  return guard(__func__, [&] { paa::delete_person(path(file, file_size, "path")); });
}

paa_status paa_person_info_init(paa_person_info* info, size_t struct_size) {
  return guard(__func__, [&] { write_struct(info, struct_size, paa_person_info{}, "info"); });
}

paa_status paa_person_describe(paa_person_info* info, const paa_person* person) {
  return guard(__func__, [&] {
    const std::size_t size = required(info, "info").struct_size;
    write_struct(info, size, describe(required(person, "person")), "info");
  });
}

paa_status paa_person_profile(paa_profile** profile, const paa_person* person) {
  return guard(__func__, [&] {
    make_handle(profile, "profile", [&] { return required(person, "person").value.profile; });
  });
}

paa_status paa_person_set_profile(paa_person* person, const paa_profile* profile) {
  return guard(__func__, [&] {
    change(required(person, "person"), [&](paa::Person& changed) {
      changed.profile = required(profile, "profile").value;
      changed.profile_time = paa::now_ms();
    });
  });
}

paa_status paa_person_set_scale(paa_person* person, double low, double high) {
  return guard(__func__, [&] {
    change(required(person, "person"), [&](paa::Person& changed) { set_scale(changed, low, high); });
  });
}

paa_status paa_person_rate(paa_person* person, const paa_photo* photo, double stars) {
  return guard(__func__, [&] {
    check_stars(required(person, "person"), stars);
    say(person, {paa::VerdictKind::kStars, hash_of(required(photo, "photo")), {}, stars, 0}, {photo});
  });
}

paa_status paa_person_choose(paa_person* person, const paa_photo* better, const paa_photo* worse) {
  return guard(__func__, [&] {
    const auto& first = hash_of(required(better, "better"));
    const auto& second = hash_of(required(worse, "worse"));
    if (first == second) refuse("better and worse are the same photo");
    say(person, {paa::VerdictKind::kPreference, first, second, 0, 0}, {better, worse});
  });
}

paa_status paa_person_keep(paa_person* person, const paa_photo* photo, int32_t keep) {
  return guard(__func__, [&] {
    const auto kind = keep != 0 ? paa::VerdictKind::kKeep : paa::VerdictKind::kReject;
    say(person, {kind, hash_of(required(photo, "photo")), {}, 0, 0}, {photo});
  });
}

paa_status paa_person_skip(paa_person* person, const paa_photo* photo, const paa_photo* other) {
  return guard(__func__, [&] {
    const auto key = paa::question_key(hash_of(required(photo, "photo")), other == nullptr ? "" : hash_of(*other));
    change(required(person, "person"), [&](paa::Person& changed) { paa::note_asked(changed, key); });
  });
}

paa_status paa_person_forget(paa_person* person, const paa_photo* photo) {
  return guard(__func__, [&] {
    change(required(person, "person"), [&](paa::Person& changed) {
      if (!paa::forget_photo(changed, hash_of(required(photo, "photo")), paa::time_to_say(changed))) {
        throw paa::Error(paa::ErrorCode::kNotFound, "nothing was said of this photo");
      }
    });
  });
}

paa_status paa_person_merge(paa_person* person, const paa_person* other) {
  return guard(__func__, [&] {
    const auto& theirs = required(other, "other").value;
    change(required(person, "person"), [&](paa::Person& ours) {
      ours = ours == paa::Person() ? theirs : paa::merge_persons(ours, theirs);
    });
  });
}

paa_status paa_person_enable_concept(paa_person* person, const char* name, size_t name_size, int32_t enabled) {
  return guard(__func__, [&] {
    const std::string known(text(name, name_size, "name"));
    change(required(person, "person"),
           [&](paa::Person& changed) { paa::find_concept(changed, known).enabled = enabled != 0; });
  });
}

paa_status paa_person_reword_concept(paa_person* person, const char* name, size_t name_size, const char* words,
                                     size_t words_size) {
  return guard(__func__, [&] {
    const std::string known(text(name, name_size, "name")), wanted(text(words, words_size, "words"));
    change(required(person, "person"),
           [&](paa::Person& changed) { paa::reword(paa::find_concept(changed, known), wanted, "words"); });
  });
}
