#pragma once
// Keys and values of tokens that have been read already.

#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace paa::nn {

/// One layer's keys and values, each (B, kv_heads, S, head_dim); undefined tensors where nothing was read yet.
struct KeyValues {
  at::Tensor keys, values;

  /// Whether nothing was read yet.
  bool empty() const { return !keys.defined(); }
  /// S: tokens read.
  std::int64_t length() const { return empty() ? 0 : keys.size(2); }
};

/// `past` (batch 1 is shared by all items) followed by `next` (batch B).
inline KeyValues append(const KeyValues& past, const KeyValues& next) {
  if (past.empty()) return next;
  const std::int64_t batch = next.keys.size(0);
  const auto join = [batch](const at::Tensor& a, const at::Tensor& b) {
    return at::cat({a.size(0) == batch ? a : a.expand({batch, -1, -1, -1}), b}, 2);
  };
  return {join(past.keys, next.keys), join(past.values, next.values)};
}

/// A growing cache of one sequence (batch 1), for generation. clone() lets several continuations start from one prefix.
/// Not thread-safe.
class KvCache {
 public:
  /// An empty cache for that many layers.
  explicit KvCache(std::int64_t layers) : layers_(static_cast<std::size_t>(layers)) {}
  KvCache(KvCache&&) = default;
  KvCache& operator=(KvCache&&) = default;

  /// Tokens held, the same for every layer between forward calls.
  std::int64_t length() const { return length_; }

  /// What one layer holds: (1, kv_heads, length, head_dim), or empty.
  KeyValues view(std::int64_t layer) const {
    const KeyValues& held = layers_.at(static_cast<std::size_t>(layer));
    if (length_ == 0) return {};
    return {held.keys.narrow(2, 0, length_), held.values.narrow(2, 0, length_)};
  }

  /// Writes the next tokens of one layer (batch 1) behind the held ones. They count once advance() is called.
  void extend(std::int64_t layer, const KeyValues& next) {
    const KeyValues all = room(layer, next.length(), next.keys.sizes(), next.keys.scalar_type());
    all.keys.narrow(2, length_, next.length()).copy_(next.keys);
    all.values.narrow(2, length_, next.length()).copy_(next.values);
  }

  /// One layer's memory, (1, kv_heads, capacity, head_dim), with room for `tokens` behind the held ones: for those who write
  /// there themselves before advance(). `shape` and `type` are those of the keys, whatever shape[2].
  KeyValues room(std::int64_t layer, std::int64_t tokens, at::IntArrayRef shape, at::ScalarType type) {
    KeyValues& held = layers_.at(static_cast<std::size_t>(layer));
    if (held.length() < length_ + tokens) held = grown(held, length_ + tokens, shape, type);
    return held;
  }

  /// The tokens extend() appended to every layer now belong to the sequence.
  void advance(std::int64_t tokens) { length_ += tokens; }

  /// Forgets all tokens from `length` on.
  void truncate(std::int64_t length) { length_ = std::min(length_, length); }

  /// A cache with the same tokens and memory of its own.
  KvCache clone() const {
    KvCache copy(static_cast<std::int64_t>(layers_.size()));
    copy.length_ = length_;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (!layers_[i].empty()) copy.layers_[i] = {layers_[i].keys.clone(), layers_[i].values.clone()};
    }
    return copy;
  }

 private:
  KeyValues grown(const KeyValues& held, std::int64_t needed, at::IntArrayRef shape, at::ScalarType type) const {
    const std::int64_t capacity = std::max<std::int64_t>(needed, std::max<std::int64_t>(64, 2 * held.length()));
    const auto grow = [&](const at::Tensor& old) {
      at::Tensor larger = at::empty({1, shape[1], capacity, shape[3]}, type);
      if (length_ > 0) larger.narrow(2, 0, length_).copy_(old.narrow(2, 0, length_));
      return larger;
    };
    return {grow(held.keys), grow(held.values)};
  }

  std::vector<KeyValues> layers_;
  std::int64_t length_ = 0;
};

}  // namespace paa::nn
