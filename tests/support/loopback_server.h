#pragma once
// A TCP server on this machine that answers each connection as a test tells it to, also wrongly.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

class LoopbackServer {
 public:
  /// What a test does with one connection whose request has been read.
  class Connection {
   public:
    Connection(int socket, std::string request) : request(std::move(request)), socket_(socket) {}
    void send(std::string_view bytes) const {
      while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      }
    }
    /// A whole answer.
    void answer(int status, std::string_view body, const std::string& headers = "") const {
      send("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
           "Connection: close\r\n\r\n" + std::string(body));
    }
    /// Waits for the other side to go, at most `ms`.
    void wait_for_end(int ms) const {
      pollfd one{socket_, POLLIN, 0};
      ::poll(&one, 1, ms);
    }
    std::string request;

   private:
    int socket_;
  };
  using Script = std::function<void(const Connection&)>;

  /// The n-th connection gets the n-th script; the last script goes on.
  explicit LoopbackServer(std::vector<Script> scripts) : scripts_(std::move(scripts)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0) {
      throw std::runtime_error("no server on loopback");
    }
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    ::close(listener_);
    for (auto& thread : serving_) thread.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void accept_all() {
    for (int socket; (socket = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      if (ending_) {
        ::close(socket);
        return;
      }
      const std::lock_guard lock(mutex_);
      const Script& script = scripts_[std::min(serving_.size(), scripts_.size() - 1)];
      serving_.emplace_back([this, socket, &script] { serve(socket, script); });
    }
  }

  void serve(int socket, const Script& script) {
    const std::string request = read_request(socket);
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    script({socket, request});
    ::close(socket);
  }

  static std::string read_request(int socket) {
    std::string text;
    char buffer[4096];
    std::size_t wanted = std::string::npos;
    while (text.size() < wanted) {
      const auto got = ::recv(socket, buffer, sizeof(buffer), 0);
      if (got <= 0) break;
      text.append(buffer, static_cast<std::size_t>(got));
      const auto end = text.find("\r\n\r\n");
      if (end == std::string::npos || wanted != std::string::npos) continue;
      const auto length = text.find("Content-Length: ");
      wanted = end + 4 + (length < end ? std::strtoul(text.c_str() + length + 16, nullptr, 10) : 0);
    }
    return text;
  }

  std::vector<Script> scripts_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> ending_ = false;
  mutable std::mutex mutex_;
  std::vector<std::thread> serving_;
  std::vector<std::string> requests_;
  std::thread accepting_;
};
