// What a person file holds, one by one.

#include "guard.h"
#include "person.h"
#include "sized_struct.h"
#include "view.h"

namespace paa::capi {

template <>
inline constexpr std::size_t kFirstSize<paa_verdict> = offsetof(paa_verdict, time_ms) + sizeof(std::int64_t);
template <>
inline constexpr std::size_t kFirstSize<paa_preference> = offsetof(paa_preference, confidence) + sizeof(double);
template <>
inline constexpr std::size_t kFirstSize<paa_concept> = offsetof(paa_concept, reserved) + sizeof(std::int32_t);

namespace {

static_assert(PAA_VERDICT_STARS == static_cast<int>(VerdictKind::kStars));
static_assert(PAA_VERDICT_CHOICE == static_cast<int>(VerdictKind::kPreference));
static_assert(PAA_VERDICT_KEEP == static_cast<int>(VerdictKind::kKeep));
static_assert(PAA_VERDICT_REJECT == static_cast<int>(VerdictKind::kReject));

paa_verdict entry(const Verdict& verdict) {
  paa_verdict result{};
  result.kind = static_cast<std::int32_t>(verdict.kind);
  point_at(result.photo, result.photo_size, verdict.photo);
  point_at(result.other, result.other_size, verdict.other);
  result.stars = verdict.stars;
  result.time_ms = verdict.time;
  return result;
}

paa_preference entry(const Preference& preference) {
  paa_preference result{};
  point_at(result.statement, result.statement_size, preference.statement);
  point_at(result.subject, result.subject_size, preference.subject);
  point_at(result.quote, result.quote_size, preference.quote);
  result.likes = preference.polarity == Polarity::kLike;
  result.strength = preference.strength;
  result.confidence = preference.confidence;
  return result;
}

paa_concept entry(const Concept& subject) {
  paa_concept result{};
  point_at(result.name, result.name_size, subject.name);
  point_at(result.question, result.question_size, subject.question);
  point_at(result.low, result.low_size, subject.low);
  point_at(result.high, result.high_size, subject.high);
  result.stated = subject.stated;
  result.enabled = subject.enabled;
  return result;
}

template <class Struct, class Find>
void write_entry(Struct* out, const char* name, Find&& list, std::size_t index) {
  const std::size_t size = required(out, name).struct_size;
  write_struct(out, size, entry(element(list(), index)), name);
}

}  // namespace
}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_verdict_init(paa_verdict* verdict, size_t struct_size) {
  return guard(__func__, [&] { write_struct(verdict, struct_size, paa_verdict{}, "verdict"); });
}

paa_status paa_person_verdict(paa_verdict* verdict, const paa_person* person, size_t index) {
  return guard(__func__, [&] {
    write_entry(verdict, "verdict", [&]() -> auto& { return required(person, "person").verdicts; }, index);
  });
}

paa_status paa_preference_init(paa_preference* preference, size_t struct_size) {
  return guard(__func__, [&] { write_struct(preference, struct_size, paa_preference{}, "preference"); });
}

paa_status paa_person_preference(paa_preference* preference, const paa_person* person, size_t index) {
  return guard(__func__, [&] {
    write_entry(preference, "preference", [&]() -> auto& { return required(person, "person").preferences; }, index);
  });
}

paa_status paa_concept_init(paa_concept* subject, size_t struct_size) {
  return guard(__func__, [&] { write_struct(subject, struct_size, paa_concept{}, "subject"); });
}

paa_status paa_person_concept(paa_concept* subject, const paa_person* person, size_t index) {
  return guard(__func__, [&] {
    write_entry(subject, "subject", [&]() -> auto& { return required(person, "person").value.concepts; }, index);
  });
}
