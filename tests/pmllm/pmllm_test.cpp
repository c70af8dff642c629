// The whole model on real weights: the plain PyTorch oracle's numbers, sharing, damage.

#include "paa/pmllm/pmllm.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <thread>

#include "catch.h"
#include "lite0_model.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/json.h"
#include "paa/core/sha256.h"
#include "paa/image/decode.h"

using paa::Error;
using paa::ErrorCode;
using paa::Image;
using paa::Pmllm;
using paa::Precision;
using paa::Profile;
namespace fs = std::filesystem;

namespace {

bool installed() {
  if (fs::exists(lite0_folder() / "model.json") && fs::exists(paa::paa_home() / "samples" / "astronaut.png")) {
    return true;
  }
  WARN("skipped: the model or its samples are absent; run sh examples/quickstart.sh once");
  return false;
}

const Pmllm& fp32() {
  static const Pmllm model = Pmllm::load(lite0_folder(), {Precision::kF32, 0, std::uint64_t{512} << 20});
  return model;
}

Image sample(const std::string& name) { return paa::read_image(paa::paa_home() / "samples" / name); }

Profile woman() {
  Profile profile;
  profile.age = 37;
  profile.gender = "female";
  profile.education = "some college";
  return profile;
}

double largest_error(const paa::Score& score, const paa::Json& levels) {
  double worst = 0;
  for (std::size_t i = 0; i < 5; ++i) worst = std::max(worst, std::abs(score.levels[i] - levels[i].get<double>()));
  return worst;
}

// "a woman, 35 to 39 years old, some college." back to its fields.
Profile parse_text(const std::string& text) {
  Profile profile;
  if (text == "anyone.") return profile;
  const auto first = text.find(", "), second = text.find(", ", first + 2);
  profile.gender = text.substr(0, first) == "a man" ? "male" : "female";
  profile.age = std::stoi(text.substr(first + 2));
  profile.education = text.substr(second + 2, text.size() - second - 3);
  return profile;
}

// A copy of the model's folder whose parts are links, to be damaged.
class Copy {
 public:
  explicit Copy(const std::string& name) : path_(fs::temp_directory_path() / ("paa-test-" + name)) {
    fs::remove_all(path_);
    fs::create_directories(path_);
    for (const auto& entry : fs::directory_iterator(lite0_folder())) {
      if (entry.path().filename() == "model.json") fs::copy_file(entry.path(), path_ / "model.json");
      else fs::create_symlink(entry.path(), path_ / entry.path().filename());
    }
  }
  ~Copy() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

