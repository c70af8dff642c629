#include "paa/core/sha256.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "paa/core/file.h"

namespace paa {

struct Sha256::Impl {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~Impl() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
  if (impl_->context == nullptr || EVP_DigestInit_ex(impl_->context, EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorCode::kInternal, "libcrypto cannot compute SHA-256");
  }
}

Sha256::~Sha256() = default;

Sha256& Sha256::update(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) != 1) {
    throw Error(ErrorCode::kInternal, "libcrypto cannot compute SHA-256");
  }
  return *this;
}

Sha256& Sha256::update(std::string_view bytes) { return update(std::as_bytes(std::span(bytes))); }

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(impl_->context, digest.data(), &size) != 1) {
    throw Error(ErrorCode::kInternal, "libcrypto cannot compute SHA-256");
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

std::string sha256_hex(std::span<const std::byte> bytes) { return Sha256().update(bytes).hex(); }

std::string sha256_hex(std::string_view bytes) { return Sha256().update(bytes).hex(); }

std::string sha256_file(const std::filesystem::path& path, const Progress& progress, const Cancel* cancel) {
  constexpr std::size_t kStep = std::size_t{8} << 20;
  const MappedFile file(path);
  const auto bytes = file.bytes();
  Sha256 hash;
  for (std::size_t at = 0; at < bytes.size(); at += kStep) {
    throw_if_cancelled(cancel);
    hash.update(bytes.subspan(at, std::min(kStep, bytes.size() - at)));
    if (progress) progress(std::min(at + kStep, bytes.size()), bytes.size());
  }
  return hash.hex();
}

}  // namespace paa
