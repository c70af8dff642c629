// Vision tokens on disk: made once, made anew when they are of something else, the encoder's own numbers.

#include "token_cache.h"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/var.h>
#include <c10/core/InferenceMode.h>

#include <filesystem>
#include <fstream>

#include "core/refusal.h"
#include "core/temporary_folder.h"
#include "lite0_model.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/checkpoint/vision_checkpoint.h"
#include "paa/image/decode.h"
#include "pmllm/frozen_parts.h"
#include "torch_catch.h"

namespace fs = std::filesystem;
using paa::TokenCache;
using paa::ViewedPhoto;

namespace {

bool installed() {
  if (fs::exists(lite0_folder() / "model.json") && fs::exists(paa::paa_home() / "samples" / "coffee.png")) return true;
  WARN("skipped: the model or its samples are absent; run sh examples/quickstart.sh once");
  return false;
}

const paa::nn::EfficientNetLite& vision() {
  static const paa::FrozenParts parts = paa::open_frozen_parts(paa::read_model_folder(lite0_folder()), nullptr);
  return *parts.vision;
}

paa::PhotoPolicy fixed() {
  paa::PhotoPolicy policy;
  policy.width = 96;
  policy.height = 64;
  return policy;
}

// Two photos of a temporary folder, one that nobody looks at, and their cache.
class Photos {
 public:
  Photos() : photos_{{folder_ / "a.png", 3}, {folder_ / "absent.png", 0}, {folder_ / "b.png", 1}} {
    fs::copy_file(paa::paa_home() / "samples" / "coffee.png", photos_[0].file);
    fs::copy_file(paa::paa_home() / "samples" / "chelsea.png", photos_[2].file);
  }

  TokenCache open(const paa::PhotoPolicy& policy = fixed(), const std::string& sha256 = "of the encoder") const {
    return TokenCache::prepare(file(), photos_, policy, vision(), sha256, {}, nullptr);
  }
  // Whether opening writes the file.
  bool made(const paa::PhotoPolicy& policy = fixed(), const std::string& sha256 = "of the encoder") const {
    const auto old = fs::file_time_type() + std::chrono::hours(1);
    if (fs::exists(file())) fs::last_write_time(file(), old);
    open(policy, sha256);
    return fs::last_write_time(file()) != old;
  }
  fs::path file() const { return folder_ / "tokens.safetensors"; }
  std::vector<ViewedPhoto>& photos() { return photos_; }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  std::vector<ViewedPhoto> photos_;
};

at::Tensor encoded(const fs::path& file, std::uint32_t photo, int view, const paa::PhotoPolicy& policy) {
  const c10::InferenceMode guard;
  const paa::Image image = paa::photo_view(paa::read_image(file), policy, photo, view);
  std::vector<float> pixels = paa::to_nchw({&image, 1}, policy.normalisation);
  const at::Tensor input = at::from_blob(pixels.data(), {1, 3, image.height, image.width}, at::kFloat);
  return vision().features(input).flatten(2).transpose(1, 2).squeeze(0).clone();
}

at::Tensor row_tensor(std::int64_t row) { return at::tensor({row}, at::kLong); }

}  // namespace

TEST_CASE("the cache holds what the encoder says of every view, in half precision") {
  if (!installed()) return;
  Photos photos;
  const TokenCache cache = photos.open();
  REQUIRE(cache.max_tokens() == 6);
  CHECK((cache.views(0) == 3 && cache.views(1) == 0 && cache.views(2) == 1));
  CHECK((cache.row(0, 2) == 2 && cache.row(2, 0) == 3));
  for (const auto& [photo, view] : {std::pair<std::uint32_t, int>{0, 0}, {0, 1}, {0, 2}, {2, 0}}) {
    CAPTURE(photo, view);
    const at::Tensor expected = encoded(photos.photos()[photo].file, photo, view, fixed());
    const at::Tensor tokens = cache.tokens(row_tensor(cache.row(photo, view)))[0];
    CHECK((tokens - expected).abs().max().item<double>() <= 6e-4 * expected.abs().max().item<double>());
    CHECK(cache.present(row_tensor(cache.row(photo, view))).all().item<bool>());
  }
  CHECK_FALSE(at::equal(cache.tokens(row_tensor(0)), cache.tokens(row_tensor(1))));
}

