#include "chat.h"

#include <exception>
#include <string>

#include "arguments.h"
#include "guard.h"

struct paa_chat_reply {
  const paa::RelayedChat::Sink& sink;
  bool wanted = true;            // whether more is
  std::exception_ptr fault = {};  // of a piece, so that it counts also where the callback overlooks it
};

namespace paa::capi {
namespace {

[[noreturn]] void fail(paa_status status) {
  if (status == PAA_CANCELLED) throw Error(ErrorCode::kCancelled, "cancelled by the chat callback");
  throw Error(ErrorCode::kIo, "the chat callback failed with status " + std::to_string(status) + " (" +
                                  paa_status_name(status) + ")");
}

void add(paa_chat_reply& reply, std::string_view piece) {
  try {
    reply.wanted = reply.wanted && reply.sink(piece);
  } catch (...) {
    reply.fault = std::current_exception();
    throw;
  }
  if (!reply.wanted) throw Error(ErrorCode::kCancelled, "no more of the reply is wanted");
}

}  // namespace

std::unique_ptr<RelayedChat> relayed_chat(paa_chat_callback callback, void* user_data, const std::string& id) {
  if (callback == nullptr) return nullptr;
  const auto relay = [callback, user_data](const std::string& request, const RelayedChat::Sink& sink) {
    paa_chat_reply reply{sink};
    const paa_status status = callback(&reply, request.data(), request.size(), user_data);
    if (reply.fault) std::rethrow_exception(reply.fault);
    if (status != PAA_OK && reply.wanted) fail(status);
  };
  return std::make_unique<RelayedChat>(relay, id);
}

}  // namespace paa::capi

using namespace paa::capi;

paa_status paa_chat_reply_add(paa_chat_reply* reply, const char* piece, size_t size) {
  return guard(__func__, [&] { add(required(reply, "reply"), text(piece, size, "text")); });
}
