#include "paa/checkpoint/llm_checkpoint.h"

#include <cstring>
#include <thread>

#include "byte_builder.h"
#include "checkpoint_data.h"
#include "paa/checkpoint/safetensors.h"
#include "paa/core/sha256.h"

using Catch::Matchers::Contains;
using paa::DType;
using paa::ErrorCode;
using paa::Json;
using paa::LlmCheckpoint;

namespace {

std::string hash_of(const std::vector<float>& values) { return paa::sha256_hex(std::as_bytes(std::span(values))); }

// A copy of the committed folder whose config.json can be changed.
class LlamaFolder {
 public:
  LlamaFolder() {
    for (const auto& entry : std::filesystem::directory_iterator(data_path("llama"))) {
      std::filesystem::copy_file(entry.path(), path() / entry.path().filename());
    }
  }
  const std::filesystem::path& path() const { return folder_.path(); }

  void set(const Json& patch) const {
    Json config = paa::read_json(data_path("llama/config.json"));
    config.merge_patch(patch);
    paa::write_file(path() / "config.json", config.dump());
  }

  // The message with which the folder is refused after the change.
  std::string refusal(ErrorCode code, const Json& patch) const {
    INFO(patch.dump());
    set(patch);
    return error_of(code, [&] { LlmCheckpoint::open(path()); });
  }

 private:
  TemporaryFolder folder_;
};

// The committed GGUF with the bytes of `from` replaced by as many others, wherever they stand.
std::vector<std::byte> gguf_with(std::string_view from, std::string_view to) {
  auto bytes = paa::read_file(data_path("llama.gguf"), 1 << 20);
  REQUIRE(from.size() == to.size());
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto at = text.find(from);
  REQUIRE(at != std::string_view::npos);
  std::memcpy(bytes.data() + at, to.data(), to.size());
  return bytes;
}

// Puts `pairs` of metadata before all others, and a last one that fills up to the alignment, so that the data stays
// where the tensors look for it; `missing` bytes were taken out of the header before.
void add_metadata(std::vector<std::byte>& file, ByteBuilder pairs, std::uint64_t count, std::size_t missing = 0) {
  constexpr std::size_t kPairCount = 16;  // where it stands
  constexpr std::size_t kPairs = 24;      // where the first pair begins
  constexpr std::size_t kFillerHead = sizeof(std::uint64_t) + 1 + sizeof(std::uint32_t) + sizeof(std::uint64_t);
  const std::size_t fill = 64 - (pairs.size() + kFillerHead + 32 - missing) % 32;
  pairs.u64(1).text("f").u32(8).u64(fill).zeros(fill);
  std::uint64_t total = 0;
  std::memcpy(&total, file.data() + kPairCount, sizeof total);
  total += count + 1;
  std::memcpy(file.data() + kPairCount, &total, sizeof total);
  const auto added = pairs.bytes();
  file.insert(file.begin() + kPairs, added.begin(), added.end());
}

// The committed GGUF with one more metadata value: `value` is its type and bytes.
std::vector<std::byte> gguf_with_metadata(std::string_view key, const ByteBuilder& value) {
  auto bytes = paa::read_file(data_path("llama.gguf"), 1 << 20);
  add_metadata(bytes, ByteBuilder().u64(key.size()).text(key).append(value.bytes()), 1);
  return bytes;
}

// The committed GGUF with a shorter name for a tensor.
std::vector<std::byte> gguf_with_name(std::string_view from, std::string_view to) {
  const std::size_t missing = from.size() - to.size();
  auto bytes = gguf_with(from, std::string(to) + std::string(missing, '-'));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t at = text.find(std::string(to) + std::string(missing, '-'));
  const std::uint64_t length = to.size();
  std::memcpy(bytes.data() + at - sizeof length, &length, sizeof length);
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(at + to.size());
  bytes.erase(end, end + static_cast<std::ptrdiff_t>(missing));
  add_metadata(bytes, {}, 0, missing);
  return bytes;
}

std::string gguf_refusal(ErrorCode code, const std::vector<std::byte>& bytes) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "x.gguf";
  paa::write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return error_of(code, [&] { LlmCheckpoint::open(path); });
}

}  // namespace

