#include "paa/dlllm/feature_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "paa/checkpoint/model_folder.h"
#include "paa/core/error.h"
#include "paa/core/sha256.h"

namespace paa {
namespace {

constexpr std::size_t kHashBytes = 64;
constexpr std::size_t kChecksumBytes = 16;
constexpr std::size_t kHeaderBytes = 32;

std::string header_of(std::size_t columns) { return fmt::format("paa-features 1 {:>16}\n", columns); }

bool is_hash(const std::string& text) {
  return text.size() == kHashBytes && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

[[noreturn]] void fail(const std::filesystem::path& path, const char* action) {
  throw Error(ErrorCode::kIo,
              fmt::format("{}: cannot {}: {}", path.string(), action, std::system_category().message(errno)));
}

// flock for as long as it lives.
class Locked {
 public:
  Locked(int descriptor, const std::filesystem::path& path) : descriptor_(descriptor) {
    while (flock(descriptor, LOCK_EX) != 0) {
      if (errno != EINTR) fail(path, "lock");
    }
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { flock(descriptor_, LOCK_UN); }

 private:
  int descriptor_;
};

}  // namespace

struct FeatureCache::Impl {
  std::filesystem::path path;
  std::size_t columns = 0;
  int descriptor = -1;
  std::unordered_map<std::string, std::uint64_t> places;  ///< of records

  ~Impl() {
    if (descriptor >= 0) close(descriptor);
  }

  std::size_t record_bytes() const { return kHashBytes + columns * sizeof(float) + kChecksumBytes; }

  std::uint64_t length() const {
    struct stat status {};
    if (fstat(descriptor, &status) != 0) fail(path, "read");
    return static_cast<std::uint64_t>(status.st_size);
  }

  bool read_at(std::uint64_t offset, char* to, std::size_t count) const {
    while (count > 0) {
      const ssize_t got = pread(descriptor, to, count, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      to += got, offset += static_cast<std::uint64_t>(got), count -= static_cast<std::size_t>(got);
    }
    return true;
  }

  void append(std::string_view bytes) const {
    const std::uint64_t begin = length();
    std::uint64_t offset = begin;
    while (!bytes.empty()) {
      const ssize_t put = pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) {
        const int why = errno;
        if (ftruncate(descriptor, static_cast<off_t>(begin)) != 0) errno = why;
        errno = why;
        fail(path, "write");
      }
      bytes.remove_prefix(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
    }
  }

  bool cut(std::uint64_t to) const { return ftruncate(descriptor, static_cast<off_t>(to)) == 0; }

  // A record that was cut off would shift all that follow it.
  void cut_torn_end() const {
    const std::uint64_t torn = (length() - kHeaderBytes) % record_bytes();
    if (torn > 0 && !cut(length() - torn)) fail(path, "shorten");
  }

  void open_file() {
    descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) fail(path, "open");
    const Locked locked(descriptor, path);
    const std::string header = header_of(columns);
    std::string found(kHeaderBytes, '\0');
    if (!read_at(0, found.data(), found.size()) || found != header) {
      if (!cut(0)) fail(path, "shorten");
      append(header);
    }
    cut_torn_end();
    index();
  }

  void index() {
    std::string hash(kHashBytes, '\0');
    for (std::uint64_t at = kHeaderBytes; read_at(at, hash.data(), hash.size()); at += record_bytes())
      places[hash] = at;
  }
};

std::filesystem::path feature_cache_folder() { return paa_home() / "features"; }

FeatureCache::FeatureCache(const std::filesystem::path& folder, const std::string& id, std::size_t columns)
    : impl_(std::make_unique<Impl>()) {
  const auto allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-'; };
  if (id.empty() || !std::all_of(id.begin(), id.end(), allowed) || columns == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("no cache of {} features can have the id \"{}\"", columns, id));
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Error(ErrorCode::kIo, fmt::format("{}: cannot make the folder: {}", folder.string(), error.message()));
  impl_->path = folder / (id + ".features");
  impl_->columns = columns;
  impl_->open_file();
}

FeatureCache::FeatureCache(FeatureCache&&) noexcept = default;
FeatureCache& FeatureCache::operator=(FeatureCache&&) noexcept = default;
FeatureCache::~FeatureCache() = default;

std::size_t FeatureCache::size() const noexcept { return impl_->places.size(); }

std::optional<std::vector<float>> FeatureCache::find(const std::string& sha256) const {
  const auto place = impl_->places.find(sha256);
  if (place == impl_->places.end()) return std::nullopt;
  std::string record(impl_->record_bytes(), '\0');
  if (!impl_->read_at(place->second, record.data(), record.size())) return std::nullopt;
  const std::string_view body(record.data(), record.size() - kChecksumBytes);
  if (sha256_hex(body).compare(0, kChecksumBytes, record, body.size(), kChecksumBytes) != 0) return std::nullopt;
  std::vector<float> row(impl_->columns);
  std::memcpy(row.data(), record.data() + kHashBytes, row.size() * sizeof(float));
  return row;
}

void FeatureCache::add(const std::string& sha256, const std::vector<float>& row) {
  if (row.size() != impl_->columns || !is_hash(sha256)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: a row of {} features for the photo \"{}\"; {} and a SHA-256 are wanted",
                            impl_->path.string(), row.size(), sha256, impl_->columns));
  }
  if (find(sha256)) return;
  std::string record = sha256;
  record.append(reinterpret_cast<const char*>(row.data()), row.size() * sizeof(float));
  record += sha256_hex(std::string_view(record)).substr(0, kChecksumBytes);
  const Locked locked(impl_->descriptor, impl_->path);
  impl_->cut_torn_end();
  const std::uint64_t at = impl_->length();
  impl_->append(record);
  impl_->places[sha256] = at;
}

}  // namespace paa
