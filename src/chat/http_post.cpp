#include "http_post.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>

#include "paa/core/error.h"

namespace paa {
namespace {

constexpr int kPollMs = 50;

using Clock = std::chrono::steady_clock;

struct Receiving {
  HttpAnswer answer;
  const std::function<bool(std::string_view)>* take = nullptr;
  std::size_t largest = 0, received = 0;
  Clock::time_point last = Clock::now();  // that a byte came
  CURL* handle = nullptr;
  std::exception_ptr thrown;  // no exception may pass through libcurl
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiving = *static_cast<Receiving*>(user);
  const std::string_view bytes(data, size * count);
  try {
    receiving.last = Clock::now();
    receiving.received += bytes.size();
    if (receiving.received > receiving.largest) {
      throw Error(ErrorCode::kLimitExceeded,
                  fmt::format("the reply is larger than {} bytes; nothing of it was kept", receiving.largest));
    }
    curl_easy_getinfo(receiving.handle, CURLINFO_RESPONSE_CODE, &receiving.answer.status);
    if (receiving.answer.status == 200 && *receiving.take) {
      if ((*receiving.take)(bytes)) return bytes.size();
      receiving.answer.stopped = true;
      return 0;
    }
    receiving.answer.body += bytes;
    return bytes.size();
  } catch (...) {
    receiving.thrown = std::current_exception();
    return 0;
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

bool is_named(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         curl_strnequal(line.data(), name.data(), name.size()) != 0;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& answer = static_cast<Receiving*>(user)->answer;
  const std::string_view line(data, size * count);
  if (is_named(line, "Retry-After")) {
    const auto value = trimmed(line.substr(12));
    int seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error == std::errc() && end == value.data() + value.size() && seconds >= 0) answer.retry_after_s = seconds;
  } else if (is_named(line, "Location")) {
    answer.location = trimmed(line.substr(9));
  }
  return line.size();
}

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Headers header_list(const std::vector<std::string>& headers) {
  curl_slist* list = nullptr;
  for (const auto& header : headers) list = curl_slist_append(list, header.c_str());
  // Servers that do not know it make libcurl wait a second.
  list = curl_slist_append(list, "Expect:");
  return {list, curl_slist_free_all};
}

void set_options(CURL* handle, const HttpPost& post, const curl_slist* headers, Receiving& receiving) {
  const auto set = [handle](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
  set(CURLOPT_URL, post.url.c_str());
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDS, post.body.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post.body.size()));
  set(CURLOPT_HTTPHEADER, headers);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(post.connect_timeout_s));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (post.direct) set(CURLOPT_NOPROXY, "*");
  if (!post.certificates.empty()) set(CURLOPT_CAINFO, post.certificates.c_str());
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&receiving));
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&receiving));
}

// Runs to the end. The result of the transfer.
CURLcode transfer(CURLM* multi, const Receiving& receiving, std::chrono::seconds idle, const Cancel* cancel) {
  for (int running = 1; running > 0;) {
    throw_if_cancelled(cancel);
    // Not libcurl's own limit on speed, which is a mean over some seconds of what is sent, too.
    if (Clock::now() - receiving.last > idle) return CURLE_OPERATION_TIMEDOUT;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running > 0) curl_multi_poll(multi, nullptr, 0, kPollMs, nullptr);
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi, &left);
  return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

bool may_mend(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_OPERATION_TIMEDOUT: return true;
    default: return false;
  }
}

}  // namespace

HttpAnswer http_post(const HttpPost& post, const std::function<bool(std::string_view)>& take, const Cancel* cancel) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const Handle handle(curl_easy_init(), curl_easy_cleanup);
  const Multi multi(curl_multi_init(), curl_multi_cleanup);
  if (handle == nullptr || multi == nullptr) throw Error(ErrorCode::kOutOfMemory, "libcurl could not be started");
  const Headers headers = header_list(post.headers);
  Receiving receiving;
  receiving.take = &take;
  receiving.largest = post.largest_reply;
  receiving.handle = handle.get();
  set_options(handle.get(), post, headers.get(), receiving);
  curl_multi_add_handle(multi.get(), handle.get());
  CURLcode code = CURLE_OK;
  try {
    code = transfer(multi.get(), receiving, std::chrono::seconds(post.idle_timeout_s), cancel);
  } catch (...) {
    curl_multi_remove_handle(multi.get(), handle.get());
    throw;
  }
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &receiving.answer.status);
  curl_multi_remove_handle(multi.get(), handle.get());
  if (receiving.thrown) std::rethrow_exception(receiving.thrown);
  if (code != CURLE_OK && !receiving.answer.stopped) {
    receiving.answer.failure = curl_easy_strerror(code);
    receiving.answer.lost = may_mend(code);
  }
  return std::move(receiving.answer);
}

}  // namespace paa
