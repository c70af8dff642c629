// EfficientNet-Lite against efficientnet-lite-pytorch: the real Lite0, and the structure of Lite0..2 with weights from a
// formula (tests/oracles/make_vision_goldens.py).

#include "paa/nn/efficientnet_lite.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "golden.h"
#include "paa/checkpoint/vision_checkpoint.h"
#include "paa/core/sha256.h"
#include "paa/image/batch.h"
#include "paa/image/decode.h"
#include "paa/image/resample.h"
#include "torch_catch.h"

using paa::nn::EfficientNetLite;

namespace {

const std::filesystem::path kData = PAA_TEST_DATA;

double noise(const std::string& name, std::uint32_t index) {
  std::uint32_t x = 2166136261U;
  for (const unsigned char byte : name) x = (x ^ byte) * 16777619U;
  x += index * 2654435761U;
  x = (x ^ (x >> 16)) * 2246822519U;
  x = (x ^ (x >> 13)) * 3266489917U;
  x ^= x >> 16;
  return x / 4294967296.0;
}

// The oracle's weights, made again.
class FormulaWeights final : public paa::WeightSource {
 public:
  explicit FormulaWeights(const paa::Json& tensors) {
    for (const auto& [name, shape] : tensors.items()) add(name, shape.get<std::vector<std::int64_t>>());
  }
  const std::vector<paa::TensorInfo>& tensors() const override { return infos_; }
  std::span<const std::byte> bytes(std::string_view name) const override {
    return std::as_bytes(std::span(values_.at(std::string(name))));
  }
  std::string origin() const override { return "the formula"; }

 private:
  void add(const std::string& name, const std::vector<std::int64_t>& shape) {
    infos_.push_back({name, paa::DType::kF32, shape, ""});
    const auto ends_with = [&](const char* suffix) { return name.ends_with(suffix); };
    const bool norm = shape.size() == 1 && !name.starts_with("_fc");
    double fan_in = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) fan_in *= static_cast<double>(shape[i]);
    const double gain = name.starts_with("_fc") ? 1 : name.find("_project_conv") != std::string::npos ? 0.6 : 2;
    std::vector<float>& values = values_[name];
    for (std::int64_t i = 0; i < infos_.back().elements(); ++i) {
      const double u = noise(name, static_cast<std::uint32_t>(i));
      const double value = !norm                        ? std::sqrt(3.0) * (2 * u - 1) * gain / std::sqrt(fan_in)
                           : ends_with(".running_mean") ? 0.2 * u - 0.1
                           : ends_with(".running_var")  ? 0.5 + u
                           : ends_with(".bias")         ? 0.5 * u
                                                        : 0.8 + 0.4 * u;
      values.push_back(static_cast<float>(value));
    }
  }

  std::vector<paa::TensorInfo> infos_;  // the JSON's keys come sorted
  std::map<std::string, std::vector<float>> values_;
};

paa::Image pattern(int width, int height) {
  paa::Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        image.rgb.push_back(static_cast<std::uint8_t>(5 * x + 3 * y + 40 * c + x * y / 8 + 31 * ((x / 8 + y / 6) % 2)));
      }
    }
  }
  return image;
}

// Empty where the sample photos are not there.
paa::Image pixels_of(const paa::Json& example) {
  const int width = example["width"], height = example["height"];
  if (example["photo"].is_null()) return pattern(width, height);
  const auto path = paa::paa_home() / "samples" / example["photo"].get<std::string>();
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path.string() << " is absent; run sh examples/quickstart.sh once");
    return {};
  }
  return paa::resize(paa::read_image(path), width, height, paa::Filter::kBicubic);
}

void check(const EfficientNetLite& net, const paa::Json& example) {
  const paa::Image image = pixels_of(example);
  if (image.rgb.empty()) return;
  CHECK(paa::sha256_hex(std::as_bytes(std::span(image.rgb))) == example["pixels_sha256"].get<std::string>());
  std::vector<float> pixels = paa::to_nchw({&image, 1}, {{127, 127, 127}, {128, 128, 128}});
  const at::Tensor map = net.features(at::from_blob(pixels.data(), {1, 3, image.height, image.width}, at::kFloat));
  CHECK(map.size(2) == example["grid"][0].get<std::int64_t>());
  CHECK(map.size(3) == example["grid"][1].get<std::int64_t>());
  const at::Tensor tokens = EfficientNetLite::tokens(map)[0];
  const double norm = example["l2"].get<double>();
  CHECK(std::abs(tokens.norm().item<double>() - norm) < 1e-4 * norm);
  CHECK(std::abs(tokens.mean().item<double>() - example["mean"].get<double>()) < 1e-4 * example["mean"].get<double>());
  const double size = norm / std::sqrt(static_cast<double>(tokens.size(0)));  // of one token
  for (const auto& [number, channels] : example["tokens"].items()) {
    const at::Tensor expected = tensor(channels);
    CHECK(largest_error(tokens[std::stoll(number)].narrow(0, 0, expected.size(0)), expected) < 1e-4 * size);
  }
  const at::Tensor pooled = tokens.mean(0);
  const at::Tensor expected = tensor(example["pooled"]);
  CHECK(largest_error(pooled.narrow(0, 0, expected.size(0)), expected) < 1e-4 * size);
  const at::Tensor logits = net.classify(pooled.unsqueeze(0))[0];
  const at::Tensor expected_logits = tensor(example["logits"]);
  CHECK(largest_error(logits.narrow(0, 0, expected_logits.size(0)), expected_logits) < 2e-3);
  const at::Tensor order = logits.argsort(0, true);
  for (std::size_t i = 0; i < example["top"].size(); ++i) {
    CHECK(order[static_cast<std::int64_t>(i)].item<std::int64_t>() == example["top"][i][0].get<std::int64_t>());
  }
}

}  // namespace

TEST_CASE("Lite 0, 1 and 2 compute what efficientnet-lite-pytorch computes") {
  const at::NoGradGuard no_grad;
  const paa::Json golden = paa::read_json(kData / "efficientnet_lite_formula.json");
  for (const paa::Json& net : golden["nets"]) {
    const std::string name = net["name"];
    CAPTURE(name);
    const EfficientNetLite built({name.back() - '0'}, std::make_shared<const FormulaWeights>(net["tensors"]));
    for (const paa::Json& example : net["cases"]) check(built, example);
  }
}

TEST_CASE("the real Lite 0 gives the oracle's tokens and classes") {
  const auto path = golden_model_file("vision.safetensors");
  if (path.empty()) return;
  const at::NoGradGuard no_grad;
  const auto file = std::make_shared<const paa::VisionCheckpoint>(paa::VisionCheckpoint::open(path));
  const EfficientNetLite net(file->config(), {file, &file->weights()});
  const paa::Json golden = paa::read_json(kData / "efficientnet_lite0.json");
  for (const paa::Json& example : golden["cases"]) check(net, example);
}

TEST_CASE("a variant that is not known is refused") {
  const auto weights = std::make_shared<const FormulaWeights>(paa::Json::object());
  CHECK_THROWS_AS(EfficientNetLite({7}, weights), paa::Error);
}
