#include "paa/dlllm/feature_cache.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catch.h"
#include "paa/core/error.h"
#include "paa/core/file.h"

using paa::FeatureCache;

namespace {

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("paa-cache-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path file() const { return path / "model-1.features"; }
  FeatureCache open() const { return FeatureCache(path, "model-1", 3); }
  std::filesystem::path path;
};

std::string hash_of(int i) {
  std::string hash = std::to_string(1000 + i);
  return hash + std::string(64 - hash.size(), 'a');
}

std::vector<float> row_of(int i) { return {static_cast<float>(i), -0.5f, 1e-20f}; }

}  // namespace

TEST_CASE("Rows are found again by the next that opens the cache", "[feature_cache]") {
  const Folder folder;
  {
    FeatureCache cache = folder.open();
    CHECK(cache.size() == 0);
    CHECK(!cache.find(hash_of(1)));
    for (int i = 0; i < 20; ++i) cache.add(hash_of(i), row_of(i));
    CHECK(cache.find(hash_of(7)) == row_of(7));
  }
  const FeatureCache cache = folder.open();
  CHECK(cache.size() == 20);
  for (int i = 0; i < 20; ++i) CHECK(cache.find(hash_of(i)) == row_of(i));
  CHECK(!cache.find(hash_of(20)));
}

TEST_CASE("Cut off anywhere, a cache keeps its whole records and grows on", "[feature_cache]") {
  const Folder folder;
  for (int i = 0; i < 3; ++i) folder.open().add(hash_of(i), row_of(i));
  const std::string whole = paa::read_text_file(folder.file(), 1 << 20);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    paa::write_file(folder.file(), whole.substr(0, length));
    FeatureCache cache = folder.open();
    for (int i = 0; i < 3; ++i) {
      if (const auto row = cache.find(hash_of(i))) CHECK(row == row_of(i));
      cache.add(hash_of(i), row_of(i));
      CHECK(cache.find(hash_of(i)) == row_of(i));
    }
    const FeatureCache again = folder.open();
    for (int i = 0; i < 3; ++i) CHECK(again.find(hash_of(i)) == row_of(i));
  }
}

TEST_CASE("A damaged record counts as absent and is written anew", "[feature_cache]") {
  const Folder folder;
  folder.open().add(hash_of(1), row_of(1));
  std::string bytes = paa::read_text_file(folder.file(), 1 << 20);
  bytes[bytes.size() - 20] ^= 1;
  paa::write_file(folder.file(), bytes);
  FeatureCache cache = folder.open();
  CHECK(!cache.find(hash_of(1)));
  cache.add(hash_of(1), row_of(1));
  CHECK(folder.open().find(hash_of(1)) == row_of(1));
}

TEST_CASE("Another file in its place is begun anew", "[feature_cache]") {
  const Folder folder;
  std::filesystem::create_directories(folder.path);
  paa::write_file(folder.file(), "something else that is longer than the header of a cache is");
  CHECK(folder.open().size() == 0);
}

TEST_CASE("Processes that write one cache at once leave all records whole", "[feature_cache]") {
  const Folder folder;
  folder.open();
  constexpr int kWriters = 4, kRows = 50;
  for (int writer = 0; writer < kWriters; ++writer) {
    if (fork() != 0) continue;
    FeatureCache cache = folder.open();
    for (int i = 0; i < kRows; ++i) cache.add(hash_of(writer * kRows + i), row_of(i));
    _exit(0);
  }
  int status = 0;
  while (wait(&status) > 0) CHECK(status == 0);
  const FeatureCache cache = folder.open();
  for (int i = 0; i < kWriters * kRows; ++i) CHECK(cache.find(hash_of(i)) == row_of(i % kRows));
}

TEST_CASE("What cannot be cached is refused", "[feature_cache]") {
  const Folder folder;
  FeatureCache cache = folder.open();
  CHECK_THROWS_AS(cache.add(hash_of(1), {1, 2}), paa::Error);
  CHECK_THROWS_AS(cache.add("sea.jpg", row_of(1)), paa::Error);
  CHECK_THROWS_AS(FeatureCache(folder.path, "../out", 3), paa::Error);
  CHECK_THROWS_AS(FeatureCache(folder.path, "model", 0), paa::Error);
}