  std::string text(const char* name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void replace(const char* name, const std::string& bytes) const {
    fs::remove(path_ / name);
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  // Makes model.json true again for a part that was replaced.
  void declare(const char* role, const char* name) const {
    paa::Json json = paa::read_json(path_ / "model.json");
    const std::string bytes = text(name);
    json["parts"][role]["bytes"] = bytes.size();
    json["parts"][role]["sha256"] = paa::sha256_hex(bytes);
    replace("model.json", json.dump());
  }
  ErrorCode load_error(const std::string& expected_word) const {
    try {
      Pmllm::load(path_);
    } catch (const Error& e) {
      CAPTURE(e.what());
      CHECK(std::string(e.what()).find(expected_word) != std::string::npos);
      return e.code();
    }
    FAIL("it loaded");
    return ErrorCode::kInternal;
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("sample photos get the plain PyTorch oracle's level probabilities") {
  if (!installed()) return;
  const paa::Json golden = paa::read_json(fs::path(PAA_TEST_DATA) / "samples.json");
  const paa::ModelFolder folder = paa::read_model_folder(lite0_folder());
  for (const char* role : {"llm", "vision", "fusion"}) {
    REQUIRE(folder.part(role).sha256 == golden["parts_sha256"][role].get<std::string>());
  }
  std::vector<Image> photos;
  for (const paa::Json& photo : golden["photos"]) photos.push_back(sample(photo["file"]));
  const auto tokens = fp32().encode(photos);
  for (const paa::Json& example : golden["cases"]) {
    const std::size_t profile = example["profile"], photo = example["photo"];
    CAPTURE(golden["photos"][photo]["file"].get<std::string>(), profile);
    const auto prepared = fp32().prepare(paa::profile_from_json(golden["profiles"][profile]["profile"], "golden"));
    CHECK(prepared.text() == golden["profiles"][profile]["text"].get<std::string>());
    const paa::Score score = fp32().score(prepared, {&tokens[photo], 1}).front();
    // stb and Pillow decode JPEG with different inverse transforms, off by a level or two in some pixels.
    CHECK(largest_error(score, example["levels"]) < (golden["photos"][photo]["lossless"].get<bool>() ? 2e-3 : 1e-2));
  }
}

TEST_CASE("OASIS photos get the reference's level probabilities") {
  const fs::path data = fs::path(PAA_SHARED_DATA) / "data";
  if (!fs::exists(data / "reference" / "golden.json") || !installed()) {
    WARN("skipped: the research data is absent");
    return;
  }
  const paa::Json golden = paa::read_json(data / "reference" / "golden.json");
  std::vector<Image> photos;
  for (const paa::Json& file : golden["photos"]) photos.push_back(paa::read_image(data / "oasis" / file.get<std::string>()));
  const auto tokens = fp32().encode(photos);
  std::size_t example = 0;
  for (const paa::Json& profile : golden["profiles"]) {
    const auto prepared = fp32().prepare(parse_text(profile["text"]));
    CHECK(prepared.text() == profile["text"].get<std::string>());
    for (const paa::Score& score : fp32().score(prepared, tokens)) {
      // The reference decoded these JPEGs by Pillow; on PNG copies the largest error is below 1e-4.
      CHECK(largest_error(score, golden["cases"][example]["levels"]) < 6e-3);
      CHECK(std::abs(score.mean - golden["cases"][example]["score"].get<double>()) < 0.03);
      ++example;
    }
  }
}

TEST_CASE("a score is a distribution on the scale, and photos differ") {
  if (!installed()) return;
  const std::vector<Image> photos = {sample("astronaut.png"), sample("coffee.png"), sample("chelsea.png")};
  const auto scores = fp32().score(fp32().prepare({}), fp32().encode(photos));
  for (const paa::Score& score : scores) {
    double sum = 0, mean = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      CHECK(score.levels[i] >= 0);
      sum += score.levels[i];
      mean += score.levels[i] * (1 + 1.5 * static_cast<double>(i));
    }
    CHECK(sum == Approx(1));
    CHECK(score.mean == Approx(mean));
    CHECK(score.spread > 0);
  }
  CHECK(std::abs(scores[0].mean - scores[1].mean) > 0.01);
}

// The same bits on the machines measured; a product elsewhere may round by its place in the batch.
TEST_CASE("many photos for one person and one photo for many people agree, whatever the batch") {
  if (!installed()) return;
  const auto precision = GENERATE(Precision::kF32, Precision::kBF16);
  const Pmllm model = Pmllm::load(lite0_folder(), {precision});
  std::vector<Image> photos;
  for (int i = 0; i < 11; ++i) photos.push_back(sample(i % 2 ? "coffee.png" : "chelsea.png"));
  for (int i = 0; i < 11; ++i) photos[static_cast<std::size_t>(i)].rgb[0] = static_cast<std::uint8_t>(20 * i);
  const auto tokens = model.encode(photos);
  const std::vector<paa::PreparedProfile> people = {model.prepare({}), model.prepare(woman())};
  const auto first = model.score(people[0], tokens), second = model.score(people[1], tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto both = model.score(people, tokens[i]);
    CHECK(both[0].mean == Approx(first[i].mean).epsilon(1e-5));
    CHECK(both[1].mean == Approx(second[i].mean).epsilon(1e-5));
    CHECK(model.score(people[0], {&tokens[i], 1})[0].mean == Approx(first[i].mean).epsilon(1e-5));
  }
  CHECK(first[0].levels != second[0].levels);
  CHECK(model.score(people[0], {}).empty());
}

TEST_CASE("bf16 stays near fp32") {
  if (!installed()) return;
  const Pmllm model = Pmllm::load(lite0_folder(), {Precision::kBF16});
  CHECK(model.info().hash != fp32().info().hash);
  for (const char* name : {"astronaut.png", "coffee.png", "chelsea.png"}) {
    const Image photo = sample(name);
    const auto a = fp32().score(fp32().prepare(woman()), fp32().encode({&photo, 1}))[0];
    const auto b = model.score(model.prepare(woman()), model.encode({&photo, 1}))[0];
    CHECK(std::abs(a.mean - b.mean) < 0.1);
  }
}

TEST_CASE("threads share a model and a prepared profile") {
  if (!installed()) return;
  const Image photo = sample("coffee.png");
  const auto person = fp32().prepare(woman());
  const auto expected = fp32().score(person, fp32().encode({&photo, 1}))[0].levels;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 3; ++i) wrong += fp32().score(person, fp32().encode({&photo, 1}))[0].levels != expected;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("fitting beforehand changes nothing") {
  if (!installed()) return;
  const Image photo = sample("coffee.png"), fitted = fp32().fit(photo);
  const auto person = fp32().prepare({});
  CHECK(fp32().score(person, fp32().encode({&fitted, 1}))[0].levels == fp32().score(person, fp32().encode({&photo, 1}))[0].levels);
  CHECK(fp32().fit(fitted).rgb == fitted.rgb);
  const Image empty;
  CHECK_THROWS_AS(fp32().encode({&empty, 1}), Error);
}

TEST_CASE("a cancelled call says so and state of another model is refused") {
  if (!installed()) return;
  const Image photo = sample("coffee.png");
  paa::Cancel cancel;
  cancel.request();
  const auto code = [](const auto& call) {
    try {
      call();
    } catch (const Error& e) {
      return e.code();
    }
    return ErrorCode::kInternal;
  };
  const auto person = fp32().prepare({});
  const auto tokens = fp32().encode({&photo, 1});
  CHECK(code([&] { fp32().encode({&photo, 1}, &cancel); }) == ErrorCode::kCancelled);
  CHECK(code([&] { fp32().score(person, tokens, &cancel); }) == ErrorCode::kCancelled);
  CHECK(code([&] { Pmllm::load(lite0_folder(), {}, &cancel); }) == ErrorCode::kCancelled);
  const Pmllm other = Pmllm::load(lite0_folder(), {Precision::kBF16});
  CHECK(code([&] { other.score(person, tokens); }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("free text beyond the token limit is refused, and special tokens in it do nothing special") {
  if (!installed()) return;
  Profile profile;
  profile.about = "loves lakes <|im_end|> and dogs";
  CHECK_NOTHROW(fp32().prepare(profile));
  std::string many;
  for (int i = 0; i < 300; ++i) many += "lakes and dogs ";
  profile.about = many;
  CHECK_THROWS_AS(fp32().prepare(profile), Error);
}

TEST_CASE("a damaged model folder is refused with what is wrong") {
  if (!installed()) return;
  SECTION("no folder") { CHECK_THROWS_AS(Pmllm::load("/nonexistent/model"), Error); }
  SECTION("a part is missing") {
    const Copy copy("missing");
    fs::remove(copy.path() / "vision.safetensors");
    CHECK(copy.load_error("vision") == ErrorCode::kNotFound);
  }
  SECTION("a part is truncated") {
    const Copy copy("truncated");
    const std::string bytes = copy.text("vision.safetensors");
    copy.replace("vision.safetensors", bytes.substr(0, bytes.size() / 2));
    CHECK(copy.load_error("truncated") == ErrorCode::kMismatch);
    copy.declare("vision", "vision.safetensors");
    CHECK_THROWS_AS(Pmllm::load(copy.path()), Error);
  }
  SECTION("a part has other bytes") {
    const Copy copy("hash");
    std::string bytes = copy.text("fusion.safetensors");
    bytes.back() ^= 1;
    copy.replace("fusion.safetensors", bytes);
    CHECK(copy.load_error("SHA-256") == ErrorCode::kMismatch);
  }
  SECTION("fusion modules were trained for another pair") {
    const Copy copy("pair");
    std::string bytes = copy.text("vision.safetensors");
    bytes.back() ^= 1;
    copy.replace("vision.safetensors", bytes);
    copy.declare("vision", "vision.safetensors");
    CHECK(copy.load_error("trained for") == ErrorCode::kMismatch);
  }
  SECTION("the fusion file has another shape than it says") {
    const Copy copy("shape");
    std::string bytes = copy.text("fusion.safetensors");
    const auto at = bytes.find("\\\"heads\\\": 4");
    const auto tight = bytes.find("\\\"heads\\\":4");
    REQUIRE((at != std::string::npos || tight != std::string::npos));
    bytes[at != std::string::npos ? at + 11 : tight + 10] = '2';
    copy.replace("fusion.safetensors", bytes);
    copy.declare("fusion", "fusion.safetensors");
    CHECK(copy.load_error("gate") == ErrorCode::kMismatch);
  }
}

TEST_CASE("the vision encoder's classes are named, and sample photos are what they show") {
  if (!installed()) return;
  const auto names = fp32().class_names();
  REQUIRE(names.size() == 1000);
  CHECK(names[281] == "tabby, tabby cat");
  const std::tuple<const char*, std::size_t, std::size_t, std::size_t> shown[] = {
      {"chelsea.png", 281, 285, 5},         // cats
      {"coffee.png", 967, 968, 3},          // espresso, cup
      {"rocket.jpg", 657, 657, 3}};         // missile
  for (const auto& [file, first, last, rank] : shown) {
    INFO(file);
    const Image photo = sample(file);
    const auto tokens = fp32().encode({&photo, 1});
    const auto probabilities = fp32().class_probabilities(tokens.front());
    REQUIRE(probabilities.size() == names.size());
    double sum = 0;
    for (const float p : probabilities) {
      CHECK((p >= 0 && p <= 1));
      sum += p;
    }
    CHECK(sum == Approx(1).margin(1e-5));
    const float best = *std::max_element(probabilities.begin() + first, probabilities.begin() + last + 1);
    CHECK(std::count_if(probabilities.begin(), probabilities.end(), [&](float p) { return p > best; }) < static_cast<int>(rank));
    CHECK(best > 0.05F);
  }
}

TEST_CASE("a model without class names has none, one with wrong ones says so") {
  if (!installed()) return;
  const auto refusal = [](const Copy& copy) {
    try {
      Pmllm::load(copy.path(), {Precision::kF32, 0, 0}).class_names();
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string("taken");
  };
  const Copy copy("class-names");
  fs::remove(copy.path() / "class_names.txt");
  CHECK_THAT(refusal(copy), Catch::Contains("class_names is missing"));
  copy.replace("class_names.txt", "cat\ndog\r\n");
  CHECK_THAT(refusal(copy), Catch::Contains("class_names has not the length"));
  copy.declare("class_names", "class_names.txt");
  CHECK_THAT(refusal(copy), Catch::Contains("has 2 lines, but the vision encoder knows 1000 classes"));
  paa::Json json = paa::read_json(copy.path() / "model.json");
  json["parts"].erase("class_names");
  copy.replace("model.json", json.dump());
  CHECK(Pmllm::load(copy.path(), {Precision::kF32, 0, 0}).class_names().empty());
}
