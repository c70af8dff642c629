// TLS: only certificates that someone vouches for.

#include <httplib.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "catch.h"
#include "core/temporary_folder.h"
#include "paa/chat/http_chat.h"
#include "paa/core/error.h"

TEST_CASE("A certificate that nobody vouches for is refused", "[http_chat]") {
  const TemporaryFolder folder;
  const std::string certificate = folder / "certificate.pem", key = folder / "key.pem";
  const std::string make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
                           "subjectAltName=DNS:localhost -keyout " + key + " -out " + certificate + " 2>/dev/null";
  if (std::system(make.c_str()) != 0) {
    WARN("skipped: no openssl command to make a certificate with");
    return;
  }
  httplib::SSLServer server(certificate.c_str(), key.c_str());
  REQUIRE(server.is_valid());
  server.Post("/v1/chat/completions", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(R"({"choices":[{"message":{"content":"safe"},"finish_reason":"stop"}]})", "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread serving([&] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();

  paa::HttpChatOptions options;
  options.url = "https://localhost:" + std::to_string(port) + "/v1";
  options.model = "tiny";
  const std::vector<paa::ChatMessage> messages = {{"user", "hello", {}}};
  try {
    paa::HttpChat(options).reply(messages);
    FAIL_CHECK("was trusted");
  } catch (const paa::Error& e) {
    CHECK(e.code() == paa::ErrorCode::kIo);
  }
  options.certificates = certificate;
  CHECK(paa::HttpChat(options).reply(messages).text == "safe");
  options.url = "https://127.0.0.1:" + std::to_string(port) + "/v1";  // not the name that is vouched for
  CHECK_THROWS_AS(paa::HttpChat(options).reply(messages), paa::Error);
  server.stop();
  serving.join();
}
