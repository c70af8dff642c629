#pragma once
// GGUF files (versions 2 and 3, little-endian): typed metadata and tensors, mapped into memory.

#include <map>

#include "paa/checkpoint/weight_source.h"

namespace paa {

/// The value types of GGUF metadata, with the numbers the format gives them.
enum class GgufType : std::uint32_t {
  kU8 = 0,
  kI8 = 1,
  kU16 = 2,
  kI16 = 3,
  kU32 = 4,
  kI32 = 5,
  kF32 = 6,
  kBool = 7,
  kString = 8,
  kArray = 9,
  kU64 = 10,
  kI64 = 11,
  kF64 = 12,
};

/// "u8", "string", "array" ...; never null.
const char* to_string(GgufType type) noexcept;

/// One metadata value: a view into the file, already checked; lives as long as the Gguf it came from. The as_
/// functions give nothing where the value is of another kind. Strings are the file's bytes, not checked for UTF-8.
class GgufValue {
 public:
  /// What kind of value it is; kArray has item_type() and items().
  GgufType type() const noexcept { return type_; }
  /// Of an array: the type of its items.
  GgufType item_type() const noexcept { return item_type_; }
  /// Of an array: the number of its items. Else 1.
  std::uint64_t size() const noexcept { return size_; }

  /// Any integer type; nothing for a u64 beyond the signed range.
  std::optional<std::int64_t> as_integer() const;
  /// Any integer or floating type.
  std::optional<double> as_number() const;
  /// A truth value only; numbers are none.
  std::optional<bool> as_bool() const;
  /// A string only; the view is into the file.
  std::optional<std::string_view> as_string() const;

  /// The items of an array, which may be arrays themselves; empty for other types. Costs one view an item.
  std::vector<GgufValue> items() const;

 private:
  friend class GgufReader;
  GgufType type_ = GgufType::kU8;
  GgufType item_type_ = GgufType::kU8;
  std::uint64_t size_ = 1;
  std::span<const std::byte> bytes_;
};

/// One GGUF file. Opening checks every count, length, offset, type, shape and overlap against the file's length before
/// anything of that size is allocated. Tensors of a type this library does not read are listed (DType::kOther) and
/// refused when read. Immutable; const access is thread-safe.
class Gguf final : public WeightSource {
 public:
  /// Errors: those of MappedFile; kBadFormat (damaged or truncated), kUnsupported (version, big-endian, a tensor type
  /// of unknown size).
  static Gguf open(const std::filesystem::path& path);
  /// Same, over bytes in memory; `origin` names them in messages.
  static Gguf from_bytes(std::vector<std::byte> bytes, std::string origin);

  Gguf(Gguf&&) noexcept;
  Gguf& operator=(Gguf&&) noexcept;
  ~Gguf() override;

  /// The version of the format that the file says it is written in.
  std::uint32_t version() const noexcept;
  /// All metadata by key.
  const std::map<std::string, GgufValue, std::less<>>& metadata() const noexcept;

  /// @{
  /// One metadata value, converted; nothing where the key is absent. Error: kBadFormat, naming file, key and the type
  /// found, where the value is of another kind. string_views and values live as long as this object.
  std::optional<std::int64_t> find_integer(std::string_view key) const;
  std::optional<double> find_number(std::string_view key) const;
  std::optional<bool> find_bool(std::string_view key) const;
  std::optional<std::string_view> find_string(std::string_view key) const;
  std::optional<std::vector<std::int64_t>> find_integers(std::string_view key) const;
  std::optional<std::vector<double>> find_numbers(std::string_view key) const;
  std::optional<std::vector<std::string_view>> find_strings(std::string_view key) const;
  /// @}

  const std::vector<TensorInfo>& tensors() const override;
  std::span<const std::byte> bytes(std::string_view name) const override;
  std::string origin() const override;

 private:
  struct Impl;
  friend class GgufReader;
  explicit Gguf(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace paa
