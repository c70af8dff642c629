#include "predictor.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "chat.h"
#include "guard.h"
#include "handles.h"
#include "person.h"
#include "run.h"
#include "score_arrays.h"
#include "sized_struct.h"
#include "view.h"

struct paa_reasons {
  paa::Reasons value;
};

namespace paa::capi {

template <>
inline constexpr std::size_t kFirstSize<paa_predictor_options> = offsetof(paa_predictor_options, chat_id_size) +
                                                                 sizeof(std::size_t);

void check_seen(const paa_predictor& predictor, std::span<const paa_seen* const> seen, const char* name) {
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]->ids != predictor.ids && *seen[i]->ids != *predictor.ids) {
      refuse(std::string(name) + "[" + std::to_string(i) +
             "] was seen by a predictor of another model, profile or concepts; let this one see the photo");
    }
  }
}

FeatureRows rows_of(std::span<const paa_seen* const> seen) {
  FeatureRows rows;
  for (const auto* one : seen) {
    const auto row = personal_row(one->photo.row, one->photo.profile_score);
    if (rows.columns == 0) {
      rows.columns = row.size();
      rows.values.reserve(row.size() * seen.size());
    }
    rows.append(row);
  }
  return rows;
}

namespace {

constexpr paa_predictor_options kDefaults{sizeof(paa_predictor_options), nullptr, 0, nullptr, 0, nullptr, nullptr,
                                          nullptr, 0};

std::unique_ptr<paa_predictor> make_predictor(const paa_model& model, const Person& person,
                                              const paa_predictor_options& options) {
  const auto file = file_name(options.population, options.population_size, "options.population");
  const Population population = file.empty() ? population_of_model(model.folder) : read_population(file);
  PersonalScorerOptions wanted;
  wanted.cache = file_name(options.cache, options.cache_size, "options.cache");
  auto predictor = std::make_unique<paa_predictor>();
  predictor->model = model.value;
  const std::string chat_id(text(options.chat_id, options.chat_id_size, "options.chat_id"));
  predictor->chat = relayed_chat(options.chat, options.chat_user_data, chat_id);
  // What one chat model answered is not another's.
  if (population.rater == kChatRater && chat_id.empty()) wanted.cache.clear();
  if (!population.rater.empty()) {
    predictor->rater.emplace(population.rater, *model.value, predictor->chat.get(), wanted.cache);
    wanted.rater = &predictor->rater->get();
  }
  predictor->scorer.emplace(*model.value, population, person, wanted);
  predictor->ids = std::make_shared<const FeatureIds>(predictor->scorer->features().ids());
  return predictor;
}

std::vector<FeaturedPhoto> see(paa_predictor& predictor, std::span<const paa_photo* const> photos,
                               const paa_run_options* options) {
  std::vector<FeaturedPhoto> seen;
  run_in_steps(photos.size(), options, [&](std::size_t begin, std::size_t end, const Cancel* cancel) {
    std::vector<OpenPhoto> open;
    for (std::size_t i = begin; i < end; ++i) open.push_back({hash_of(*photos[i]), &photos[i]->value, photos[i]->path});
    for (auto& photo : predictor.scorer->features().compute(open, {}, cancel)) seen.push_back(std::move(photo));
  });
  return seen;
}

// What was seen of photos that the person knows.
void note_seen(Person& person, std::span<const paa_seen* const> seen) {
  for (const auto* one : seen) {
    const auto known = person.photos.find(one->photo.sha256);
    if (known == person.photos.end()) continue;
    known->second.features[one->ids->rows] = one->photo.row;
    if (!one->ids->profile.empty()) known->second.features[one->ids->profile] = one->photo.profile_score;
  }
}

void learn(std::size_t* unseen, paa_predictor& predictor, paa_person& person, std::span<const paa_seen* const> seen,
           const Cancel* cancel) {
  throw_if_cancelled(cancel);
  Person known = person.value;
  note_seen(known, seen);
  predictor.scorer->look_at_verdicts(known, {}, {1, {}, cancel});
  const std::size_t missing = predictor.scorer->learn(known).unseen().size();
  if (unseen != nullptr) *unseen = missing;
  if (known.photos != person.value.photos) change(person, [&](Person& value) { take_over_photos(value, known); });
}

void predict(double* means, double* spreads, double* deviations, double* levels, const paa_predictor& predictor,
             std::span<const paa_seen* const> photos) {
  if (photos.empty()) return;
  std::vector<Score> scores;
  for (const Prediction& prediction : predictor.scorer->model().predict(rows_of(photos))) {
    scores.push_back(prediction.score);
    if (deviations != nullptr) *deviations++ = prediction.deviation;
  }
  write_scores(means, spreads, levels, scores);
}

}  // namespace
}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_predictor_options_init(paa_predictor_options* options, size_t struct_size) {
  return guard(__func__, [&] { write_struct(options, struct_size, kDefaults, "options"); });
}

