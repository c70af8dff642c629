#pragma once
// A GGUF file's Llama weights as Hugging Face would name and lay them out.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "paa/checkpoint/gguf.h"
#include "paa/checkpoint/llm_checkpoint.h"

namespace paa {

/// GGUF keeps the rows of q and k in the order of interleaved rotary pairs: within a head, row 2j + i where Hugging
/// Face has row i * head_dim / 2 + j. Rows are whole blocks, so they are put back in order without touching their
/// values: a tensor's at its first use, in memory of its own; all other tensors are served from the file.
class GgufLlamaWeights final : public WeightSource {
 public:
  /// Refers to `gguf`, which must outlive it. Tensors whose names GGUF's Llama does not have keep their names. Error:
  /// kBadFormat if two tensors get one name.
  GgufLlamaWeights(const Gguf& gguf, const LlmConfig& config);

  const std::vector<TensorInfo>& tensors() const override { return infos_; }
  std::span<const std::byte> bytes(std::string_view name) const override;
  std::string origin() const override { return gguf_.origin(); }

 private:
  struct Original {
    std::string name;
    bool interleaved = false;
    std::once_flag ordered;
    std::vector<std::byte> rows;  ///< set once by `ordered`
  };

  void put_in_order(const TensorInfo& info, Original& original) const;

  const Gguf& gguf_;
  std::size_t half_head_;
  std::vector<TensorInfo> infos_;
  std::map<std::string, std::unique_ptr<Original>, std::less<>> originals_;
};

}  // namespace paa
