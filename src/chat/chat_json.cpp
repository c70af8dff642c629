#include "chat_json.h"

#include <fmt/format.h>

#include <utility>

#include "paa/core/base64.h"
#include "paa/core/error.h"

namespace paa {
namespace {

constexpr std::size_t kShownOfBody = 200;

Json content_of(const ChatMessage& message) {
  if (message.jpegs.empty()) return message.content;
  Json parts = Json::array();
  for (const auto& jpeg : message.jpegs) {
    parts.push_back({{"type", "image_url"}, {"image_url", {{"url", "data:image/jpeg;base64," + base64(jpeg)}}}});
  }
  parts.push_back({{"type", "text"}, {"text", message.content}});
  return parts;
}

// The value at a path of names and places, or null.
const Json& at(const Json& json, std::initializer_list<const char*> path) {
  static const Json nothing;
  const Json* here = &json;
  for (const char* name : path) {
    if (!here->is_object() || !here->contains(name)) return nothing;
    here = &(*here)[name];
  }
  return *here;
}

Json response_format(const Json& schema, SchemaForm form) {
  if (form == SchemaForm::kJsonObject) return {{"type", "json_object"}, {"schema", schema}};
  return {{"type", "json_schema"}, {"json_schema", {{"name", "reply"}, {"schema", schema}}}};
}

std::vector<TokenChance> alternatives_of(const Json& token) {
  std::vector<TokenChance> result;
  const auto add = [&](const Json& one) {
    const Json &text = at(one, {"token"}), &log = at(one, {"logprob"});
    if (text.is_string() && log.is_number()) result.push_back({text.get<std::string>(), log.get<double>()});
  };
  for (const Json& one : at(token, {"top_logprobs"})) add(one);
  if (result.empty()) add(token);
  return result;
}

void add_usage(const Json& json, ChatReply& reply) {
  const Json &prompt = at(json, {"usage", "prompt_tokens"}), &written = at(json, {"usage", "completion_tokens"});
  if (prompt.is_number_integer()) reply.prompt_tokens = prompt.get<int>();
  if (written.is_number_integer()) reply.reply_tokens = written.get<int>();
}

}  // namespace

Json chat_request(const std::string& model, std::span<const ChatMessage> messages, const ChatOptions& options,
                  bool stream, SchemaForm form) {
  Json json = {{"model", model},
               {"max_tokens", options.max_tokens},
               {"temperature", options.temperature},
               {"stream", stream},
               {"messages", Json::array()}};
  for (const auto& message : messages) {
    json["messages"].push_back({{"role", message.role}, {"content", content_of(message)}});
  }
  if (stream) json["stream_options"] = {{"include_usage", true}};
  if (options.seed) json["seed"] = *options.seed;
  if (options.schema) json["response_format"] = response_format(*options.schema, form);
  if (options.top_log_probabilities > 0) {
    json["logprobs"] = true;
    json["top_logprobs"] = options.top_log_probabilities;
  }
  return json;
}

ReplyPart add_to_reply(const Json& json, bool stream, const std::string& origin, ChatReply& reply) {
  if (const Json& error = at(json, {"error"}); !error.is_null()) {
    throw Error(ErrorCode::kIo, fmt::format("{} answers: {}", origin, server_message(to_text(json))));
  }
  add_usage(json, reply);
  const Json& choices = at(json, {"choices"});
  // The last event of a stream may hold nothing but the usage.
  if (stream && choices.is_array() && choices.empty()) return {};
  if (!choices.is_array() || choices.empty() || !choices[0].is_object()) {
    throw Error(ErrorCode::kBadFormat,
                fmt::format("{} answers something that is no chat reply: {}", origin, server_message(to_text(json))));
  }
  const Json& choice = choices[0];
  const Json& text = at(choice, {stream ? "delta" : "message", "content"});
  for (const Json& token : at(choice, {"logprobs", "content"})) reply.alternatives.push_back(alternatives_of(token));
  const Json& finish = at(choice, {"finish_reason"});
  if (finish == "length") reply.finish = ChatFinish::kLength;
  ReplyPart part{text.is_string() ? text.get<std::string>() : "", !finish.is_null()};
  reply.text += part.text;
  return part;
}

std::string server_message(std::string_view body) {
  std::string message;
  try {
    const Json json = parse_json(body, "reply");
    const Json &inner = at(json, {"error", "message"}), &outer = at(json, {"error"}), &plain = at(json, {"message"});
    for (const Json* one : {&inner, &outer, &plain}) {
      if (one->is_string() && message.empty()) message = one->get<std::string>();
    }
  } catch (const Error&) {
    // Not JSON: shown as it is.
  }
  if (message.empty()) message = body;
  std::string shown;
  for (const char c : message.substr(0, kShownOfBody)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  return shown + (message.size() > kShownOfBody ? " ..." : "");
}

}  // namespace paa
