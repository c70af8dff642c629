#pragma once
// Safetensors files: one file, or several shards with an index, as Hugging Face folders hold them.

#include <map>

#include "paa/checkpoint/weight_source.h"

namespace paa {

/// The `__metadata__` of a safetensors file.
using SafetensorsMetadata = std::map<std::string, std::string>;

/// One safetensors file, mapped into memory. Opening checks the whole header: its length (at most 100 MB, within the
/// file), JSON (depth, repeated names), every type, shape and offset; tensors must fill the data without overlap and
/// without holes, as the format demands. Immutable; const access is thread-safe.
class Safetensors final : public WeightSource {
 public:
  /// Errors: those of MappedFile; kBadFormat, kLimitExceeded (header), kUnsupported (an element type of unknown size).
  static Safetensors open(const std::filesystem::path& path);
  /// Same, over bytes in memory; `origin` names them in messages.
  static Safetensors from_bytes(std::vector<std::byte> bytes, std::string origin);

  Safetensors(Safetensors&&) noexcept;
  Safetensors& operator=(Safetensors&&) noexcept;
  ~Safetensors() override;

  /// The texts under `__metadata__`, by key; empty where the file has none.
  const SafetensorsMetadata& metadata() const noexcept;

  const std::vector<TensorInfo>& tensors() const override;
  std::span<const std::byte> bytes(std::string_view name) const override;
  std::string origin() const override;

 private:
  struct Impl;
  explicit Safetensors(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

/// Opens one file, an index (`*.json`) with the shards it names, or a folder holding `model.safetensors` or
/// `model.safetensors.index.json` (the single file goes first, as Hugging Face does it). Shards must lie beside their
/// index. Errors: those of Safetensors::open; kNotFound (no such file, shard or folder), kBadFormat (an index that
/// names a path, or a tensor its shard does not hold).
std::unique_ptr<WeightSource> open_safetensors(const std::filesystem::path& path);

/// A tensor to be written. `bytes` are row-major and little-endian and must outlive the call.
struct TensorToWrite {
  std::string name;
  DType type = DType::kF32;  ///< not a block format and not kOther: safetensors has none
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
};

/// Writes a safetensors file: whole or not at all (AtomicFile), and byte for byte the same for the same content in
/// whatever order it comes. Wider elements come first, so every tensor is aligned to its element. Errors:
/// kInvalidArgument (a repeated name, a length that is not shape times type, a block format, text that is not UTF-8),
/// those of AtomicFile.
void write_safetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors,
                       const SafetensorsMetadata& metadata = {});

}  // namespace paa