TEST_CASE("a Llama in GGUF has its configuration, tokenizer and template") {
  const auto checkpoint = LlmCheckpoint::open(data_path("llama.gguf"));
  const auto& config = checkpoint.config();
  CHECK(config.architecture == "llama");
  CHECK(config.layers == 2);
  CHECK(config.width == 64);
  CHECK(config.heads == 4);
  CHECK(config.kv_heads == 2);
  CHECK(config.head_dim == 16);
  CHECK(config.ffn_width == 96);
  CHECK(config.vocabulary == 40);
  CHECK(config.context == 128);
  CHECK(config.rope_base == 10000.0);
  CHECK(config.rms_epsilon == Approx(1e-5));
  CHECK(config.tied_head);
  CHECK_FALSE(config.qkv_bias);
  CHECK_FALSE(config.output_bias);
  CHECK_FALSE(config.mlp_bias);
  REQUIRE(checkpoint.gguf() != nullptr);
  CHECK(checkpoint.gguf()->find_strings("tokenizer.ggml.tokens")->size() == 40);
  CHECK(checkpoint.chat_template() == "{{ messages }}");
  CHECK(checkpoint.folder().empty());
}

TEST_CASE("a Llama in GGUF has the tensors that transformers loads from it, bit for bit") {
  const auto checkpoint = LlmCheckpoint::open(data_path("llama.gguf"));
  const Json expected = golden("llama_gguf.json");
  for (const auto& [name, tensor] : expected["tensors"].items()) {
    INFO(name);
    CHECK(checkpoint.weights().info(name).shape == tensor["shape"].get<std::vector<std::int64_t>>());
    CHECK(hash_of(checkpoint.weights().read_f32(name)) == tensor["sha256"]);
  }
}

TEST_CASE("threads may be the first to read a reordered tensor at once") {
  const auto checkpoint = LlmCheckpoint::open(data_path("llama.gguf"));
  const std::string name = "model.layers.1.self_attn.q_proj.weight";
  std::vector<std::vector<float>> found(4);
  std::vector<std::thread> threads;
  for (auto& values : found) threads.emplace_back([&] { values = checkpoint.weights().read_f32(name); });
  for (auto& thread : threads) thread.join();
  for (const auto& values : found) CHECK(hash_of(values) == golden("llama_gguf.json")["tensors"][name]["sha256"]);
}

TEST_CASE("a Hugging Face folder in shards has its configuration and values, by folder or config.json") {
  const auto sums = golden("llama_folder.json")["sums"];
  for (const auto* path : {"llama", "llama/config.json"}) {
    const auto checkpoint = LlmCheckpoint::open(data_path(path));
    const auto& config = checkpoint.config();
    CHECK(config.heads == 4);
    CHECK(config.kv_heads == 2);
    CHECK(config.rope_base == 10000.0);
    CHECK(config.rms_epsilon == 1e-5);
    CHECK(config.qkv_bias);
    CHECK(config.output_bias);
    CHECK_FALSE(config.mlp_bias);
    CHECK_FALSE(config.tied_head);
    CHECK(checkpoint.gguf() == nullptr);
    CHECK(checkpoint.folder() == data_path("llama"));
    CHECK(checkpoint.chat_template().empty());
    double sum = 0;
    for (const float value : checkpoint.weights().read_f32("model.layers.1.self_attn.o_proj.bias")) sum += value;
    CHECK(sum == Approx(sums["model.layers.1.self_attn.o_proj.bias"].get<double>()));
  }
}

TEST_CASE("the old place of rope_theta is read, and absent keys have Hugging Face's defaults") {
  const LlamaFolder folder;
  folder.set(
      {{"rope_parameters", nullptr}, {"rope_theta", 500000.0}, {"rms_norm_eps", nullptr}, {"head_dim", nullptr}});
  const auto checkpoint = LlmCheckpoint::open(folder.path());
  CHECK(checkpoint.config().rope_base == 500000.0);
  CHECK(checkpoint.config().rms_epsilon == 1e-6);
  CHECK(checkpoint.config().head_dim == 16);
}

