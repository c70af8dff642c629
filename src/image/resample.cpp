#include "paa/image/resample.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numbers>
#include <string>
#include <vector>

#include "paa/core/error.h"

namespace paa {
namespace {

constexpr std::array kNames = {"box", "bilinear", "bicubic", "lanczos"};

double sinc(double x) {
  if (x == 0) return 1;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

// Half the filter's width in source pixels at full size.
double support_of(Filter filter) {
  switch (filter) {
    case Filter::kBox: return 0.5;
    case Filter::kBilinear: return 1;
    case Filter::kBicubic: return 2;
    case Filter::kLanczos: return 3;
  }
  return 1;
}

double evaluate(Filter filter, double x) {
  switch (filter) {
    case Filter::kBox: return x > -0.5 && x <= 0.5 ? 1 : 0;
    case Filter::kBilinear: return std::max(1 - std::abs(x), 0.0);
    case Filter::kBicubic: {  // Keys' cubic convolution
      constexpr double a = -0.5;
      x = std::abs(x);
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
      return 0;
    }
    case Filter::kLanczos: return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
  }
  return 0;
}

constexpr int kPrecisionBits = 22;  // 32 less 8 for the pixel and 2 for overshoot
constexpr int kHalf = 1 << (kPrecisionBits - 1);

std::uint8_t to_level(int sum) { return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255)); }

/// For each output position of one axis: the first source position, and how many fixed-point weights from there.
struct Kernel {
  int taps = 0;  ///< weights stored per output position; those beyond its count are 0
  std::vector<int> first;
  std::vector<int> count;
  std::vector<int> weights;

  int outputs() const { return static_cast<int>(first.size()); }
  const int* weights_of(int output) const { return weights.data() + std::size_t(output) * taps; }
};

Kernel make_kernel(int in_size, int out_size, Filter filter) {
  const double scale = static_cast<double>(in_size) / out_size;
  const double filter_scale = std::max(scale, 1.0);
  const double support = support_of(filter) * filter_scale;
  Kernel kernel;
  kernel.taps = static_cast<int>(std::min(std::ceil(support) * 2 + 1, static_cast<double>(in_size)));
  kernel.first.resize(out_size);
  kernel.count.resize(out_size);
  kernel.weights.resize(std::size_t(out_size) * kernel.taps);
  std::vector<double> shares(kernel.taps);
  for (int out = 0; out < out_size; ++out) {
    const double center = (out + 0.5) * scale;
    const int first = std::max(static_cast<int>(center - support + 0.5), 0);
    const int count = std::min(static_cast<int>(center + support + 0.5), in_size) - first;
    double total = 0;
    for (int i = 0; i < count; ++i) {
      shares[i] = evaluate(filter, (i + first - center + 0.5) * (1 / filter_scale));
      total += shares[i];
    }
    for (int i = 0; i < count; ++i) {
      const double share = total != 0 ? shares[i] / total : shares[i];
      kernel.weights[std::size_t(out) * kernel.taps + i] =
          static_cast<int>(share * (1 << kPrecisionBits) + (share < 0 ? -0.5 : 0.5));
    }
    kernel.first[out] = first;
    kernel.count[out] = count;
  }
  return kernel;
}

void resize_row(const std::uint8_t* from, const Kernel& kernel, std::uint8_t* to) {
  for (int x = 0; x < kernel.outputs(); ++x, to += 3) {
    const int* weights = kernel.weights_of(x);
    const std::uint8_t* pixel = from + std::size_t{3} * kernel.first[x];
    int red = kHalf, green = kHalf, blue = kHalf;
    for (int i = 0; i < kernel.count[x]; ++i, pixel += 3) {
      red += pixel[0] * weights[i];
      green += pixel[1] * weights[i];
      blue += pixel[2] * weights[i];
    }
    to[0] = to_level(red);
    to[1] = to_level(green);
    to[2] = to_level(blue);
  }
}

// The same for kernels of many taps, in a form that compilers vectorise on every x86-64: SSE2 multiplies 16-bit numbers
// only, so a weight is high * 2^12 + low (both with its sign, so no sum overflows where the plain one does not), the
// colours are apart, and weights are padded with zeros to whole vectors.
class WideRowResizer {
 public:
  static constexpr int kMinTaps = 17;  // measured: below, resize_row is faster

  WideRowResizer(int in_width, const Kernel& kernel)
      : kernel_(kernel),
        blocks_((kernel.taps + kLane - 1) / kLane),
        plane_size_(std::size_t(in_width) + kLane * blocks_),
        planes_(3 * plane_size_),
        high_(std::size_t(kernel.outputs()) * blocks_ * kLane),
        low_(high_.size()) {
    for (int x = 0; x < kernel.outputs(); ++x) {
      for (int i = 0; i < kernel.count[x]; ++i) {
        const std::size_t at = std::size_t(x) * blocks_ * kLane + i;
        high_[at] = static_cast<std::int16_t>(kernel.weights_of(x)[i] / kLowRange);
        low_[at] = static_cast<std::int16_t>(kernel.weights_of(x)[i] % kLowRange);
      }
    }
  }

  void resize_row(const std::uint8_t* from, int in_width, std::uint8_t* to) {
    split_colours(from, in_width);
    for (int x = 0; x < kernel_.outputs(); ++x) {
      const std::int16_t* high = high_.data() + std::size_t(x) * blocks_ * kLane;
      const std::int16_t* low = low_.data() + std::size_t(x) * blocks_ * kLane;
      for (int channel = 0; channel < 3; ++channel) {
        const std::int16_t* samples = planes_.data() + channel * plane_size_ + kernel_.first[x];
        int high_sum = 0;
        int low_sum = kHalf;
        for (int i = 0; i < blocks_ * kLane; ++i) {
          high_sum += samples[i] * high[i];
          low_sum += samples[i] * low[i];
        }
        *to++ = to_level(high_sum * kLowRange + low_sum);
      }
    }
  }

