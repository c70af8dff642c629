#pragma once
// A person who has said something of every kind.

#include <string>

#include "paa/person/person.h"

/// A photo's hash: 64 times the digit.
inline std::string photo_hash(char digit) { return std::string(64, digit); }

inline paa::Verdict stars(char photo, double value, std::int64_t time) {
  return {paa::VerdictKind::kStars, photo_hash(photo), {}, value, time};
}

inline paa::Verdict preference(char better, char worse, std::int64_t time) {
  return {paa::VerdictKind::kPreference, photo_hash(better), photo_hash(worse), 0, time};
}

inline paa::Person sample_person() {
  paa::Person person;
  person.profile.age = 31;
  person.profile.about = "I like quiet seas.";
  person.profile_time = 1764144000123;
  person.verdicts = {stars('a', 6, 1000),
                     preference('b', 'a', 2000),
                     {paa::VerdictKind::kKeep, photo_hash('c'), {}, 0, 3000},
                     {paa::VerdictKind::kReject, photo_hash('a'), {}, 0, 4000},
                     stars('a', 4.5, 5000)};
  person.photos[photo_hash('a')] = {"/photos/sea \"1\".jpg", {{"model-1", {0.1f, -2.5f, 1e-30f}}, {"model-2", {3}}}};
  person.photos[photo_hash('b')] = {"", {}};
  person.photos[photo_hash('c')] = {"/photos/ü.jpg", {{"model-1", {1, 2, 3}}}};
  person.forgotten = {{photo_hash('d'), 1500}};
  person.asked = {photo_hash('b'), photo_hash('a') + "+" + photo_hash('c')};
  person.concepts = {
      {"nostalgia", "How nostalgic is it?", "not at all", "deeply", {"new"}, {"old", "nostalgic"}, "It looks", true}};
  person.preferences = {{{"statement", "likes the sea"}}};
  person.interviews = paa::Json::array({paa::Json{{"turns", 3}}});
  return person;
}
