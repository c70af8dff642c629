#pragma once
// One POST request over libcurl.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/progress.h"

namespace paa {

struct HttpPost {
  std::string url;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;
  std::filesystem::path certificates;
  int connect_timeout_s = 10, idle_timeout_s = 120;
  std::size_t largest_reply = 0;
  bool direct = false;  ///< through no proxy
};

struct HttpAnswer {
  long status = 0;
  std::string body;                  ///< all of it, unless `take` took it
  std::optional<int> retry_after_s;  ///< of the header, if it names seconds
  std::string location;              ///< of a redirection
  bool stopped = false;              ///< `take` wanted no more
  std::string failure;               ///< why there is no whole answer; empty: there is
  bool lost = false;                 ///< the connection failed in a way that another attempt may mend
};

/// Sends it and waits for the answer. `take` gets the body of an answer of status 200 as it comes, and returns whether
/// to go on. Certificates are checked, redirections not followed. Errors: kCancelled (within 100 ms),
/// kLimitExceeded, what `take` throws.
HttpAnswer http_post(const HttpPost& post, const std::function<bool(std::string_view)>& take, const Cancel* cancel);

}  // namespace paa
