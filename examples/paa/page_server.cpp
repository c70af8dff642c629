#include "page_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/random.h>

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <thread>

#include "paa/core/error.h"

namespace paa::cli {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr std::size_t kSecretBytes = 16;
constexpr std::size_t kLargestBody = 4096;
constexpr int kSmallest = 16, kLargest = 4096;  // sides of photos, pixels
constexpr int kTimeoutSeconds = 5;
constexpr int kThreads = 4;
constexpr std::chrono::milliseconds kLookAtCancel{50};

// From the operating system, as hexadecimal digits.
std::string secret() {
  std::array<unsigned char, kSecretBytes> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw Error(ErrorCode::kIo, "the operating system gives no random bytes for the page's token");
  }
  std::string text;
  for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// In a time that does not tell how much of it is right.
bool same_secret(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

int status_of(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kBadFormat:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kLimitExceeded: return 400;
    default: return 500;
  }
}

void answer(httplib::Response& response, int status, const Json& json) {
  response.status = status;
  response.set_content(to_text(json), "application/json");
}

void refuse(httplib::Response& response, int status, const std::string& what) {
  answer(response, status, {{"error", what}});
}

int side_of(const std::string& text) {
  int side = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
  if (error != std::errc() || end != text.data() + text.size() || side < kSmallest || side > kLargest) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("side must be from {} to {}", kSmallest, kLargest));
  }
  return side;
}

const char* refusal_of(int status) {
  switch (status) {
    case 404: return "there is nothing at this address";
    case 413: return "the request is too large";
    default: return "the request was not understood";
  }
}

}  // namespace

struct PageServer::Impl {
  explicit Impl(PageHandlers h) : handlers(std::move(h)), token(secret()) {}

  void open(int port) {
    server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server.set_payload_max_length(kLargestBody);
    server.set_read_timeout(kTimeoutSeconds);
    server.set_write_timeout(kTimeoutSeconds);
    server.set_keep_alive_timeout(kTimeoutSeconds);
    // The library's own choice lets a second program listen on the same port, and so take the person's answers.
    server.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    this->port = port == 0 ? server.bind_to_any_port(kHost) : server.bind_to_port(kHost, port) ? port : -1;
    if (this->port <= 0) {
      throw Error(ErrorCode::kIo,
                  fmt::format("cannot listen on port {} of this machine: another program may hold it; 0 takes a free one",
                              port));
    }
    address = fmt::format("http://{}:{}/?token={}", kHost, this->port, token);
    add_routes();
  }

  // Why a request is not for us; empty if it is.
  std::string stranger(const httplib::Request& request) const {
    const std::string host = request.get_header_value("Host");
    const std::string here = fmt::format("{}:{}", kHost, port), local = fmt::format("localhost:{}", port);
    if (host != here && host != local) return "this server answers to 127.0.0.1 alone";
    if (request.has_header("Origin") && request.get_header_value("Origin") != "http://" + host) {
      return "another site's page may not ask here";
    }
    const std::string site = request.get_header_value("Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin" && site != "none") return "another site's page may not ask here";
    const std::string given = request.has_param("token") ? request.get_param_value("token")
                                                         : request.get_header_value("X-Paa-Token");
    if (!same_secret(given, token)) return "the token is missing or wrong: open the address that the program printed";
    return "";
  }

  // Runs a handler alone; what it throws becomes the answer.
  template <class Work>
  void guarded(httplib::Response& response, const Work& work) {
    const std::lock_guard lock(mutex);
    try {
      work();
    } catch (const Error& e) {
      refuse(response, status_of(e), e.what());
    } catch (const std::exception& e) {
      refuse(response, 500, e.what());
    }
  }

  void add_routes() {
    server.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      response.set_header("Cache-Control", "no-store");
      response.set_header("Referrer-Policy", "no-referrer");
      response.set_header("X-Content-Type-Options", "nosniff");
      response.set_header("Cross-Origin-Resource-Policy", "same-origin");
      const std::string why = stranger(request);
      if (why.empty()) return httplib::Server::HandlerResponse::Unhandled;
      refuse(response, 403, why);
      return httplib::Server::HandlerResponse::Handled;
    });
    server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) refuse(response, response.status, refusal_of(response.status));
    });
    server.Get("/", [this](const httplib::Request&, httplib::Response& response) {
      guarded(response, [&] {
        const std::string nonce = secret();
        response.set_header(
            "Content-Security-Policy",
            fmt::format("default-src 'none'; img-src 'self'; connect-src 'self'; style-src 'nonce-{0}'; script-src "
                        "'nonce-{0}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                        nonce));
        response.set_content(handlers.page(nonce), "text/html; charset=utf-8");
      });
    });
    server.Get("/state", [this](const httplib::Request& request, httplib::Response& response) {
      guarded(response, [&] {
        answer(response, 200, handlers.state([&](const std::string& name) { return request.get_param_value(name.c_str()); }));
      });
    });
    server.Post("/say", [this](const httplib::Request& request, httplib::Response& response) {
      guarded(response, [&] {
        handlers.say(parse_json(request.body, "what the page says"));
        answer(response, 200, Json::object());
      });
    });
    server.Get(R"(/photo/([0-9a-f]{64}))", [this](const httplib::Request& request, httplib::Response& response) {
      guarded(response, [&] {
        const int side = side_of(request.get_param_value("side"));
        response.set_content(handlers.photo(request.matches[1].str(), side), "image/jpeg");
      });
    });
  }

  PageHandlers handlers;
  std::string token, address;
  int port = 0;
  std::mutex mutex;
  httplib::Server server;
};

PageServer::PageServer(int port, PageHandlers handlers) : impl_(std::make_unique<Impl>(std::move(handlers))) {
  impl_->open(port);
}
PageServer::~PageServer() = default;

const std::string& PageServer::address() const noexcept { return impl_->address; }

void PageServer::run(const Cancel* cancel) {
  std::atomic<bool> ended = false;
  std::thread watcher([&] {
    // Again and again: a stop that comes before the server listens has no effect.
    for (; !ended; std::this_thread::sleep_for(kLookAtCancel)) {
      if (cancel != nullptr && cancel->requested()) impl_->server.stop();
    }
  });
  impl_->server.listen_after_bind();
  ended = true;
  watcher.join();
  throw_if_cancelled(cancel);
}

}  // namespace paa::cli
