#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "guard.h"
#include "handles.h"
#include "run.h"
#include "score_arrays.h"

namespace paa::capi {
namespace {

std::vector<VisionTokens> encode(const Pmllm& model, std::span<const paa_photo* const> photos,
                                 const paa_run_options* options) {
  std::vector<VisionTokens> tokens;
  tokens.reserve(photos.size());
  run_in_steps(photos.size(), options, [&](std::size_t begin, std::size_t end, const Cancel* cancel) {
    std::vector<Image> fitted;  // fitting first spares copies of the large photos
    for (std::size_t i = begin; i < end; ++i) {
      throw_if_cancelled(cancel);
      fitted.push_back(model.fit(photos[i]->value));
    }
    for (auto& item : model.encode(fitted, cancel)) tokens.push_back(std::move(item));
  });
  return tokens;
}

// Scores `items` step by step with score_step(values, cancel), where `values` are what stands behind a step's handles.
template <class Handle, class ScoreStep>
std::vector<Score> score(std::span<const Handle* const> items, const paa_run_options* options, ScoreStep&& score_step) {
  std::vector<Score> scores;
  scores.reserve(items.size());
  run_in_steps(items.size(), options, [&](std::size_t begin, std::size_t end, const Cancel* cancel) {
    std::vector<decltype(Handle::value)> values;
    for (std::size_t i = begin; i < end; ++i) values.push_back(items[i]->value);
    for (const Score& item : score_step(values, cancel)) scores.push_back(item);
  });
  return scores;
}

}  // namespace
}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_model_encode(paa_tokens** tokens, const paa_model* model, const paa_photo* const* photos, size_t count,
                            const paa_run_options* options) {
  return guard(__func__, [&] {
    const auto out = array(tokens, count, "tokens");
    std::fill(out.begin(), out.end(), nullptr);
    const auto& pmllm = *required(model, "model").value;
    auto encoded = encode(pmllm, handles(photos, count, "photos"), options);
    std::vector<std::unique_ptr<paa_tokens>> made;
    for (auto& item : encoded) made.push_back(std::make_unique<paa_tokens>(paa_tokens{std::move(item)}));
    for (std::size_t i = 0; i < count; ++i) out[i] = made[i].release();
  });
}

void paa_tokens_free(paa_tokens* tokens) { delete tokens; }

paa_status paa_model_score_photos(double* means, double* spreads, double* levels, const paa_model* model,
                                  const paa_prepared* person, const paa_tokens* const* photos, size_t count,
                                  const paa_run_options* options) {
  return guard(__func__, [&] {
    const auto& pmllm = *required(model, "model").value;
    const auto& profile = required(person, "person").value;
    const auto score_step = [&](std::span<const paa::VisionTokens> step, const paa::Cancel* cancel) {
      return pmllm.score(profile, step, cancel);
    };
    write_scores(means, spreads, levels, score(handles(photos, count, "photos"), options, score_step));
  });
}

paa_status paa_model_score_people(double* means, double* spreads, double* levels, const paa_model* model,
                                  const paa_prepared* const* people, size_t count, const paa_tokens* photo,
                                  const paa_run_options* options) {
  return guard(__func__, [&] {
    const auto& pmllm = *required(model, "model").value;
    const auto& tokens = required(photo, "photo").value;
    const auto score_step = [&](std::span<const paa::PreparedProfile> step, const paa::Cancel* cancel) {
      return pmllm.score(step, tokens, cancel);
    };
    write_scores(means, spreads, levels, score(handles(people, count, "people"), options, score_step));
  });
}
