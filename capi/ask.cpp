// What to ask a person next.

#include <algorithm>
#include <string>
#include <vector>

#include "guard.h"
#include "handles.h"
#include "paa/dlllm/asked.h"
#include "person.h"
#include "predictor.h"
#include "sized_struct.h"

namespace paa::capi {

template <>
inline constexpr std::size_t kFirstSize<paa_ask_options> = offsetof(paa_ask_options, threshold) + sizeof(double);

namespace {

paa_ask_options defaults() {
  const ElicitationOptions options;
  return {sizeof(paa_ask_options), options.count, options.pairs, 0, options.threshold};
}

std::vector<Question> questions(const paa_predictor& predictor, const Person& person,
                                std::span<const paa_seen* const> seen, const paa_ask_options& wanted) {
  std::vector<std::string> hashes;
  for (const auto* one : seen) hashes.push_back(one->photo.sha256);
  ElicitationOptions options = not_again(person, person.asked, hashes);
  options.count = wanted.count;
  options.pairs = wanted.pairs != 0;
  options.threshold = wanted.threshold;
  return next_questions(predictor.scorer->model().fusion(), rows_of(seen), options);
}

}  // namespace
}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_ask_options_init(paa_ask_options* options, size_t struct_size) {
  return guard(__func__, [&] { write_struct(options, struct_size, defaults(), "options"); });
}

paa_status paa_predictor_ask(size_t* found, size_t* photos, size_t* others, double* gains,
                             const paa_predictor* predictor, const paa_person* person, const paa_seen* const* seen,
                             size_t count, const paa_ask_options* options) {
  return guard(__func__, [&] {
    required(found, "found") = 0;
    const auto wanted = read_struct(options, defaults(), "options");
    const auto& held = required(predictor, "predictor");
    const auto library = handles(seen, count, "seen");
    required(photos, "photos");
    if (wanted.pairs != 0) required(others, "others");
    check_seen(held, library, "seen");
    if (library.empty()) return;
    for (const auto& question : questions(held, required(person, "person").value, library, wanted)) {
      photos[*found] = question.photo;
      if (wanted.pairs != 0) others[*found] = question.other;
      if (gains != nullptr) gains[*found] = question.gain;
      ++*found;
    }
  });
}
