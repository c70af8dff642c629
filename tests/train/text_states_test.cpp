// Texts that go through the decoder side by side, against each on its own.

#include "text_states.h"

#include "lite0_model.h"
#include "nn/golden.h"
#include "pmllm/frozen_parts.h"
#include "pmllm/prefix_states.h"
#include "torch_catch.h"

namespace fs = std::filesystem;

TEST_CASE("states of texts side by side are those of each text alone, whatever stands beside it") {
  if (!fs::exists(lite0_folder() / "model.json")) {
    WARN("skipped: no model; run examples/fetch_model.py");
    return;
  }
  constexpr int kLayer = 3;
  const paa::FrozenParts parts = paa::open_frozen_parts(paa::read_model_folder(lite0_folder()), nullptr);
  const paa::nn::Decoder decoder(parts.llm->config(), parts.llm_weights(), {at::kFloat, true});
  const std::vector<std::string> texts = {"anyone.", "anyone. I love dogs, but crowds put me off.",
                                          "a woman, 30 to 34 years old. Likes boats.", "anyone. Hates snow."};
  const std::string prefix = "<|im_start|>user\nThe person who rates: ";
  const paa::TextStates states(decoder, *parts.tokenizer, kLayer, prefix, texts, {}, nullptr);
  REQUIRE(states.texts() == 4);

  const std::vector<std::uint32_t> chosen = {2, 1};
  const paa::TextStates::Batch batch = states.gather(chosen);
  const int layers[] = {kLayer};
  const auto suffix = parts.tokenizer->encode("\nWhat", paa::SpecialTokens::kRecognise);
  std::vector<at::Tensor> all;
  for (const std::string& text : texts) {
    const auto alone = paa::run_prefix(decoder, layers, paa::encode_prefix(*parts.tokenizer, prefix, text), suffix);
    all.push_back(alone.profile.front()[0]);
  }
  for (std::int64_t row = 0; row < 2; ++row) {
    const at::Tensor expected = all[chosen[static_cast<std::size_t>(row)]];
    const std::int64_t length = expected.size(0);
    CHECK(batch.present[row].sum().item<float>() == static_cast<float>(length));
    CHECK(relative_error(batch.tokens[row].narrow(0, 0, length), expected) < 2e-3);  // half precision
    CHECK(batch.tokens[row].narrow(0, length, batch.tokens.size(1) - length).abs().sum().item<float>() == 0);
  }

  const at::Tensor normed = paa::nn::rms_norm(at::cat(all, 0), 1e-5);
  const auto [mean, scale] = states.statistics();
  CHECK(relative_error(mean, normed.mean(0)) < 2e-3);
  CHECK(relative_error(scale, normed.std(0) + 1e-3) < 2e-3);
}
