#include "paa/core/file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>

#include "catch.h"

#include "refusal.h"
#include "temporary_folder.h"

using paa::ErrorCode;

namespace {

constexpr std::uint64_t kNoLimit = UINT64_MAX;

// Lets no file grow beyond `bytes`: to a program this looks like a full disk, with the error coming from write().
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("a file comes back as it was written") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  const std::string content("zero \0 and \xFF\n", 13);
  paa::write_file(path, content);
  CHECK(paa::read_text_file(path, kNoLimit) == content);
  CHECK(text_of(paa::read_file(path, kNoLimit)) == content);
  CHECK(text_of(paa::MappedFile(path).bytes()) == content);
  CHECK(folder.files() == 1);
}

TEST_CASE("an empty file is no error") {
  const TemporaryFolder folder;
  paa::write_file(folder / "empty", "");
  CHECK(paa::read_file(folder / "empty", 0).empty());
  CHECK(paa::MappedFile(folder / "empty").bytes().empty());
}

TEST_CASE("a file over the limit is refused, one at the limit is read") {
  const TemporaryFolder folder;
  paa::write_file(folder / "file", "12345");
  CHECK(paa::read_text_file(folder / "file", 5) == "12345");
  const auto said = refusal([&] { paa::read_file(folder / "file", 4); });
  CHECK(said.code == ErrorCode::kLimitExceeded);
  CHECK(said.message.ends_with("file: has 5 bytes, more than the limit of 4"));
}

TEST_CASE("a missing file, a folder and a pipe are told apart and never waited for") {
  const TemporaryFolder folder;
  const auto pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  paa::write_file(folder / "file", "");
  const auto check = [&](const std::filesystem::path& path, ErrorCode code, const char* end) {
    for (const auto& said :
         {refusal([&] { paa::read_file(path, kNoLimit); }), refusal([&] { paa::MappedFile{path}; })}) {
      CHECK(said.code == code);
      CHECK(said.message.starts_with(path.string()));
      CHECK(said.message.ends_with(end));
    }
  };
  check(folder / "missing", ErrorCode::kNotFound, "no such file");
  check(folder / "file/below", ErrorCode::kNotFound, "no such file");
  check(folder / ".", ErrorCode::kInvalidArgument, "is a folder, a file is needed");
  check(pipe, ErrorCode::kInvalidArgument, "is a device, a file is needed");
}

TEST_CASE("a mapping outlives its moves and the file's name") {
  const TemporaryFolder folder;
  paa::write_file(folder / "a", "first");
  paa::write_file(folder / "b", "second");
  paa::MappedFile first(folder / "a");
  paa::MappedFile second(folder / "b");
  std::filesystem::remove(folder / "a");
  second = std::move(first);
  CHECK(text_of(second.bytes()) == "first");
  CHECK(first.bytes().empty());
  const paa::MappedFile third(std::move(second));
  CHECK(text_of(third.bytes()) == "first");
  CHECK(third.path().filename() == "a");
}

TEST_CASE("a file that is not committed leaves the old one and nothing else") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  paa::write_file(path, "old");
  {
    paa::AtomicFile file(path);
    file.write("new");
    CHECK(paa::read_text_file(path, kNoLimit) == "old");
  }
  CHECK(paa::read_text_file(path, kNoLimit) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("a full disk leaves the old file and nothing half-written, and is named") {
  const TemporaryFolder folder;
  const auto path = folder / "page.html";
  paa::write_file(path, "old");
  const std::string large(5000, 'x');
  const auto said = refusal([&] {
    const FullDisk disk(1000);
    paa::write_file(path, large);
  });
  CHECK(said.code == ErrorCode::kIo);
  CHECK(said.message.find("page.html: cannot write: ") != std::string::npos);
  CHECK(paa::read_text_file(path, kNoLimit) == "old");
  CHECK(folder.files() == 1);
  paa::write_file(path, large);
  CHECK(paa::read_text_file(path, kNoLimit) == large);
}

TEST_CASE("a file cannot be written into a missing folder or over a folder") {
  const TemporaryFolder folder;
  const auto missing = refusal([&] { paa::write_file(folder / "no/such/file", "x"); });
  CHECK(missing.code == ErrorCode::kNotFound);
  CHECK(missing.message.find("the folder") != std::string::npos);

  std::filesystem::create_directory(folder / "taken");
  paa::write_file(folder / "taken/inside", "kept");
  CHECK(refusal([&] { paa::write_file(folder / "taken", "x"); }).code == ErrorCode::kIo);
  CHECK(paa::read_text_file(folder / "taken/inside", kNoLimit) == "kept");
  CHECK(folder.files() == 1);
}
