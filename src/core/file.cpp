#include "paa/core/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "paa/core/error.h"

namespace paa {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const noexcept { return value_; }

 private:
  int value_;
};

[[noreturn]] void fail_open(const std::filesystem::path& path, int system_error) {
  if (system_error == ENOENT || system_error == ENOTDIR) {
    throw Error(ErrorCode::kNotFound, fmt::format("{}: no such file", path.string()));
  }
  throw Error(ErrorCode::kIo, fmt::format("{}: cannot open: {}", path.string(), std::strerror(system_error)));
}

// Opens a regular file and tells its size. O_NONBLOCK keeps a named pipe from blocking the open.
std::pair<int, std::uint64_t> open_regular(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) fail_open(path, errno);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) {
    const int system_error = errno;
    ::close(descriptor);
    throw Error(ErrorCode::kIo, fmt::format("{}: cannot read its size: {}", path.string(), std::strerror(system_error)));
  }
  if (!S_ISREG(status.st_mode)) {
    ::close(descriptor);
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: is a {}, a file is needed", path.string(), S_ISDIR(status.st_mode) ? "folder" : "device"));
  }
  return {descriptor, static_cast<std::uint64_t>(status.st_size)};
}

template <class Buffer>
Buffer read_whole(const std::filesystem::path& path, std::uint64_t max_bytes) {
  const auto [raw, size] = open_regular(path);
  const Descriptor descriptor(raw);
  if (size > max_bytes) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("{}: has {} bytes, more than the limit of {}", path.string(), size, max_bytes));
  }
  Buffer buffer;
  buffer.resize(static_cast<std::size_t>(size));
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t got = ::read(descriptor.get(), buffer.data() + done, buffer.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(ErrorCode::kIo, fmt::format("{}: cannot read: {}", path.string(), std::strerror(errno)));
    if (got == 0) throw Error(ErrorCode::kIo, fmt::format("{}: became shorter while it was read", path.string()));
    done += static_cast<std::size_t>(got);
  }
  return buffer;
}

}  // namespace

std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  return read_whole<std::vector<std::byte>>(path, max_bytes);
}

std::string read_text_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  return read_whole<std::string>(path, max_bytes);
}

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  const auto [raw, size] = open_regular(path);
  const Descriptor descriptor(raw);
  if (size == 0) return;
  void* mapping = ::mmap(nullptr, static_cast<std::size_t>(size), PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
  if (mapping == MAP_FAILED) {
    throw Error(ErrorCode::kIo, fmt::format("{}: cannot map into memory: {}", path.string(), std::strerror(errno)));
  }
  data_ = static_cast<const std::byte*>(mapping);
  size_ = static_cast<std::size_t>(size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this != &other) {
    unmap();
    path_ = std::move(other.path_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

MappedFile::~MappedFile() { unmap(); }

void MappedFile::unmap() noexcept {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
  data_ = nullptr;
  size_ = 0;
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  static std::atomic<unsigned> counter{0};
  const auto folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
  do {
    temporary_ = folder / fmt::format(".{}.{}-{}.tmp", path_.filename().string(), ::getpid(), counter++);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EEXIST);
  if (descriptor_ >= 0) return;
  const int system_error = errno;
  if (system_error == ENOENT || system_error == ENOTDIR) {
    throw Error(ErrorCode::kNotFound, fmt::format("{}: the folder {} does not exist", path_.string(), folder.string()));
  }
  fail("cannot create", system_error);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const char* action, int system_error) const {
  throw Error(ErrorCode::kIo, fmt::format("{}: {}: {}", path_.string(), action, std::strerror(system_error)));
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) fail("cannot write to the disk", errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot put in its place", errno);
  ::close(std::exchange(descriptor_, -1));
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace paa