TEST_CASE("a chat template is found in its own file, as a string, or in a list") {
  const LlamaFolder folder;
  const auto found = [&] { return LlmCheckpoint::open(folder.path()).chat_template(); };
  paa::write_file(folder.path() / "tokenizer_config.json",
                  R"({"chat_template":[{"name":"tool_use","template":"T"},{"name":"default","template":"D"}]})");
  CHECK(found() == "D");
  paa::write_file(folder.path() / "tokenizer_config.json", R"({"chat_template":"S"})");
  CHECK(found() == "S");
  paa::write_file(folder.path() / "chat_template.jinja", "F");
  CHECK(found() == "F");
}

TEST_CASE("what the decoder does not compute is refused with its key") {
  const LlamaFolder folder;
  const auto unsupported = [&](const Json& patch) { return folder.refusal(ErrorCode::kUnsupported, patch); };
  CHECK_THAT(unsupported({{"model_type", "gpt2"}}), Contains("\"model_type\"") && Contains("gpt2"));
  CHECK_THAT(unsupported({{"rope_parameters", {{"rope_type", "llama3"}, {"factor", 8}}}}),
             Contains("\"rope_parameters\"") && Contains("llama3"));
  CHECK_THAT(unsupported({{"rope_scaling", {{"type", "linear"}, {"factor", 2}}}}), Contains("\"rope_scaling\""));
  CHECK_THAT(unsupported({{"sliding_window", 4096}}), Contains("\"sliding_window\""));
  CHECK_THAT(unsupported({{"hidden_act", "gelu"}}), Contains("\"hidden_act\""));
  CHECK_THAT(unsupported({{"partial_rotary_factor", 0.5}}), Contains("\"partial_rotary_factor\""));
  CHECK_THAT(unsupported({{"quantization_config", {{"bits", 4}}}}), Contains("\"quantization_config\""));
}

TEST_CASE("an impossible configuration is refused") {
  const LlamaFolder folder;
  const auto bad = [&](const Json& patch) { return folder.refusal(ErrorCode::kBadFormat, patch); };
  CHECK_THAT(bad({{"num_hidden_layers", 0}}), Contains("layers is 0"));
  CHECK_THAT(bad({{"num_attention_heads", 0}}), Contains("heads is 0"));
  CHECK_THAT(bad({{"num_key_value_heads", -1}}), Contains("kv_heads is -1"));
  CHECK_THAT(bad({{"num_key_value_heads", 3}}), Contains("do not divide"));
  CHECK_THAT(bad({{"head_dim", 15}}), Contains("even"));
  CHECK_THAT(bad({{"rms_norm_eps", 0}}), Contains("rms_epsilon"));
  CHECK_THAT(bad({{"rope_parameters", {{"rope_theta", -1}}}}), Contains("rope_base"));
  CHECK_THAT(bad({{"vocab_size", 1LL << 40}}), Contains("\"vocab_size\""));
  CHECK_THAT(bad({{"hidden_size", "64"}}), Contains("\"hidden_size\""));
  CHECK_THAT(bad({{"hidden_size", nullptr}}), Contains("\"hidden_size\""));
}

TEST_CASE("a configuration that the tensors do not follow is refused by tensor") {
  const LlamaFolder folder;
  CHECK_THAT(folder.refusal(ErrorCode::kMismatch, {{"num_key_value_heads", 4}}),
             Contains("k_proj.weight") && Contains("[32, 64]") && Contains("[64, 64]"));
  CHECK_THAT(folder.refusal(ErrorCode::kMismatch, {{"vocab_size", 41}}), Contains("embed_tokens"));
  CHECK_THAT(folder.refusal(ErrorCode::kNotFound, {{"num_hidden_layers", 2000000}}), Contains("model.layers.2."));
  CHECK_THAT(folder.refusal(ErrorCode::kNotFound, {{"mlp_bias", true}}), Contains("mlp.gate_proj.bias"));
  CHECK_THAT(folder.refusal(ErrorCode::kUnsupported, {{"attention_bias", false}}), Contains(".bias"));
  CHECK_THAT(folder.refusal(ErrorCode::kUnsupported, {{"num_hidden_layers", 1}}), Contains("model.layers.1."));
}

