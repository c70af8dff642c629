// The decoder against Hugging Face transformers (fp32, eager) on random small checkpoints and on SmolLM2 itself.

#include "paa/nn/decoder.h"

#include <ATen/Parallel.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/autograd.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "golden.h"
#include "paa/checkpoint/llm_checkpoint.h"
#include "torch_catch.h"

using paa::LlmCheckpoint;
using paa::nn::Decoder;
using paa::nn::DecoderOptions;
using paa::nn::KvCache;

namespace {

const std::filesystem::path kData = PAA_TEST_DATA;

Decoder load(const std::filesystem::path& path, const DecoderOptions& options = {}) {
  const auto checkpoint = std::make_shared<const LlmCheckpoint>(LlmCheckpoint::open(path));
  return Decoder(checkpoint->config(), {checkpoint, &checkpoint->weights()}, options);
}

at::Tensor ids(const paa::Json& json) { return at::tensor(json.get<std::vector<std::int64_t>>(), at::kLong).unsqueeze(0); }

// The residual stream before the first and after each block: (layers + 1) tensors (1, T, D).
std::vector<at::Tensor> streams(const Decoder& decoder, const at::Tensor& tokens) {
  const auto turn = decoder.angles(at::arange(tokens.size(1), at::kLong).unsqueeze(0));
  const at::Tensor mask = paa::nn::causal_mask(tokens.size(1), 0);
  std::vector<at::Tensor> result{decoder.embed(tokens)};
  for (std::int64_t i = 0; i < decoder.config().layers; ++i) {
    result.push_back(decoder.block(i, result.back(), turn, {}, mask).hidden);
  }
  return result;
}

std::vector<std::int64_t> greedy(const Decoder& decoder, const at::Tensor& prompt, int count) {
  KvCache cache(decoder.config().layers);
  std::vector<std::int64_t> result;
  at::Tensor next = prompt;
  for (int i = 0; i < count; ++i) {
    const at::Tensor hidden = decoder.forward(next, cache);
    result.push_back(decoder.logits(hidden.select(1, -1)).argmax().item<std::int64_t>());
    next = at::tensor(result.back(), at::kLong).view({1, 1});
  }
  return result;
}

}  // namespace

TEST_CASE("small Llama checkpoints compute what transformers computes") {
  const auto name = GENERATE(as<std::string>(), "gqa", "mha", "untied", "biased", "head_dim");
  const bool packed = GENERATE(true, false);
  CAPTURE(name, packed);
  const at::NoGradGuard no_grad;
  const Decoder decoder = load(kData / name, {at::kFloat, packed});
  const paa::Json golden = paa::read_json(kData / name / "golden.json");
  for (const paa::Json& sequence : golden["sequences"]) {
    const at::Tensor tokens = ids(sequence["ids"]);
    const auto hidden = streams(decoder, tokens);
    CHECK(relative_error(hidden[0][0], tensor(sequence["hidden"]["embedding"])) < 1e-5);
    for (std::size_t i = 1; i < hidden.size(); ++i) {
      CHECK(relative_error(hidden[i][0], tensor(sequence["hidden"]["layers"][i - 1])) < 1e-4);
    }
    CHECK(largest_error(decoder.logits(hidden.back())[0], tensor(sequence["logits"])) < 1e-3);
    CHECK(greedy(decoder, tokens, 20) == sequence["greedy"].get<std::vector<std::int64_t>>());
  }
}

TEST_CASE("a sharded checkpoint is the same model") {
  const at::NoGradGuard no_grad;
  const at::Tensor tokens = at::arange(7, at::kLong).unsqueeze(0);
  CHECK(at::equal(streams(load(kData / "sharded"), tokens).back(), streams(load(kData / "gqa"), tokens).back()));
}

