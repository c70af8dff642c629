#include "paa/checkpoint/llm_checkpoint.h"

#include <fmt/format.h>

#include "checkpoint/gguf_llama.h"
#include "checkpoint/llama_config.h"
#include "checkpoint/path_kind.h"
#include "paa/checkpoint/safetensors.h"
#include "paa/core/error.h"
#include "paa/core/file.h"
#include "paa/core/json.h"

namespace paa {
namespace {

// A tokenizer_config.json holds one template, or a list of named ones.
std::string template_of(const Json& tokenizer_config) {
  if (!tokenizer_config.is_object()) return {};
  const auto found = tokenizer_config.find("chat_template");
  if (found == tokenizer_config.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (!found->is_array()) return {};
  for (const auto& entry : *found) {
    if (entry.is_object() && entry.value("name", Json()) == "default" && entry.value("template", Json()).is_string()) {
      return entry["template"].get<std::string>();
    }
  }
  return {};
}

std::string read_chat_template(const std::filesystem::path& folder) {
  constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 20;
  const auto file = folder / "chat_template.jinja";
  if (is_present(file)) return read_text_file(file, kMaxBytes);
  const auto config = folder / "tokenizer_config.json";
  return is_present(config) ? template_of(read_json(config)) : std::string();
}

}  // namespace

struct LlmCheckpoint::Impl {
  LlmConfig config;
  std::unique_ptr<const Gguf> gguf;
  std::unique_ptr<const WeightSource> weights;
  std::filesystem::path folder;
  std::string chat_template;
};

LlmCheckpoint LlmCheckpoint::open(const std::filesystem::path& path) {
  if (!is_present(path)) {
    throw Error(ErrorCode::kNotFound, fmt::format("{}: no such GGUF file or Hugging Face folder", path.string()));
  }
  auto impl = std::make_unique<Impl>();
  if (is_folder(path) || path.filename() == "config.json") {
    impl->folder = is_folder(path) ? path : path.parent_path();
    impl->config = read_hugging_face_config(impl->folder / "config.json");
    impl->weights = open_safetensors(impl->folder.empty() ? "." : impl->folder);
    impl->chat_template = read_chat_template(impl->folder);
  } else {
    impl->gguf = std::make_unique<const Gguf>(Gguf::open(path));
    impl->config = read_gguf_config(*impl->gguf);
    impl->weights = std::make_unique<const GgufLlamaWeights>(*impl->gguf, impl->config);
    impl->chat_template = impl->gguf->find_string("tokenizer.chat_template").value_or("");
  }
  check_llama_tensors(impl->config, *impl->weights);
  return LlmCheckpoint(std::move(impl));
}

LlmCheckpoint::LlmCheckpoint(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
LlmCheckpoint::LlmCheckpoint(LlmCheckpoint&&) noexcept = default;
LlmCheckpoint& LlmCheckpoint::operator=(LlmCheckpoint&&) noexcept = default;
LlmCheckpoint::~LlmCheckpoint() = default;

const LlmConfig& LlmCheckpoint::config() const noexcept { return impl_->config; }
const WeightSource& LlmCheckpoint::weights() const noexcept { return *impl_->weights; }
const Gguf* LlmCheckpoint::gguf() const noexcept { return impl_->gguf.get(); }
const std::filesystem::path& LlmCheckpoint::folder() const noexcept { return impl_->folder; }
const std::string& LlmCheckpoint::chat_template() const noexcept { return impl_->chat_template; }

}  // namespace paa
