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

/// Element types found in weight files. kQ... are GGUF block formats of 32 elements. kOther is any type this library
/// knows the size of but does not read; TensorInfo::other_type says which.
enum class DType { kF32, kF16, kBF16, kI8, kI16, kI32, kI64, kU8, kBool, kQ8_0, kQ4_0, kQ4_1, kOther };

/// "F32", "BF16", "Q4_1" ...; never null.
const char* to_string(DType type) noexcept;

/// Whether WeightSource::read can turn the type into F32, F16 or BF16.
bool is_float_like(DType type) noexcept;

/// Bytes that `elements` elements take. Error: kInvalidArgument if a block format does not divide them, if the result
/// does not fit 64 bits, or for kOther.
std::uint64_t byte_size(DType type, std::uint64_t elements);

/// What a tensor is called and how it is laid out, without its values.
struct TensorInfo {
  std::string name;
  DType type = DType::kF32;
  std::vector<std::int64_t> shape;  ///< outermost first (row-major), as in PyTorch; empty for a scalar
  std::string other_type;           ///< the format's own name of the type ("Q6_K") where type is kOther, else empty

  /// The product of the shape; 1 for a scalar.
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

  /// The tensor's bytes as they lie in the file: row-major, little-endian, not aligned to anything. Errors: kNotFound
  /// naming source and tensor; kUnsupported for a tensor of type kOther.
  virtual std::span<const std::byte> bytes(std::string_view name) const = 0;

  /// Where the tensors come from, for messages.
  virtual std::string origin() const = 0;

  /// Null if there is no such tensor.
  const TensorInfo* find(std::string_view name) const;
  /// Error: kNotFound, naming the source, the tensor and the nearest name.
  const TensorInfo& info(std::string_view name) const;

  /// Converts a tensor to `type` (kF32, kF16 or kBF16; or its own type) into `out`, dequantising; rounding to nearest
  /// even, NaN stays NaN. out.size() must be byte_size(type, elements); out need not be aligned. Runs on the calling
  /// thread; several tensors may be read at once. Errors: kNotFound, kInvalidArgument, kUnsupported (an integer tensor
  /// asked as float, or a type this library does not read).
  void read(std::string_view name, DType type, std::span<std::byte> out) const;
  /// read() of the rows [first, first + count) along the outermost axis of a tensor of two axes. Error also:
  /// kInvalidArgument if it has not two, or the rows leave it.
  void read_rows(std::string_view name, std::int64_t first, std::int64_t count, DType type,
                 std::span<std::byte> out) const;
  /// read() as kF32 into a new vector of elements() values.
  std::vector<float> read_f32(std::string_view name) const;

  /// Errors: kNotFound; kMismatch naming tensor, expected and found shape.
  const TensorInfo& expect_shape(std::string_view name, const std::vector<std::int64_t>& shape) const;

 protected:
  /// For implementations of bytes(). Error: kUnsupported if the tensor's type is kOther.
  void refuse_other_type(const TensorInfo& info) const;

 private:
  // `stored` holds `elements` elements of the tensor's own type.
  void convert_run(const TensorInfo& tensor, std::span<const std::byte> stored, std::uint64_t elements, DType type,
                   std::span<std::byte> out) const;
};

}  // namespace paa