TEST_CASE("reading in pieces through a cache gives what reading at once gives") {
  const at::NoGradGuard no_grad;
  const Decoder decoder = load(kData / "gqa");
  const at::Tensor tokens = at::arange(12, at::kLong).unsqueeze(0);
  const at::Tensor whole = streams(decoder, tokens).back();
  KvCache cache(decoder.config().layers);
  decoder.forward(tokens.narrow(1, 0, 5), cache);
  KvCache branch = cache.clone();
  const at::Tensor rest = decoder.forward(tokens.narrow(1, 5, 7), cache);
  CHECK(relative_error(rest, whole.narrow(1, 5, 7)) < 1e-5);
  decoder.forward(at::zeros({1, 3}, at::kLong), branch);
  branch.truncate(5);
  CHECK(relative_error(decoder.forward(tokens.narrow(1, 5, 7), branch), rest) < 1e-6);
}

TEST_CASE("pasts of different lengths in one batch do not see each other or their padding") {
  const at::NoGradGuard no_grad;
  const Decoder decoder = load(kData / "gqa");
  const auto run = [&](const std::vector<std::int64_t>& lengths) {
    // Item i reads tokens 0..length-1 as its past, then tokens 20..23.
    const std::int64_t longest = *std::max_element(lengths.begin(), lengths.end());
    std::vector<paa::nn::KeyValues> past;
    for (const std::int64_t length : lengths) {
      KvCache cache(decoder.config().layers);
      decoder.forward(at::arange(length, at::kLong).unsqueeze(0), cache);
      const auto view = cache.view(0);
      past.push_back({at::constant_pad_nd(view.keys, {0, 0, 0, longest - length}, 1e3),
                      at::constant_pad_nd(view.values, {0, 0, 0, longest - length}, 1e3)});
    }
    std::vector<at::Tensor> keys, values;
    for (const auto& p : past) {
      keys.push_back(p.keys);
      values.push_back(p.values);
    }
    const at::Tensor length = at::tensor(lengths, at::kLong);
    const at::Tensor tokens = at::arange(20, 24, at::kLong).unsqueeze(0).expand({length.size(0), -1});
    const auto turn = decoder.angles(length.unsqueeze(1) + at::arange(4, at::kLong).unsqueeze(0));
    return decoder.block(0, decoder.embed(tokens), turn, {at::cat(keys), at::cat(values)},
                         paa::nn::causal_mask(4, longest, length)).hidden;
  };
  const at::Tensor together = run({3, 9, 5});
  CHECK(relative_error(together[0], run({3})[0]) < 1e-5);
  CHECK(relative_error(together[1], run({9})[0]) < 1e-5);
  CHECK(relative_error(together[2], run({5})[0]) < 1e-5);
}

TEST_CASE("SmolLM2 from its GGUF computes what transformers computes from it") {
  const auto gguf = golden_model_file("SmolLM2-135M-Instruct.Q4_1.gguf");
  if (gguf.empty()) return;
  const at::NoGradGuard no_grad;
  const Decoder decoder = load(gguf);
  const paa::Json golden = paa::read_json(kData / "smollm2.json");
  const at::Tensor probes = ids(golden["probe_ids"])[0];
  for (const paa::Json& prompt : golden["prompts"]) {
    CAPTURE(prompt["text"].get<std::string>());
    const at::Tensor tokens = ids(prompt["ids"]);
    const auto hidden = streams(decoder, tokens);
    for (const paa::Json& place : prompt["hidden"]) {
      for (std::size_t i = 0; i < hidden.size(); ++i) {
        const at::Tensor state = hidden[i][0][place["position"].get<std::int64_t>()];
        const double norm = place["streams"][i][0].get<double>();
        const at::Tensor first = tensor(place["streams"][i][1]);
        CHECK(std::abs(state.norm().item<double>() - norm) < 1e-4 * norm);
        CHECK((state.narrow(0, 0, first.size(0)) - first).abs().max().item<double>() < 1e-4 * norm);
      }
    }
    const at::Tensor logits = decoder.logits(hidden.back().select(1, -1))[0];
    CHECK(largest_error(logits.index({probes}), tensor(prompt["logits"])) < 1e-3);
    CHECK(std::abs(logits.logsumexp(0).item<double>() - prompt["logsumexp"].get<double>()) < 1e-3);
    const auto continuation = prompt["greedy"]["ids"].get<std::vector<std::int64_t>>();
    CHECK(greedy(decoder, tokens, static_cast<int>(continuation.size())) == continuation);
  }
}