 private:
  static constexpr int kLane = 8, kLowRange = 1 << 12;

  void split_colours(const std::uint8_t* from, int in_width) {
    std::int16_t* red = planes_.data();
    std::int16_t* green = red + plane_size_;
    std::int16_t* blue = green + plane_size_;
    for (int x = 0; x < in_width; ++x) {
      red[x] = from[3 * x];
      green[x] = from[3 * x + 1];
      blue[x] = from[3 * x + 2];
    }
  }

  const Kernel& kernel_;
  int blocks_;
  std::size_t plane_size_;
  std::vector<std::int16_t> planes_;
  std::vector<std::int16_t> high_;
  std::vector<std::int16_t> low_;
};

Image blank(int width, int height) {
  Image image{width, height, {}};
  image.rgb.resize(std::size_t{3} * width * height);
  return image;
}

Image resize_rows(const Image& image, const Kernel& kernel, int first_row, int rows) {
  Image result = blank(kernel.outputs(), rows);
  if (kernel.taps < WideRowResizer::kMinTaps) {
    for (int y = 0; y < rows; ++y) resize_row(image.row(first_row + y), kernel, result.row(y));
  } else {
    WideRowResizer resizer(image.width, kernel);
    for (int y = 0; y < rows; ++y) resizer.resize_row(image.row(first_row + y), image.width, result.row(y));
  }
  return result;
}

// `image` begins at the source's row `first_row`.
Image resize_columns(const Image& image, const Kernel& kernel, int first_row) {
  Image result = blank(image.width, kernel.outputs());
  const std::size_t samples = std::size_t{3} * image.width;
  std::vector<int> sums(samples);
  for (int y = 0; y < result.height; ++y) {
    std::fill(sums.begin(), sums.end(), kHalf);
    for (int i = 0; i < kernel.count[y]; ++i) {
      const int weight = kernel.weights_of(y)[i];
      const std::uint8_t* from = image.row(kernel.first[y] - first_row + i);
      for (std::size_t x = 0; x < samples; ++x) sums[x] += from[x] * weight;
    }
    std::uint8_t* to = result.row(y);
    for (std::size_t x = 0; x < samples; ++x) to[x] = to_level(sums[x]);
  }
  return result;
}

void require_pixels(const Image& image) {
  if (image.width < 1 || image.height < 1 || image.rgb.size() != std::size_t{3} * image.width * image.height) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("an image of {} x {} pixels with {} bytes is not a picture",
                                                         image.width, image.height, image.rgb.size()));
  }
}

}  // namespace

Filter parse_filter(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" is not a filter; box, bilinear, bicubic and lanczos are", name));
  }
  return static_cast<Filter>(found - kNames.begin());
}

const char* to_string(Filter filter) noexcept { return kNames[static_cast<std::size_t>(filter)]; }

Image resize(const Image& image, int width, int height, Filter filter) {
  constexpr std::int64_t kMaxOutput = std::int64_t{1} << 28, kMaxBetween = std::int64_t{1} << 30;
  require_pixels(image);
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("cannot resize to {} x {} pixels", width, height));
  }
  if (std::int64_t{width} * height > kMaxOutput || std::int64_t{width} * image.height > kMaxBetween) {
    throw Error(
        ErrorCode::kLimitExceeded,
        fmt::format("resizing {} x {} pixels to {} x {} needs more pixels than the limit of {}, or {} between its "
                    "two passes",
                    image.width, image.height, width, height, kMaxOutput, kMaxBetween));
  }
  if (width == image.width && height == image.height) return image;
  if (height == image.height) return resize_rows(image, make_kernel(image.width, width, filter), 0, height);
  const Kernel columns = make_kernel(image.height, height, filter);
  if (width == image.width) return resize_columns(image, columns, 0);
  // Only the rows that the second pass reads.
  const int first_row = columns.first.front();
  const int last_row = columns.first.back() + columns.count.back();
  const Image narrow = resize_rows(image, make_kernel(image.width, width, filter), first_row, last_row - first_row);
  return resize_columns(narrow, columns, first_row);
}

Image crop(const Image& image, int x, int y, int width, int height) {
  require_pixels(image);
  if (x < 0 || y < 0 || width < 1 || height < 1 || width > image.width - x || height > image.height - y) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a crop of {} x {} pixels at ({}, {}) leaves the image of {} x {}", width, height, x, y,
                            image.width, image.height));
  }
  Image result = blank(width, height);
  for (int row = 0; row < height; ++row) {
    std::memcpy(result.row(row), image.row(y + row) + std::size_t{3} * x, std::size_t{3} * width);
  }
  return result;
}

Image mirror(const Image& image) {
  Image mirrored{image.width, image.height, std::vector<std::uint8_t>(image.rgb.size())};
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* from = image.row(y);
    std::uint8_t* to = mirrored.row(y);
    for (int x = 0; x < image.width; ++x) std::copy_n(from + 3 * x, 3, to + 3 * (image.width - 1 - x));
  }
  return mirrored;
}

Image scale_to(const Image& photo, int side, Filter filter) {
  const double factor = static_cast<double>(side) / std::max(photo.width, photo.height);
  const auto scaled = [factor](int length) { return std::max(1, static_cast<int>(std::lround(length * factor))); };
  return resize(photo, scaled(photo.width), scaled(photo.height), filter);
}

Image fit_within(const Image& photo, int side) {
  return std::max(photo.width, photo.height) <= side ? photo : scale_to(photo, side, Filter::kBicubic);
}

}  // namespace paa
