#pragma once
// What tells a photo from all others.

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "paa/core/sha256.h"
#include "paa/image/image.h"

namespace paa::capi {

/// A SHA-256, of a file's bytes or of pixels. That of pixels is found when it is first asked for: it takes as long as
/// copying them, and who only scores never asks. Copies share it; thread-safe.
class PhotoHash {
 public:
  /// None: a smaller copy stands for no photo.
  PhotoHash() = default;
  explicit PhotoHash(std::string known) : state_(std::make_shared<State>()) {
    std::call_once(state_->once, [&] { state_->hash = std::move(known); });
  }
  static PhotoHash of_pixels() {
    PhotoHash hash;
    hash.state_ = std::make_shared<State>();
    return hash;
  }

  bool exists() const noexcept { return state_ != nullptr; }
  /// Of the PPM file that holds the pixels of `image`, so that saving them as one changes nothing. Must exist.
  const std::string& get(const Image& image) const {
    std::call_once(state_->once, [&] {
      const std::string header = "P6\n" + std::to_string(image.width) + " " + std::to_string(image.height) + "\n255\n";
      state_->hash = Sha256().update(header).update(std::as_bytes(std::span(image.rgb))).hex();
    });
    return state_->hash;
  }

 private:
  struct State {
    std::once_flag once;
    std::string hash;
  };
  std::shared_ptr<State> state_;
};

}  // namespace paa::capi