TEST_CASE("tokens of photos with fewer cells are padded, and the padding is told") {
  if (!installed()) return;
  Photos photos;
  paa::PhotoPolicy policy;
  policy.kind = paa::PhotoPolicy::Kind::kAspect;
  policy.max_cells = 12;
  const TokenCache cache = photos.open(policy);
  for (const std::uint32_t photo : {0U, 2U}) {
    const at::Tensor expected = encoded(photos.photos()[photo].file, photo, 0, policy), row = row_tensor(cache.row(photo, 0));
    REQUIRE(cache.max_tokens() >= expected.size(0));
    CHECK(cache.present(row).sum().item<std::int64_t>() == expected.size(0));
    CHECK(cache.tokens(row)[0].narrow(0, expected.size(0), cache.max_tokens() - expected.size(0)).abs().sum().item<double>() == 0);
  }
}

TEST_CASE("channel statistics are those of all tokens of the photos themselves") {
  if (!installed()) return;
  Photos photos;
  const TokenCache cache = photos.open();
  const at::Tensor all = cache.tokens(at::tensor({cache.row(0, 0), cache.row(2, 0)}, at::kLong)).flatten(0, 1).to(at::kDouble);
  const std::vector<std::uint32_t> both = {0, 2};
  const auto [mean, scale] = cache.statistics(both);
  CHECK(at::allclose(mean.to(at::kDouble), all.mean(0), 1e-5, 1e-6));
  CHECK(at::allclose(scale.to(at::kDouble), all.var(0, /*unbiased=*/true).sqrt() + 1e-3, 1e-4, 1e-6));
}

TEST_CASE("tokens are made once") {
  if (!installed()) return;
  Photos photos;
  CHECK(photos.made());
  CHECK_FALSE(photos.made());
  fs::create_directory(photos.folder() / "moved");
  fs::rename(photos.photos()[0].file, photos.folder() / "moved/a.png");
  photos.photos()[0].file = photos.folder() / "moved/a.png";
  CHECK_FALSE(photos.made());  // the photos are the same, wherever they lie
}

TEST_CASE("tokens are made anew when photo, views, policy or encoder are others, or the file is damaged") {
  if (!installed()) return;
  Photos photos;
  const at::Tensor before = photos.open().tokens(row_tensor(3)).clone();
  SECTION("photo") {
    fs::copy_file(paa::paa_home() / "samples" / "astronaut.png", photos.photos()[2].file, fs::copy_options::overwrite_existing);
    CHECK(photos.made());
    CHECK_FALSE(at::equal(photos.open().tokens(row_tensor(3)), before));
  }
  SECTION("views") {
    photos.photos()[0].views = 2;
    CHECK(photos.made());
    CHECK(at::equal(photos.open().tokens(row_tensor(2)), before));
  }
  SECTION("policy") {
    paa::PhotoPolicy wider = fixed();
    wider.width = 128;
    CHECK(photos.made(wider));
  }
  SECTION("encoder") { CHECK(photos.made(fixed(), "of another encoder")); }
  SECTION("damage") {
    fs::resize_file(photos.file(), fs::file_size(photos.file()) / 2);
    CHECK(photos.made());
    CHECK(at::equal(photos.open().tokens(row_tensor(3)), before));
    std::ofstream(photos.file()) << "no safetensors";
    CHECK(photos.made());
    CHECK_FALSE(photos.made());
  }
}

TEST_CASE("a photo that cannot be read is named, and no half file stays") {
  if (!installed()) return;
  Photos photos;
  std::ofstream(photos.photos()[2].file) << "no photo";
  CHECK_THAT(refusal([&] { photos.open(); }).message, Catch::Contains("b.png"));
  CHECK_FALSE(fs::exists(photos.file()));
  CHECK(photos.folder().files() == 2);
  paa::Cancel cancel;
  cancel.request();
  const auto cancelled = [&] { TokenCache::prepare(photos.file(), photos.photos(), fixed(), vision(), "x", {}, &cancel); };
  CHECK(refusal(cancelled).code == paa::ErrorCode::kCancelled);
}
