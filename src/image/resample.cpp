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
// SSE2 multiplies 16-bit numbers only, so a coefficient is kept as high * 2^12 + low, both with its sign. Taps are padded with
// zeros to whole vectors.
constexpr int kLowBits = 12;
constexpr int kLane = 8;

/// For each output position of one axis: the first source position and `taps` coefficients from there.
struct Kernel {
  int taps = 0;          ///< stored per output, a multiple of kLane
  std::vector<int> first;
  std::vector<int> count;
  std::vector<std::int16_t> high;
  std::vector<std::int16_t> low;
};

Kernel make_kernel(int in_size, int out_size, Filter filter) {
  const double scale = static_cast<double>(in_size) / out_size;
  const double filter_scale = std::max(scale, 1.0);
  const double support = support_of(filter) * filter_scale;
  Kernel kernel;
  const int widest = std::min(static_cast<int>(std::ceil(support)) * 2 + 1, in_size);
  kernel.taps = (widest + kLane - 1) / kLane * kLane;
  kernel.first.resize(out_size);
  kernel.count.resize(out_size);
  kernel.high.resize(std::size_t(out_size) * kernel.taps);
  kernel.low.resize(kernel.high.size());
  std::vector<double> weights(widest);
  for (int out = 0; out < out_size; ++out) {
    const double center = (out + 0.5) * scale;
    const int first = std::max(static_cast<int>(center - support + 0.5), 0);
    const int count = std::min(static_cast<int>(center + support + 0.5), in_size) - first;
    double total = 0;
    for (int i = 0; i < count; ++i) {
      weights[i] = evaluate(filter, (i + first - center + 0.5) * (1 / filter_scale));
      total += weights[i];
    }
    for (int i = 0; i < count; ++i) {
      const double weight = total != 0 ? weights[i] / total : weights[i];
      const int fixed = static_cast<int>(weight * (1 << kPrecisionBits) + (weight < 0 ? -0.5 : 0.5));
      kernel.high[std::size_t(out) * kernel.taps + i] = static_cast<std::int16_t>(fixed / (1 << kLowBits));
      kernel.low[std::size_t(out) * kernel.taps + i] = static_cast<std::int16_t>(fixed % (1 << kLowBits));
    }
    kernel.first[out] = first;
    kernel.count[out] = count;
  }
  return kernel;
}

std::uint8_t round_to_level(int high, int low) {
  const int sum = high * (1 << kLowBits) + low + (1 << (kPrecisionBits - 1));
  return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

// A row's red, green and blue apart, widened for the multiplication, with room for a kernel's padding at the end.
class Planes {
 public:
  Planes(int width, int padding) : stride_(width + padding), samples_(std::size_t{3} * stride_) {}

  void fill(const std::uint8_t* rgb, int width) {
    std::int16_t* red = samples_.data();
    std::int16_t* green = red + stride_;
    std::int16_t* blue = green + stride_;
    for (int x = 0; x < width; ++x) {
      red[x] = rgb[3 * x];
      green[x] = rgb[3 * x + 1];
      blue[x] = rgb[3 * x + 2];
    }
  }
  const std::int16_t* plane(int channel) const { return samples_.data() + std::size_t(channel) * stride_; }

 private:
  std::size_t stride_;
  std::vector<std::int16_t> samples_;
};

Image resize_rows(const Image& image, const Kernel& kernel, int first_row, int rows) {
  const int width = static_cast<int>(kernel.first.size());
  Image result{width, rows, {}};
  result.rgb.resize(std::size_t{3} * width * rows);
  Planes planes(image.width, kernel.taps);
  const int blocks = kernel.taps / kLane;
  for (int y = 0; y < rows; ++y) {
    planes.fill(image.row(first_row + y), image.width);
    std::uint8_t* to = result.row(y);
    for (int x = 0; x < width; ++x) {
      const std::int16_t* high = kernel.high.data() + std::size_t(x) * kernel.taps;
      const std::int16_t* low = kernel.low.data() + std::size_t(x) * kernel.taps;
      for (int channel = 0; channel < 3; ++channel) {
        const std::int16_t* from = planes.plane(channel) + kernel.first[x];
        int high_sum = 0;
        int low_sum = 0;
        for (int i = 0; i < blocks * kLane; ++i) {
          high_sum += from[i] * high[i];
          low_sum += from[i] * low[i];
        }
        *to++ = round_to_level(high_sum, low_sum);
      }
    }
  }
  return result;
}

Image resize_columns(const Image& image, const Kernel& kernel, int first_row) {
  const int height = static_cast<int>(kernel.first.size());
  Image result{image.width, height, {}};
  const std::size_t samples = std::size_t{3} * image.width;
  result.rgb.resize(samples * height);
  std::vector<int> sums(samples);
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), 1 << (kPrecisionBits - 1));
    for (int i = 0; i < kernel.count[y]; ++i) {
      const std::size_t at = std::size_t(y) * kernel.taps + i;
      const int weight = kernel.high[at] * (1 << kLowBits) + kernel.low[at];
      const std::uint8_t* from = image.row(kernel.first[y] - first_row + i);
      for (std::size_t x = 0; x < samples; ++x) sums[x] += from[x] * weight;
    }
    std::uint8_t* to = result.row(y);
    for (std::size_t x = 0; x < samples; ++x) {
      to[x] = static_cast<std::uint8_t>(std::clamp(sums[x] >> kPrecisionBits, 0, 255));
    }
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
    throw Error(ErrorCode::kLimitExceeded, fmt::format("resizing {} x {} pixels to {} x {} passes the limit of 2^28",
                                                       image.width, image.height, width, height));
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
    throw Error(ErrorCode::kInvalidArgument, fmt::format("a crop of {} x {} pixels at ({}, {}) leaves the image of {} x {}",
                                                         width, height, x, y, image.width, image.height));
  }
  Image result{width, height, {}};
  result.rgb.resize(std::size_t{3} * width * height);
  for (int row = 0; row < height; ++row) {
    std::memcpy(result.row(row), image.row(y + row) + std::size_t{3} * x, std::size_t{3} * width);
  }
  return result;
}

}  // namespace paa
