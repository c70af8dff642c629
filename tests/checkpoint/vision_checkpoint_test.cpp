#include "paa/checkpoint/vision_checkpoint.h"

#include "checkpoint_data.h"
#include "paa/checkpoint/safetensors.h"

using Catch::Matchers::Contains;
using paa::ErrorCode;
using paa::VisionCheckpoint;

namespace {

constexpr const char* kGood = R"({"family":"efficientnet_lite","variant":0})";

// A file with as many blocks and channels as asked, its tensors empty of meaning.
std::filesystem::path write_vision(const std::filesystem::path& folder, const paa::SafetensorsMetadata& metadata,
                                   int blocks = 16, std::int64_t channels = 320) {
  const std::vector<std::byte> zeros(static_cast<std::size_t>(1280 * channels));
  std::vector<paa::TensorToWrite> tensors = {{"_conv_head.weight", paa::DType::kI8, {1280, channels, 1, 1}, zeros}};
  for (int i = 0; i < blocks; ++i) {
    tensors.push_back(
        {"_blocks." + std::to_string(i) + "._project_conv.weight", paa::DType::kI8, {1}, std::span(zeros).first(1)});
  }
  const auto path = folder / "vision.safetensors";
  paa::write_safetensors(path, tensors, metadata);
  return path;
}

}  // namespace

TEST_CASE("a vision encoder says its variant, by file or by folder") {
  const TemporaryFolder folder;
  const auto path = write_vision(folder.path(), {{"paa.vision", kGood}});
  for (const auto& place : {path, folder.path()}) {
    const auto checkpoint = VisionCheckpoint::open(place);
    CHECK(checkpoint.config().variant == 0);
    CHECK(checkpoint.weights().find("_conv_head.weight") != nullptr);
  }
  write_vision(folder.path(), {{"paa.vision", R"({"family":"efficientnet_lite","variant":2})"}}, 21, 352);
  CHECK(VisionCheckpoint::open(folder.path()).config().variant == 2);
}

TEST_CASE("metadata that does not describe a known encoder is refused") {
  const TemporaryFolder folder;
  const auto refusal = [&](ErrorCode code, const paa::SafetensorsMetadata& metadata) {
    write_vision(folder.path(), metadata);
    return error_of(code, [&] { VisionCheckpoint::open(folder.path()); });
  };
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {}), Contains("paa.vision"));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"paa.vision", "{"}}), Contains("not valid JSON"));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"paa.vision", R"({"family":"efficientnet_lite"})"}}),
             Contains("\"variant\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"paa.vision", R"({"family":"efficientnet_lite","variant":0,"x":1})"}}),
             Contains("\"x\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"paa.vision", R"({"family":"efficientnet_lite","variant":"0"})"}}),
             Contains("whole number"));
  CHECK_THAT(refusal(ErrorCode::kUnsupported, {{"paa.vision", R"({"family":"vit","variant":0})"}}), Contains("vit"));
  CHECK_THAT(refusal(ErrorCode::kUnsupported, {{"paa.vision", R"({"family":"efficientnet_lite","variant":3})"}}),
             Contains("variant 3"));
  CHECK_THAT(refusal(ErrorCode::kUnsupported, {{"paa.vision", R"({"family":"efficientnet_lite","variant":-1})"}}),
             Contains("variant -1"));
}

TEST_CASE("the weights of another variant are refused") {
  const TemporaryFolder folder;
  write_vision(folder.path(), {{"paa.vision", kGood}}, 21);
  CHECK_THAT(error_of(ErrorCode::kMismatch, [&] { VisionCheckpoint::open(folder.path()); }),
             Contains("16 blocks, but holds 21"));
  write_vision(folder.path(), {{"paa.vision", kGood}}, 16, 352);
  CHECK_THAT(error_of(ErrorCode::kMismatch, [&] { VisionCheckpoint::open(folder.path()); }),
             Contains("_conv_head.weight"));
  error_of(ErrorCode::kNotFound, [&] { VisionCheckpoint::open(folder.path() / "absent"); });
}
