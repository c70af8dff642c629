#pragma once
// An HTTP server for one person's browser on this machine, and for nothing else.

#include <functional>
#include <memory>
#include <string>

#include "paa/core/json.h"
#include "paa/core/progress.h"

namespace paa::cli {

/// What a page asks of its server. Handlers are called one at a time; what they throw becomes an answer that says so:
/// 404 for kNotFound, 400 for other faults of the request, 500 for the rest.
struct PageHandlers {
  /// The document; `nonce` is what its <style> and <script> must carry.
  std::function<std::string(const std::string& nonce)> page;
  /// Asked by GET /state?QUERY: `query` gives a parameter, or "".
  std::function<Json(const std::function<std::string(const std::string&)>& query)> state;
  /// Told by POST /say; the page asks for the state after it.
  std::function<void(const Json& request)> say;
  /// The JPEG of GET /photo/ID?side=PIXELS; ID: a SHA-256; `side`: 16 to 4096.
  std::function<std::string(const std::string& id, int side)> photo;
};

/// Listens on 127.0.0.1 alone. Every request must carry the token that stands in the address (as the parameter or the
/// header "X-Paa-Token"), name this server as its host, and, if it has an origin, come from this server's own page: so
/// neither another user's guess nor another site in the same browser gets through. Requests are small and time-limited.
class PageServer {
 public:
  /// `port` 0: any that is free. Error: kIo (the port is taken).
  PageServer(int port, PageHandlers handlers);
  ~PageServer();

  /// "http://127.0.0.1:PORT/?token=TOKEN".
  const std::string& address() const noexcept;

  /// Serves until `cancel` is requested, then throws kCancelled.
  void run(const Cancel* cancel);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa::cli
