// SmolLM2's own tokenizer, where the model has been fetched.

#include "golden_data.h"
#include "lite0_model.h"
#include "paa/checkpoint/gguf.h"
#include "paa/text/chat_template.h"
#include "paa/text/gguf_tokenizer.h"

namespace {

std::vector<std::string> strings_of(const paa::Gguf& file, std::string_view key) {
  std::vector<std::string> strings;
  const auto found = file.find_strings(key);
  REQUIRE(found);
  strings.assign(found->begin(), found->end());
  return strings;
}

std::unique_ptr<paa::Tokenizer> load(const std::filesystem::path& path, const std::string& pre) {
  const auto file = paa::Gguf::open(path);
  paa::GgufTokenizerFields fields;
  fields.model = file.find_string("tokenizer.ggml.model").value();
  CHECK(file.find_string("tokenizer.ggml.pre").value() == "smollm");
  fields.pre = pre;
  fields.tokens = strings_of(file, "tokenizer.ggml.tokens");
  fields.merges = strings_of(file, "tokenizer.ggml.merges");
  const auto types = file.find_integers("tokenizer.ggml.token_type").value();
  for (const auto type : types) fields.token_types.push_back(static_cast<std::int32_t>(type));
  fields.bos = static_cast<std::uint32_t>(file.find_integer("tokenizer.ggml.bos_token_id").value());
  fields.eos = static_cast<std::uint32_t>(file.find_integer("tokenizer.ggml.eos_token_id").value());
  return paa::make_gguf_tokenizer(std::move(fields), path.string());
}

}  // namespace

TEST_CASE("SmolLM2's tokenizer gives the ids and offsets of tokenizers, and its template the ids of transformers") {
  const auto path = lite0_folder() / "SmolLM2-135M-Instruct.Q4_1.gguf";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path << " is not there; examples/quickstart.sh fetches it");
    return;
  }
  const auto tokenizer = load(path, "smollm");
  CHECK(tokenizer->vocabulary_size() == 49152);
  CHECK(tokenizer->bos() == tokenizer->find("<|im_start|>"));
  CHECK(tokenizer->eos() == tokenizer->find("<|im_end|>"));
  golden::check_encodings(*tokenizer, "smollm2_golden.json", "smollm");
  golden::check_offsets(*tokenizer, "smollm2_golden.json");
  golden::check_encodings(*load(path, "gpt-2"), "smollm2_golden.json", "gpt2");

  const paa::Json chat_golden = paa::read_json(golden::data_path("chat_golden.json"));
  const auto file = paa::Gguf::open(path);
  const paa::ChatTemplate chat(file.find_string("tokenizer.chat_template").value(), path.string());
  for (const auto& conversation : chat_golden.at("conversations")) {
    if (!conversation.contains("smollm2_ids")) continue;
    std::vector<paa::ChatMessage> messages;
    for (const auto& message : conversation.at("messages"))
      messages.push_back({message.at("role"), message.at("content")});
    const auto segments = chat.render(messages, conversation.at("add_generation_prompt"));
    CHECK(paa::encode_chat(*tokenizer, segments) == conversation.at("smollm2_ids").get<golden::Ids>());
  }
}
