#include "paa/core/sha256.h"

#include <string>

#include "catch.h"
#include "paa/core/file.h"

#include "refusal.h"
#include "temporary_folder.h"

namespace {

// The examples of FIPS 180-4 (NIST, "SHA256.pdf" of the example values) and its long message of a million times "a".
constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kTwoBlocks = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
constexpr const char* kMillion = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

}  // namespace

TEST_CASE("SHA-256 gives the standard's example values") {
  CHECK(paa::sha256_hex("") == kEmpty);
  CHECK(paa::sha256_hex("abc") == kAbc);
  CHECK(paa::sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") == kTwoBlocks);
  CHECK(paa::sha256_hex(std::string(1000000, 'a')) == kMillion);
  CHECK(paa::sha256_hex(std::as_bytes(std::span("abc", 3))) == kAbc);
}

TEST_CASE("a hash does not depend on how the bytes arrive") {
  paa::Sha256 hash;
  for (int i = 0; i < 1000; ++i) hash.update(std::string(1000, 'a'));
  CHECK(hash.hex() == kMillion);
}

TEST_CASE("a file's hash is that of its bytes, with progress up to its size") {
  const TemporaryFolder folder;
  const auto path = folder / "large";
  const std::string content((9 << 20) + 5, 'x');
  paa::write_file(path, content);
  std::size_t last = 0;
  std::size_t calls = 0;
  const auto hash = paa::sha256_file(path, [&](std::size_t done, std::size_t total) {
    CHECK(done > last);
    CHECK(total == content.size());
    last = done;
    ++calls;
  });
  CHECK(hash == paa::sha256_hex(content));
  CHECK(last == content.size());
  CHECK(calls == 2);

  paa::write_file(path, "");
  CHECK(paa::sha256_file(path) == kEmpty);
}

TEST_CASE("hashing a file can be cancelled, and a missing file is named") {
  const TemporaryFolder folder;
  paa::write_file(folder / "file", "abc");
  paa::Cancel cancel;
  cancel.request();
  CHECK(refusal([&] { paa::sha256_file(folder / "file", {}, &cancel); }).code == paa::ErrorCode::kCancelled);
  const auto missing = refusal([&] { paa::sha256_file(folder / "missing"); });
  CHECK(missing.code == paa::ErrorCode::kNotFound);
  CHECK(missing.message.find("missing: no such file") != std::string::npos);
}