paa_status paa_predictor_new(paa_predictor** predictor, const paa_model* model, const paa_person* person,
                             const paa_predictor_options* options) {
  return guard(__func__, [&] {
    required(predictor, "predictor") = nullptr;
    const auto& loaded = required(model, "model");
    const paa::Person& known = required(person, "person").value;
    *predictor = make_predictor(loaded, known, read_struct(options, kDefaults, "options")).release();
  });
}

void paa_predictor_free(paa_predictor* predictor) { delete predictor; }

paa_status paa_predictor_see(paa_seen** seen, paa_predictor* predictor, const paa_photo* const* photos, size_t count,
                             const paa_run_options* options) {
  return guard(__func__, [&] {
    const auto out = array(seen, count, "seen");
    std::fill(out.begin(), out.end(), nullptr);
    auto& held = required(predictor, "predictor");
    std::vector<std::unique_ptr<paa_seen>> made;
    for (auto& photo : see(held, handles(photos, count, "photos"), options)) {
      made.push_back(std::make_unique<paa_seen>(paa_seen{std::move(photo), held.ids}));
    }
    for (std::size_t i = 0; i < count; ++i) out[i] = made[i].release();
  });
}

void paa_seen_free(paa_seen* seen) { delete seen; }

paa_status paa_predictor_learn(size_t* unseen, paa_predictor* predictor, paa_person* person,
                               const paa_seen* const* seen, size_t count, const paa_cancel* cancel) {
  return guard(__func__, [&] {
    if (unseen != nullptr) *unseen = 0;
    auto& held = required(predictor, "predictor");
    auto& taught = required(person, "person");
    const auto photos = handles(seen, count, "seen");
    check_seen(held, photos, "seen");
    learn(unseen, held, taught, photos, cancel_flag(cancel));
  });
}

paa_status paa_predictor_predict(double* means, double* spreads, double* deviations, double* levels,
                                 const paa_predictor* predictor, const paa_seen* const* photos, size_t count) {
  return guard(__func__, [&] {
    const auto& held = required(predictor, "predictor");
    const auto seen = handles(photos, count, "photos");
    check_seen(held, seen, "photos");
    predict(means, spreads, deviations, levels, held, seen);
  });
}

paa_status paa_predictor_explain(paa_reasons** reasons, double* usual, size_t* count, const paa_predictor* predictor,
                                 const paa_seen* photo) {
  return guard(__func__, [&] {
    if (usual != nullptr) *usual = 0;
    if (count != nullptr) *count = 0;
    make_handle(reasons, "reasons", [&] {
      const auto& held = required(predictor, "predictor");
      check_seen(held, handles(&photo, 1, "photo"), "photo");
      auto told = held.scorer->score(photo->photo).reasons;
      if (usual != nullptr) *usual = told.usual;
      if (count != nullptr) *count = told.reasons.size();
      return told;
    });
  });
}

paa_status paa_reasons_get(const char** words, size_t* size, double* points, const paa_reasons* reasons, size_t index) {
  return guard(__func__, [&] {
    view_text(words, size, "text", [&]() -> auto& {
      const auto& reason = element(required(reasons, "reasons").value.reasons, index);
      if (points != nullptr) *points = reason.points;
      return reason.text;
    });
  });
}

void paa_reasons_free(paa_reasons* reasons) { delete reasons; }
