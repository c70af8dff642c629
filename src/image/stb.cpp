#include "stb.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <unordered_map>

#include "paa/core/error.h"

namespace {

/// What stb_image allocates during one decode. A budget, because a PNG's compressed data may unpack to a thousand times
/// their size; zeroed, because stb leaves pixels it has no data for as they are; freed at the end whatever happens.
class Arena {
 public:
  explicit Arena(std::uint64_t budget) : budget_(budget) { current_ = this; }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    current_ = nullptr;
    for (const auto& [block, size] : sizes_) std::free(block);
  }

  static Arena& current() { return *current_; }
  bool exhausted() const { return exhausted_; }

  void* allocate(std::size_t size) {
    if (size > budget_ - used_) {
      exhausted_ = true;
      return nullptr;
    }
    void* block = std::calloc(1, std::max<std::size_t>(size, 1));
    if (block == nullptr) throw std::bad_alloc();
    sizes_[block] = size;
    used_ += size;
    return block;
  }

  void* reallocate(void* block, std::size_t size) {
    void* larger = allocate(size);
    if (larger == nullptr || block == nullptr) return larger;
    std::memcpy(larger, block, std::min(size, sizes_.at(block)));
    release(block);
    return larger;
  }

  void release(void* block) {
    const auto found = sizes_.find(block);
    if (found == sizes_.end()) return;
    used_ -= found->second;
    sizes_.erase(found);
    std::free(block);
  }

 private:
  static thread_local Arena* current_;
  std::uint64_t budget_;
  std::uint64_t used_ = 0;
  bool exhausted_ = false;
  std::unordered_map<void*, std::size_t> sizes_;
};

thread_local Arena* Arena::current_ = nullptr;

// In place of assert: damaged photos get this far.
struct BrokenInvariant {};
[[noreturn]] void refuse_broken_invariant() { throw BrokenInvariant(); }

}  // namespace

#define STBI_MALLOC(size) Arena::current().allocate(size)
#define STBI_REALLOC(block, size) Arena::current().reallocate(block, size)
#define STBI_FREE(block) Arena::current().release(block)
#define STBI_ASSERT(condition) ((condition) ? (void)0 : refuse_broken_invariant())
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_ONLY_TGA
#define STBI_NO_STDIO
#define STBI_FAILURE_USERMSG
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

namespace paa {
namespace {

// The nearest 8-bit level of a sample seen through `alpha` on white paper; both are in 0..limit.
template <class Sample>
std::uint8_t over_white(Sample sample, Sample alpha) {
  constexpr std::uint64_t kLimit = std::numeric_limits<Sample>::max();
  const std::uint64_t seen = sample * std::uint64_t{alpha} + kLimit * (kLimit - alpha);
  return static_cast<std::uint8_t>((seen * 255 + kLimit * kLimit / 2) / (kLimit * kLimit));
}

template <class Sample>
void flatten(const Sample* rgba, std::vector<std::uint8_t>& rgb) {
  for (std::size_t at = 0; at < rgb.size(); at += 3, rgba += 4) {
    for (int channel = 0; channel < 3; ++channel) rgb[at + channel] = over_white<Sample>(rgba[channel], rgba[3]);
  }
}

[[noreturn]] void fail(const Arena& arena, std::string_view origin) {
  const char* said = stbi_failure_reason();
  const std::string_view reason = said == nullptr ? "not a picture" : said;
  if (arena.exhausted()) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("{}: unpacks to far more than a picture of its size needs", origin));
  }
  const auto code = reason.find("not supported") != reason.npos ? ErrorCode::kUnsupported : ErrorCode::kBadFormat;
  throw Error(code, fmt::format("{}: cannot be decoded: {}", origin, reason));
}

Image load(std::span<const std::byte> bytes, const Layout& layout, std::string_view origin, const Arena& arena) {
  const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
  const int size = static_cast<int>(bytes.size());
  const int channels = layout.has_alpha ? 4 : 3;
  int width = 0;
  int height = 0;
  int stored_channels = 0;
  const void* pixels =
      layout.is_16_bit ? static_cast<void*>(stbi_load_16_from_memory(data, size, &width, &height, &stored_channels, 4))
                       : stbi_load_from_memory(data, size, &width, &height, &stored_channels, channels);
  if (pixels == nullptr) fail(arena, origin);
  if (std::uint64_t(width) != layout.width || std::uint64_t(height) != layout.height) {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: damaged: it has two different sizes", origin));
  }
  Image image{width, height, {}};
  image.rgb.resize(std::size_t{3} * width * height);
  if (layout.is_16_bit) {
    flatten(static_cast<const stbi_us*>(pixels), image.rgb);
  } else if (layout.has_alpha) {
    flatten(static_cast<const stbi_uc*>(pixels), image.rgb);
  } else {
    std::memcpy(image.rgb.data(), pixels, image.rgb.size());
  }
  return image;
}

}  // namespace

Image decode_with_stb(std::span<const std::byte> bytes, const Layout& layout, std::string_view origin) {
  if (bytes.size() > std::size_t{std::numeric_limits<int>::max()}) {
    throw Error(ErrorCode::kLimitExceeded, fmt::format("{}: is larger than 2 GiB", origin));
  }
  // Deep-colour interlaced PNGs need most: three copies of 8 bytes a pixel and the compressed data twice.
  constexpr std::uint64_t kBase = std::uint64_t{32} << 20, kPerPixel = 32, kPerByte = 3;
  Arena arena(kBase + kPerPixel * layout.width * layout.height + kPerByte * bytes.size());
  try {
    return load(bytes, layout, origin, arena);
  } catch (const BrokenInvariant&) {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: cannot be decoded: its data contradict themselves", origin));
  }
}

}  // namespace paa
