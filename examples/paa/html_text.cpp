#include "html_text.h"

#include <openssl/evp.h>

#include <array>

#include "paa/core/base64.h"
#include "paa/core/json.h"

namespace paa::cli {
namespace {

// JSON's writer replaces what is not UTF-8; reading it back gives the rest unchanged.
std::string valid_utf8(std::string_view text) { return Json::parse(to_text(Json(text))).get<std::string>(); }

std::string escaped(char c) {
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: break;
  }
  if (byte < 0x20) return std::string{'\xE2', '\x90', static_cast<char>(0x80 + byte)};
  if (byte == 0x7F) return "\xE2\x90\xA1";
  return std::string(1, c);
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string html;
  for (const char c : valid_utf8(text)) html += escaped(c);
  return html;
}

std::string sha256_base64(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorCode::kInternal, "libcrypto cannot compute SHA-256");
  }
  return base64({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace paa::cli
