#pragma once
// Messages and replies as OpenAI-compatible servers write them.

#include <span>
#include <string>
#include <string_view>

#include "paa/chat/chat_model.h"

namespace paa {

/// How a server wants to be told of a JSON schema.
enum class SchemaForm {
  kJsonSchema,  // OpenAI's: {"type": "json_schema", "json_schema": {"name": ..., "schema": ...}}
  kJsonObject   // the older one of servers that run open weights: {"type": "json_object", "schema": ...}
};

/// The body of a request.
Json chat_request(const std::string& model, std::span<const ChatMessage> messages, const ChatOptions& options,
                  bool stream, SchemaForm form = SchemaForm::kJsonSchema);

/// What a whole reply, or one event of a stream, adds.
struct ReplyPart {
  std::string text;   // whole characters: JSON holds no others
  bool last = false;  // the server says why it ends
};

/// Adds it to `reply`. Errors: kBadFormat (no such reply), kIo (the server's own error, in its words).
ReplyPart add_to_reply(const Json& json, bool stream, const std::string& origin, ChatReply& reply);

/// What a server's error says: its message if it has one of the usual form, else the beginning of the body.
std::string server_message(std::string_view body);

}  // namespace paa
