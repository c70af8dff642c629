// SmolLM2, where it has been fetched.

#include "checkpoint_data.h"
#include "lite0_model.h"
#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/sha256.h"

namespace {

// Nothing where the model is not on this machine.
std::optional<paa::LlmCheckpoint> open_smollm2() {
  const auto folder = lite0_folder();
  if (!std::filesystem::exists(folder / "model.json")) {
    WARN("skipped: no model at " << folder.string());
    return std::nullopt;
  }
  return paa::LlmCheckpoint::open(paa::read_model_folder(folder).part("llm").path);
}

void check_values(const paa::WeightSource& source, const std::string& name, const paa::Json& expected) {
  INFO(name);
  const auto values = source.read_f32(name);
  const auto first = expected["first"].get<std::vector<float>>();
  CHECK(std::vector<float>(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(first.size())) == first);
  double sum = 0;
  for (const float value : values) sum += value;
  CHECK(sum == Approx(expected["sum"].get<double>()).margin(1e-6));
  CHECK(paa::sha256_hex(std::as_bytes(std::span(values))) == expected["sha256"]);
}

}  // namespace

TEST_CASE("SmolLM2's configuration is the published one") {
  const auto checkpoint = open_smollm2();
  if (!checkpoint) return;
  const auto& config = checkpoint->config();
  CHECK(config.layers == 30);
  CHECK(config.width == 576);
  CHECK(config.heads == 9);
  CHECK(config.kv_heads == 3);
  CHECK(config.head_dim == 64);
  CHECK(config.ffn_width == 1536);
  CHECK(config.rope_base == 100000.0);
  CHECK(config.rms_epsilon == Approx(1e-5));
  CHECK(config.vocabulary == 49152);
  CHECK(config.context == 8192);
  CHECK(config.tied_head);
  CHECK(checkpoint->gguf()->find_strings("tokenizer.ggml.tokens")->size() == 49152);
  CHECK(checkpoint->gguf()->find_string("tokenizer.ggml.pre") == "smollm");
  CHECK_THAT(checkpoint->chat_template(), Catch::Matchers::Contains("<|im_start|>"));
}

TEST_CASE("SmolLM2's tensors are those of gguf and transformers, bit for bit") {
  const auto checkpoint = open_smollm2();
  if (!checkpoint) return;
  const auto expected = golden("smollm2.json");
  check_values(*checkpoint->gguf(), "blk.3.ffn_down.weight", expected["blk.3.ffn_down.weight"]);
  for (const auto& [name, tensor] : expected["tensors"].items()) check_values(checkpoint->weights(), name, tensor);
}
