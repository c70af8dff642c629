// Generation: what is said, when it ends, and that streaming never shows half a thing.

#include "paa/nn/generate.h"

#include <set>

#include "golden.h"
#include "paa/checkpoint/llm_checkpoint.h"
#include "torch_catch.h"

using paa::TokenId;
using paa::nn::FinishReason;
using paa::nn::GenerateOptions;
using paa::nn::KvCache;

namespace {

// Token i is one letter; 96 ends.
class Letters final : public paa::Tokenizer {
 public:
  std::vector<paa::Token> tokenize(std::string_view text, paa::SpecialTokens) const override {
    std::vector<paa::Token> tokens;
    for (std::size_t i = 0; i < text.size(); ++i) tokens.push_back({text[i] - '!', i, i + 1});
    return tokens;
  }
  std::string decode_bytes(std::span<const TokenId> ids, bool) const override {
    std::string text;
    for (const TokenId id : ids) text += static_cast<char>('!' + id % 94);
    return text;
  }
  std::size_t vocabulary_size() const override { return 97; }
  TokenId find(std::string_view) const override { return -1; }
  TokenId bos() const override { return -1; }
  TokenId eos() const override { return -1; }
};

struct Fixture {
  std::shared_ptr<const paa::LlmCheckpoint> checkpoint =
      std::make_shared<const paa::LlmCheckpoint>(paa::LlmCheckpoint::open(std::filesystem::path(PAA_TEST_DATA) / "gqa"));
  paa::nn::Decoder decoder{checkpoint->config(), {checkpoint, &checkpoint->weights()}};
  Letters letters;
  std::vector<TokenId> prompt{5, 17, 60};

  paa::nn::Generation run(const GenerateOptions& options, const paa::nn::TextCallback& callback = {}) {
    KvCache cache(decoder.config().layers);
    return paa::nn::generate(decoder, letters, prompt, cache, options, callback);
  }
};

GenerateOptions tokens(int count) {
  GenerateOptions options;
  options.max_tokens = count;
  return options;
}

}  // namespace

TEST_CASE("greedy generation repeats itself and its pieces make up its text") {
  Fixture f;
  std::string pieces;
  const auto first = f.run(tokens(24), [&](std::string_view piece) {
    pieces += piece;
    return true;
  });
  CHECK(first.finish == FinishReason::kLength);
  CHECK(first.ids.size() == 24);
  CHECK(pieces == first.text);
  CHECK(f.run(tokens(24)).ids == first.ids);
}

TEST_CASE("an end token ends the text and is no part of it") {
  Fixture f;
  const auto whole = f.run(tokens(24));
  GenerateOptions options = tokens(24);
  options.end_tokens = {whole.ids[7]};
  const auto ended = f.run(options);
  const auto first = static_cast<std::size_t>(std::find(whole.ids.begin(), whole.ids.end(), whole.ids[7]) - whole.ids.begin());
  CHECK(ended.finish == FinishReason::kEnd);
  CHECK(ended.ids.size() == first);
}

TEST_CASE("a stop string over several tokens is never shown, in whole or in part") {
  Fixture f;
  const auto whole = f.run(tokens(24));
  GenerateOptions options = tokens(24);
  options.stop = {"never there", whole.text.substr(9, 3)};
  std::string shown;
  const auto stopped = f.run(options, [&](std::string_view piece) {
    shown += piece;
    return true;
  });
  CHECK(stopped.finish == FinishReason::kStop);
  CHECK(stopped.text == whole.text.substr(0, whole.text.find(options.stop[1])));
  CHECK(shown == stopped.text);
}

TEST_CASE("what looked like a stop string but is none is shown in the end") {
  Fixture f;
  const auto whole = f.run(tokens(6));
  GenerateOptions options = tokens(6);
  options.stop = {whole.text.substr(3) + "more"};
  std::string shown;
  const auto result = f.run(options, [&](std::string_view piece) {
    shown += piece;
    return true;
  });
  CHECK(result.finish == FinishReason::kLength);
  CHECK(shown == whole.text);
}

TEST_CASE("sampling is repeatable by its seed and stays inside the nucleus") {
  Fixture f;
  GenerateOptions options = tokens(40);
  options.temperature = 1.5;
  options.seed = 3;
  const auto first = f.run(options);
  CHECK(f.run(options).ids == first.ids);
  options.seed = 4;
  CHECK(f.run(options).ids != first.ids);
  options.top_p = 1e-9;
  CHECK(f.run(options).ids == f.run(tokens(40)).ids);
}

TEST_CASE("drawn tokens have the probabilities of the logits") {
  const at::Tensor logits = at::tensor({1.0F, 2.0F, 0.0F, -30.0F});
  GenerateOptions options;
  options.temperature = 2;
  std::mt19937_64 random(1);
  std::vector<double> counts(4);
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) counts[static_cast<std::size_t>(paa::nn::detail::sample(logits, options, random))] += 1.0 / kDraws;
  const at::Tensor expected = at::softmax(logits / 2.0, 0);
  for (int i = 0; i < 4; ++i) CHECK(counts[static_cast<std::size_t>(i)] == Approx(expected[i].item<double>()).margin(0.015));
}

TEST_CASE("a conversation goes on from its cache as if it were read anew") {
  Fixture f;
  KvCache cache(f.decoder.config().layers);
  const auto first = paa::nn::generate(f.decoder, f.letters, f.prompt, cache, tokens(5));
  std::vector<TokenId> turn{first.ids.back(), 30, 31};
  const auto second = paa::nn::generate(f.decoder, f.letters, turn, cache, tokens(8));
  std::vector<TokenId> all = f.prompt;
  all.insert(all.end(), first.ids.begin(), first.ids.end());
  all.insert(all.end(), {30, 31});
  KvCache fresh(f.decoder.config().layers);
  CHECK(paa::nn::generate(f.decoder, f.letters, all, fresh, tokens(8)).ids == second.ids);
}

TEST_CASE("a callback, a cancel and the context's end stop it") {
  Fixture f;
  CHECK(f.run(tokens(9), [](std::string_view) { return false; }).finish == FinishReason::kCallback);
  KvCache cache(f.decoder.config().layers);
  paa::Cancel cancel;
  cancel.request();
  try {
    paa::nn::generate(f.decoder, f.letters, f.prompt, cache, tokens(9), {}, &cancel);
    FAIL("not cancelled");
  } catch (const paa::Error& e) {
    CHECK(e.code() == paa::ErrorCode::kCancelled);
  }
  const int context = f.decoder.config().context;
  try {
    f.run(tokens(context + 5));
    FAIL("not limited");
  } catch (const paa::Error& e) {
    CHECK(e.code() == paa::ErrorCode::kLimitExceeded);
  }
  CHECK_THROWS_AS(paa::nn::generate(f.decoder, f.letters, {}, cache), paa::Error);
  GenerateOptions bad;
  bad.top_p = 0;
  CHECK_THROWS_AS(f.run(bad), paa::Error);
}
