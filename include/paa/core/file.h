#pragma once
// Reading whole files within a limit, mapping them, and writing them so that they are never seen half-written.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paa {

/// The whole of a regular file. Errors: kNotFound (no such file), kInvalidArgument (a folder or device), kIo,
/// kLimitExceeded (larger than `max_bytes`, checked before anything is allocated).
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Same, as text. The bytes are not checked for UTF-8.
std::string read_text_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// A regular file mapped read-only into memory, for as long as the object lives. An empty file maps to an empty span.
/// Movable, not copyable; const access is thread-safe. The file must not be shortened while it is mapped.
class MappedFile {
 public:
  /// Errors: kNotFound, kInvalidArgument (a folder or device), kIo.
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  /// The whole file; valid as long as this object lives.
  std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }
  /// The path as it was given.
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  void unmap() noexcept;

  std::filesystem::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Writes a file beside its final place and renames it there after fsync, so a reader sees the old file or the whole
/// new one, also after a crash or on a full disk. Without commit() the new bytes vanish and the old file stays.
/// Not thread-safe; one object writes one file.
class AtomicFile {
 public:
  /// Creates the temporary file in the folder of `path`. Errors: kNotFound (no such folder), kIo.
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Errors: kIo, naming the file and the system's reason (such as a full disk).
  void write(std::string_view bytes);
  /// Flushes to the disk and puts the file in its place. Errors: kIo. No write after this.
  void commit();

 private:
  [[noreturn]] void fail(const char* action, int system_error) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// AtomicFile in one call.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace paa
