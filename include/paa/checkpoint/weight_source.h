#pragma once
// Named tensors on disk, whatever the file format.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paa {

/// Element types found in weight files. kQ... are GGUF block formats of 32 elements.
enum class DType { kF32, kF16, kBF16, kI8, kI16, kI32, kI64, kU8, kBool, kQ8_0, kQ4_0, kQ4_1 };

/// "F32", "BF16", "Q4_1" ...
const char* to_string(DType type) noexcept;

/// Bytes that `elements` elements take. Error: kInvalidArgument if a block format does not divide them.
std::uint64_t byte_size(DType type, std::uint64_t elements);

struct TensorInfo {
  std::string name;
  DType type = DType::kF32;
  std::vector<std::int64_t> shape;  ///< outermost first (row-major), as in PyTorch; empty for a scalar

  std::int64_t elements() const noexcept;
  /// "[576, 1536]"
  std::string shape_text() const;
};

/// A set of tensors by name. Every offset, shape, overlap and length has been checked when the source was opened.
/// const access is thread-safe. The bytes live as long as the source.
class WeightSource {
 public:
  virtual ~WeightSource() = default;

  /// Sorted by name.
  virtual const std::vector<TensorInfo>& tensors() const = 0;

  /// The tensor's bytes as they lie in the file: row-major, little-endian. Error: kNotFound naming source and tensor.
  virtual std::span<const std::byte> bytes(std::string_view name) const = 0;

  /// Where the tensors come from, for messages.
  virtual std::string origin() const = 0;

  /// Null if there is no such tensor.
  const TensorInfo* find(std::string_view name) const;
  /// Error: kNotFound, naming the source, the tensor and the nearest name.
  const TensorInfo& info(std::string_view name) const;

  /// Converts a tensor to `type` (kF32, kF16 or kBF16; or its own type) into `out`, dequantising; rounding to nearest
  /// even. out.size() must be byte_size(type, elements). Errors: kNotFound, kInvalidArgument, kUnsupported (an integer
  /// tensor asked as float).
  void read(std::string_view name, DType type, std::span<std::byte> out) const;
  std::vector<float> read_f32(std::string_view name) const;

  /// Error: kMismatch naming tensor, expected and found shape.
  const TensorInfo& expect_shape(std::string_view name, const std::vector<std::int64_t>& shape) const;
};

}  // namespace paa