TEST_CASE("bf16 stays near fp32") {
  const auto gguf = golden_model_file("SmolLM2-135M-Instruct.Q4_1.gguf");
  if (gguf.empty()) return;
  const at::NoGradGuard no_grad;
  const paa::Json golden = paa::read_json(kData / "smollm2.json");
  const at::Tensor tokens = ids(golden["prompts"][0]["ids"]);
  const at::Tensor expected = tensor(golden["prompts"][0]["logits"]);
  const Decoder decoder = load(gguf, {at::kBFloat16, true});
  const at::Tensor logits = decoder.logits(streams(decoder, tokens).back().select(1, -1))[0];
  CHECK(largest_error(logits.index({ids(golden["probe_ids"])[0]}), expected) < 0.5);
}

TEST_CASE("token by token, over the weights as stored, is what reading at once computes, also over a bf16 cache") {
  const auto gguf = golden_model_file("SmolLM2-135M-Instruct.Q4_1.gguf");
  if (gguf.empty()) return;
  const at::NoGradGuard no_grad;
  const at::Tensor tokens = ids(paa::read_json(kData / "smollm2.json")["prompts"][0]["ids"]);
  const Decoder exact = load(gguf);
  const at::Tensor whole = streams(exact, tokens).back();
  const auto singly = [&](const Decoder& decoder, std::int64_t at_once) {
    KvCache cache(decoder.config().layers);
    at::Tensor last;
    if (at_once > 0) decoder.forward(tokens.narrow(1, 0, at_once), cache);
    for (std::int64_t i = at_once; i < tokens.size(1); ++i) last = decoder.forward(tokens.narrow(1, i, 1), cache);
    CHECK(cache.length() == tokens.size(1));
    return last.select(1, 0);
  };
  for (const std::int64_t at_once : {0, 2}) {
    CHECK(relative_error(singly(exact, at_once), whole.select(1, -1)) < 1e-5);
    CHECK(relative_error(singly(load(gguf, {at::kBFloat16, true}), at_once), whole.select(1, -1)) < .05);
  }
}