TEST_CASE("a folder without its parts is refused with what is missing") {
  const TemporaryFolder folder;
  CHECK_THAT(error_of(ErrorCode::kNotFound, [&] { LlmCheckpoint::open(folder.path()); }), Contains("config.json"));
  std::filesystem::copy_file(data_path("llama/config.json"), folder.path() / "config.json");
  CHECK_THAT(error_of(ErrorCode::kNotFound, [&] { LlmCheckpoint::open(folder.path()); }),
             Contains("model.safetensors"));
  error_of(ErrorCode::kNotFound, [&] { LlmCheckpoint::open(folder.path() / "absent"); });
  paa::write_file(folder.path() / "empty.gguf", "");
  error_of(ErrorCode::kBadFormat, [&] { LlmCheckpoint::open(folder.path() / "empty.gguf"); });
}

TEST_CASE("a GGUF file of another architecture, or without a key or a tensor, is refused") {
  using namespace std::string_view_literals;
  CHECK_THAT(gguf_refusal(ErrorCode::kUnsupported, gguf_with("\x05\0\0\0\0\0\0\0llama"sv, "\x05\0\0\0\0\0\0\0qwen2"sv)),
             Contains("qwen2"));
  CHECK_THAT(gguf_refusal(ErrorCode::kBadFormat, gguf_with("llama.block_count", "llama.block_kount")),
             Contains("\"llama.block_count\""));
  CHECK_THAT(gguf_refusal(ErrorCode::kNotFound, gguf_with("blk.1.ffn_up", "blk.1.ffn_xp")),
             Contains("model.layers.1.mlp.up_proj.weight"));
  CHECK_THAT(gguf_refusal(ErrorCode::kNotFound, gguf_with("token_embd", "token_embx")), Contains("token_embd"));
}

TEST_CASE("a GGUF file with a tensor that no Llama has, or with two for one name, is refused") {
  CHECK_THAT(gguf_refusal(ErrorCode::kNotFound, gguf_with_name("blk.1.attn_output.weight", "rope_freqs.weight")),
             Contains("o_proj"));
  CHECK_THAT(gguf_refusal(ErrorCode::kBadFormat, gguf_with_name("blk.1.attn_output.weight", "model.norm.weight")),
             Contains("output_norm.weight") && Contains("model.norm.weight"));
}

TEST_CASE("GGUF metadata that changes what a Llama computes is refused by key, and harmless values are not") {
  constexpr std::uint32_t kU32 = 4, kF32 = 6, kString = 8, kArray = 9;
  const auto one = ByteBuilder().u32(kF32).u32(0x3f800000);
  const auto two = ByteBuilder().u32(kF32).u32(0x40000000);
  const auto refused = [](const std::string& key, const ByteBuilder& value, ErrorCode code = ErrorCode::kUnsupported) {
    INFO(key);
    CHECK_THAT(gguf_refusal(code, gguf_with_metadata(key, value)), Contains("\"" + key + "\""));
  };
  refused("llama.rope.scaling.type", ByteBuilder().u32(kString).u64(4).text("yarn"));
  refused("llama.rope.scaling.factor", two);
  refused("llama.rope.scale_linear", two);
  refused("llama.logit_scale", two);
  refused("llama.attention.sliding_window", ByteBuilder().u32(kU32).u32(4096));
  refused("llama.expert_count", ByteBuilder().u32(kU32).u32(8));
  refused("llama.attention.value_length", ByteBuilder().u32(kU32).u32(32));
  refused("llama.vocab_size", ByteBuilder().u32(kU32).u32(41));
  refused("llama.attention.key_length", ByteBuilder().u32(kArray).u32(kU32).u64(2).u32(16).u32(8));
  refused("llama.attention.key_length", ByteBuilder().u32(kString).u64(2).text("16"), ErrorCode::kBadFormat);
  refused("llama.attention.key_length", ByteBuilder().u32(kU32).u32(0xffffffff), ErrorCode::kBadFormat);

  const TemporaryFolder folder;
  for (const auto& bytes :
       {gguf_with_metadata("llama.rope.scaling.type", ByteBuilder().u32(kString).u64(4).text("none")),
        gguf_with_metadata("llama.logit_scale", one),
        gguf_with_metadata("llama.attention.key_length", ByteBuilder().u32(kArray).u32(kU32).u64(2).u32(16).u32(16))}) {
    const auto path = folder.path() / "x.gguf";
    paa::write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    CHECK(LlmCheckpoint::open(path).config().head_dim == 16);
  }
}
