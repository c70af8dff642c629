#pragma once
// A chat model behind a callback of the caller's.

#include <memory>
#include <string>

#include "paa.h"
#include "paa/chat/relayed_chat.h"

namespace paa::capi {

/// Null for a NULL callback. What `user_data` points to must outlive it. A callback that fails makes reply() fail:
/// kCancelled if it returned PAA_CANCELLED, else kIo, naming its status.
/// `id`: what tells the model from others.
std::unique_ptr<RelayedChat> relayed_chat(paa_chat_callback callback, void* user_data,
                                          const std::string& id = "relayed");

}  // namespace paa::capi