TEST_CASE("on more threads a token's work is shared out, and comes to the same bits") {
  const auto gguf = golden_model_file("SmolLM2-135M-Instruct.Q4_1.gguf");
  if (gguf.empty()) return;
  const at::NoGradGuard no_grad;
  const Decoder decoder = load(gguf);
  const int before = at::get_num_threads();
  const auto logits_on = [&](int threads) {
    at::set_num_threads(threads);
    KvCache cache(decoder.config().layers);
    at::Tensor hidden;
    for (const std::int64_t id : {1, 253, 7, 42}) hidden = decoder.forward(at::full({1, 1}, id, at::kLong), cache);
    return decoder.logits(hidden.select(1, -1));
  };
  const at::Tensor alone = logits_on(1);
  CHECK(at::equal(alone, logits_on(2)));
  CHECK(at::equal(alone, logits_on(3)));
#ifdef _OPENMP
  std::set<std::thread::id> threads;
  std::mutex mutex;
  at::parallel_for(0, 3, 1, [&](std::int64_t, std::int64_t) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  CHECK(threads.size() == 3);
#endif
  at::set_num_threads(before);
}

TEST_CASE("a file of fp32 under a bf16 decoder is read as converted, one token or many") {
  const at::NoGradGuard no_grad;
  const Decoder decoder = load(kData / "gqa", {at::kBFloat16, true}), exact = load(kData / "gqa");
  const at::Tensor tokens = at::arange(6, at::kLong).unsqueeze(0);
  CHECK(greedy(decoder, tokens, 1).size() == 1);
  KvCache cache(decoder.config().layers);
  for (std::int64_t i = 0; i < 5; ++i) decoder.forward(tokens.narrow(1, i, 1), cache);
  const at::Tensor last = decoder.forward(tokens.narrow(1, 5, 1), cache);
  CHECK(relative_error(last[0], streams(exact, tokens).back()[0].narrow(0, 5, 1)) < .05);
}

namespace {

// What is run through the blocks of a decoder from `first` on.
struct Run {
  const char* folder = "gqa";
  std::int64_t first = 1, items = 3, pasts = 3, past = 4;
  std::int64_t wanted = -1;           // of the last block
  bool shared = false;                // angles and mask are those of all items
  bool past_learns = true, stream_learns = true;
  bool only_added = false;            // the loss sees keys and values only
};

// Gradients of a loss over everything that the blocks give back, by everything that they are given.
struct Slopes {
  at::Tensor hidden, start, keys, values;
};

Slopes slopes_through(const DecoderOptions& options, const Run& run) {
  const Decoder decoder = load(kData / run.folder, options);
  at::manual_seed(3);
  const auto& config = decoder.config();
  constexpr std::int64_t kTokens = 5;
  const auto given = [](at::IntArrayRef shape, bool learns) { return at::randn(shape).requires_grad_(learns); };
  const at::Tensor start = given({run.items, kTokens, config.width}, run.stream_learns);
  const at::Tensor keys = given({run.pasts, config.kv_heads, run.past, config.head_dim}, run.past_learns);
  const at::Tensor values = given({run.pasts, config.kv_heads, run.past, config.head_dim}, run.past_learns);
  const at::Tensor lengths = run.shared ? at::full({1}, run.past, at::kLong) : at::arange(run.items, at::kLong).clamp_max(run.past);
  const at::Tensor mask = paa::nn::causal_mask(kTokens, run.past, lengths);
  const paa::nn::Rotary turn = decoder.angles(lengths.unsqueeze(1) + at::arange(kTokens, at::kLong).unsqueeze(0));
  const auto typed = [&](const at::Tensor& x) { return x.to(turn.cosine.scalar_type()); };
  const auto weighted = [](const at::Tensor& x) { return (x * at::arange(x.numel(), at::kFloat).view(x.sizes()).sin()).sum(); };
  at::Tensor hidden = start, loss = at::zeros({}, at::kFloat);
  for (std::int64_t i = run.first; i < config.layers; ++i) {
    const auto held = run.past == 0 ? paa::nn::KeyValues{} : paa::nn::KeyValues{typed(keys), typed(values)};
    const auto out = decoder.block(i, hidden, turn, held, mask, i + 1 == config.layers ? run.wanted : -1);
    hidden = out.hidden;
    loss = loss + weighted(out.added.keys) + weighted(out.added.values);
  }
  if (!run.only_added) loss = loss + weighted(hidden);
  loss.backward();
  return {hidden.detach(), start.grad(), keys.grad(), values.grad()};
}

const std::vector<Run>& runs() {
  static const std::vector<Run> all = {
      {.items = 2, .pasts = 1, .past = 0},
      {.items = 2, .pasts = 2},
      {.pasts = 1},
      {.wanted = 1},
      {.items = 2, .pasts = 2, .past = 17, .wanted = 2},
      {.shared = true},
      {.pasts = 1, .past = 0, .shared = true},
      {.past_learns = false},
      {.stream_learns = false},
      {.only_added = true},
      {.folder = "biased", .first = 0, .wanted = 1},
      {.folder = "head_dim", .first = 0},
      {.folder = "mha", .first = 0, .shared = true},
  };
  return all;
}

void check_near(const Slopes& ours, const Slopes& theirs, double tolerance) {
  CHECK(relative_error(ours.hidden, theirs.hidden) < tolerance);
  for (const auto part : {&Slopes::start, &Slopes::keys, &Slopes::values}) {
    REQUIRE((ours.*part).defined() == (theirs.*part).defined());
    if ((ours.*part).defined() && (ours.*part).numel() > 0) CHECK(relative_error(ours.*part, theirs.*part) < tolerance);
  }
}

}  // namespace

TEST_CASE("for gradients a decoder passes those of the plain one, to hidden states and to the past") {
  for (std::size_t i = 0; i < runs().size(); ++i) {
    INFO("run " << i);
    const Slopes theirs = slopes_through({at::kFloat, false}, runs()[i]);
    check_near(slopes_through({at::kFloat, true, true, runs()[i].first}, runs()[i]), theirs, 1e-5);
  }
}

TEST_CASE("gradients in bf16 are about as far from those in fp32 as the plain ones") {
  if (!paa::nn::onednn::available(at::kBFloat16)) return;
  for (const Run& run : {Run{.first = 0}, Run{.first = 0, .wanted = 1}}) {
    const Slopes exact = slopes_through({at::kFloat, false}, run), plain = slopes_through({at::kBFloat16, false}, run),
                 ours = slopes_through({at::kBFloat16, true, true}, run);
    for (const auto part : {&Slopes::hidden, &Slopes::start, &Slopes::keys, &Slopes::values}) {
      CHECK(relative_error(ours.*part, exact.*part) < 1.5 * relative_error(plain.*part, exact.*part));
    }
  }
}

TEST_CASE("a block through which gradients pass refuses what does not go together, and gradients of gradients") {
  if (!paa::nn::onednn::available()) return;
  const Decoder decoder = load(kData / "gqa", {at::kFloat, true, true});
  const auto width = decoder.config().width;
  const at::Tensor start = at::randn({2, 4, width}).requires_grad_(true), mask = paa::nn::causal_mask(4, 0);
  const auto turn = decoder.angles(at::arange(4, at::kLong).unsqueeze(0)), other = decoder.angles(at::arange(3, at::kLong).unsqueeze(0));
  CHECK_THROWS_AS(decoder.block(0, start, other, {}, mask), paa::Error);
  CHECK_THROWS_AS(decoder.block(0, start, turn, {}, paa::nn::causal_mask(4, 1)), paa::Error);
  CHECK_THROWS_AS(decoder.block(0, start, turn, {}, mask.expand({3, -1, -1})), paa::Error);
  CHECK_THROWS_AS(decoder.block(0, at::randn({2, 4, width + 1}), turn, {}, mask), paa::Error);
  CHECK_THROWS_AS(decoder.block(0, start.to(at::kDouble), turn, {}, mask), paa::Error);
  const at::Tensor loss = decoder.block(0, start, turn, {}, mask).hidden.pow(2).sum();
  CHECK_THROWS_WITH(torch::autograd::grad({loss}, {start}, {}, true, true), Catch::Contains("gradients of gradients"));
}

TEST_CASE("a graph outlives the decoder that it passes through") {
  at::Tensor loss, given;
  {
    const Decoder decoder = load(kData / "gqa", {at::kFloat, true, true});
    given = at::randn({1, 4, decoder.config().width}).requires_grad_(true);
    loss = decoder.block(0, given, decoder.angles(at::arange(4, at::kLong).unsqueeze(0)), {}, paa::nn::causal_mask(4, 0)).hidden.sum();
  }
  loss.backward();
  CHECK(given.grad().abs().sum().item<double>() > 0);
}

TEST_CASE("every weight of a packed decoder can be read, the same as of a plain one") {
  std::vector<at::Tensor> plain, packed;
  load(kData / "gqa", {at::kFloat, false}).for_each_weight([&](const at::Tensor& w) { plain.push_back(w); });
  load(kData / "gqa").for_each_weight([&](const at::Tensor& w) { packed.push_back(w); });
  REQUIRE(plain.size() == packed.size());
  for (std::size_t i = 0; i < plain.size(); ++i) CHECK(at::equal(plain[i], packed[i]));
}

TEST_CASE("a packed decoder refuses to swallow a gradient") {
  const Decoder packed = load(kData / "gqa"), plain = load(kData / "gqa", {at::kFloat, false});
  const at::Tensor tokens = at::arange(4, at::kLong).unsqueeze(0);
  const at::Tensor start = plain.embed(tokens).clone().requires_grad_(true);
  const auto turn = plain.angles(tokens);
  const at::Tensor mask = paa::nn::causal_mask(4, 0);
  plain.block(0, start, turn, {}, mask).hidden.sum().backward();
  CHECK(start.grad().abs().sum().item<double>() > 0);
  if (paa::nn::onednn::available()) CHECK_THROWS_AS(packed.block(0, start, turn, {}, mask), paa::Error);
}

TEST_CASE("token ids outside the vocabulary are refused") {
  const Decoder decoder = load(kData / "gqa");
  CHECK_THROWS_AS(decoder.embed(at::full({1, 1}, decoder.config().vocabulary, at::kLong)), paa::Error);
  CHECK_THROWS_AS(decoder.embed(at::full({1, 1}, -1, at::kLong)), paa::Error);
}
