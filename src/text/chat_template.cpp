#include "paa/text/chat_template.h"

#include <fmt/format.h>

#include <algorithm>

#include "paa/core/error.h"

namespace paa {
namespace {

constexpr std::string_view kBegin = "<|im_start|>";
constexpr std::string_view kEnd = "<|im_end|>";

// The known templates in the form that `in_one_form` gives them.
constexpr std::string_view kLoop = "{%formessageinmessages%}";
constexpr std::string_view kDefaultSystem = "{%ifloop.firstandmessages[0]['role']!='system'%}{{'<|im_start|>system\n";
constexpr std::string_view kEndOfDefaultSystem = "<|im_end|>\n'}}{%endif%}";
constexpr std::string_view kMessages =
    "{{'<|im_start|>'+message['role']+'\n'+message['content']+'<|im_end|>'+'\n'}}{%endfor%}"
    "{%ifadd_generation_prompt%}{{'<|im_start|>assistant\n'}}{%endif%}";

// Takes away what makes no difference to Jinja as it is used for chat templates (trim_blocks on): blanks inside tags,
// the kind of quotes, "\n" against a line break in quotes, and a line break after a block.
std::string in_one_form(std::string_view jinja) {
  std::string form;
  char quote = 0;
  bool in_tag = false;
  for (std::size_t i = 0; i < jinja.size(); ++i) {
    const char c = jinja[i];
    const auto pair = jinja.substr(i, 2);
    if (quote != 0) {
      if (pair == "\\n") {
        form += '\n';
        ++i;
      } else {
        form += c == quote ? '\'' : c;
        if (c == quote) quote = 0;
      }
    } else if (in_tag && (c == '\'' || c == '"')) {
      quote = c;
      form += '\'';
    } else if (!in_tag && (pair == "{%" || pair == "{{")) {
      in_tag = true;
      form += pair;
      ++i;
    } else if (in_tag && (pair == "%}" || pair == "}}")) {
      in_tag = false;
      form += pair;
      ++i;
      if (pair == "%}" && jinja.substr(i + 1, 1) == "\n") ++i;
    } else if (!in_tag || (c != ' ' && c != '\n' && c != '\t')) {
      form += c;
    }
  }
  return form;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_role(std::string_view role) {
  return !role.empty() && std::all_of(role.begin(), role.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

void append_message(std::vector<ChatSegment>& segments, std::string_view role, std::string_view content) {
  segments.push_back({std::string(kBegin), SpecialTokens::kRecognise});
  segments.push_back({fmt::format("{}\n{}", role, content), SpecialTokens::kPlainText});
  segments.push_back({std::string(kEnd), SpecialTokens::kRecognise});
  segments.push_back({"\n", SpecialTokens::kPlainText});
}

}  // namespace

ChatTemplate::ChatTemplate(std::string_view jinja, std::string_view origin) {
  const std::string form = in_one_form(jinja);
  std::string_view rest = form;
  bool known = take_prefix(rest, kLoop);
  if (known && take_prefix(rest, kDefaultSystem)) {
    const auto end = rest.find(kEndOfDefaultSystem);
    default_system_ = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + kEndOfDefaultSystem.size()));
    // Anything but plain text here would be Jinja to run.
    known = end != rest.npos && default_system_.find_first_of("'{}\\") == std::string::npos;
  }
  if (!known || rest != kMessages) {
    throw Error(
        ErrorCode::kUnsupported,
        fmt::format("{}: this chat template is not supported; ChatML with or without a default system message is",
                    origin));
  }
}

std::vector<ChatSegment> ChatTemplate::render(std::span<const ChatMessage> messages, bool add_generation_prompt) const {
  std::vector<ChatSegment> segments;
  if (!default_system_.empty() && !messages.empty() && messages.front().role != "system") {
    append_message(segments, "system", default_system_);
  }
  for (const ChatMessage& message : messages) {
    if (!is_role(message.role)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("chat: \"{}\" is no role; use system, user or assistant", message.role));
    }
    append_message(segments, message.role, message.content);
  }
  if (add_generation_prompt) {
    segments.push_back({std::string(kBegin), SpecialTokens::kRecognise});
    segments.push_back({"assistant\n", SpecialTokens::kPlainText});
  }
  return segments;
}

std::vector<TokenId> encode_chat(const Tokenizer& tokenizer, std::span<const ChatSegment> segments) {
  std::vector<TokenId> ids;
  for (const ChatSegment& segment : segments) {
    const auto part = tokenizer.encode(segment.text, segment.special);
    if (segment.special == SpecialTokens::kRecognise && part.size() != 1) {
      throw Error(
          ErrorCode::kMismatch,
          fmt::format("the chat template needs the special token \"{}\", which the vocabulary lacks", segment.text));
    }
    ids.insert(ids.end(), part.begin(), part.end());
  }
  return ids;
}

}  // namespace paa
