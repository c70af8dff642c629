#include "paa/checkpoint/vision_checkpoint.h"

#include <fmt/format.h>

#include <array>

#include "checkpoint/in_quotes.h"
#include "checkpoint/path_kind.h"
#include "paa/checkpoint/safetensors.h"
#include "paa/core/error.h"
#include "paa/core/json.h"

namespace paa {
namespace {

struct Variant {
  int blocks;
  std::int64_t last_channels;  ///< that the last block gives to _conv_head
};

constexpr std::array<Variant, 3> kVariants = {{{16, 320}, {21, 320}, {21, 352}}};

EfficientNetLiteConfig read_config(const Safetensors& file) {
  constexpr const char* kKey = "paa.vision";
  const auto found = file.metadata().find(kKey);
  if (found == file.metadata().end()) {
    throw Error(
        ErrorCode::kBadFormat,
        fmt::format("{}: its __metadata__ has no \"{}\", which says what encoder it holds", file.origin(), kKey));
  }
  const auto origin = fmt::format("{} (__metadata__ \"{}\")", file.origin(), kKey);
  const Json document = parse_json(found->second, origin);
  const JsonReader reader(document, origin);
  const auto family = reader.get<std::string>("family");
  if (family != "efficientnet_lite") {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: the family {} is not supported; \"efficientnet_lite\" is", origin, in_quotes(family)));
  }
  const int variant = reader.get<int>("variant");
  if (variant < 0 || variant >= static_cast<int>(kVariants.size())) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: the variant {} is not supported; 0, 1 and 2 are", origin, variant));
  }
  reader.refuse_unknown();
  return {variant};
}

// The variants differ in depth or width, so a file with another variant's weights is seen before anybody computes.
void check_variant(const Safetensors& file, int variant) {
  const Variant& expected = kVariants[static_cast<std::size_t>(variant)];
  int blocks = 0;
  while (file.find(fmt::format("_blocks.{}._project_conv.weight", blocks)) != nullptr) ++blocks;
  if (blocks != expected.blocks) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("{}: says it is EfficientNet-Lite{}, which has {} blocks, but holds {}", file.origin(),
                            variant, expected.blocks, blocks));
  }
  file.expect_shape("_conv_head.weight", {1280, expected.last_channels, 1, 1});
}

}  // namespace

VisionCheckpoint VisionCheckpoint::open(const std::filesystem::path& path) {
  auto file = Safetensors::open(is_folder(path) ? path / "vision.safetensors" : path);
  const auto config = read_config(file);
  check_variant(file, config.variant);
  return {config, std::make_unique<Safetensors>(std::move(file))};
}

}  // namespace paa
