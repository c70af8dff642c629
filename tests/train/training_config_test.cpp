// The configuration of a training.

#include "paa/train/training_config.h"

#include "catch.h"
#include "core/refusal.h"
#include "paa/pmllm/fusion_file.h"

using paa::Json;
using paa::TrainingConfig;

namespace {

Json smallest() { return {{"format", "paa-training"}, {"version", 1}}; }

std::string refused(const char* pointer, const Json& value) {
  Json json = smallest();
  json[Json::json_pointer(pointer)] = value;
  const Refusal refusal = ::refusal([&] { paa::training_config_from_json(json, "some.json"); });
  CHECK(refusal.code == paa::ErrorCode::kBadFormat);
  CHECK_THAT(refusal.message, Catch::Contains("some.json"));
  return refusal.message;
}

}  // namespace

TEST_CASE("a configuration that says nothing is the default one") {
  const Json full = paa::training_config_to_json(paa::training_config_from_json(smallest(), "x"));
  CHECK(full == paa::training_config_to_json(TrainingConfig()));
}

TEST_CASE("a configuration comes back from its JSON, whatever was changed") {
  const Json full = paa::training_config_to_json(TrainingConfig());
  CHECK(full["batch"] == 32);
  const std::pair<const char*, Json> changes[] = {
      {"/name", "other"}, {"/fusion/width", 128}, {"/seed", 9007199254740993U}, {"/epochs", 3}, {"/batch", 7},
      {"/precision", "bf16"}, {"/precision", "fp32"}, {"/views", 1}, {"/token_dropout", 0.5}, {"/channel_dropout", 0.25},
      {"/samples/generic", 0.5}, {"/samples/demographics", 2}, {"/samples/stated_real", 3}, {"/samples/stated_simulated", 4},
      {"/simulated_texts", 10}, {"/wordings_per_person", 5}, {"/simulated_shift", 1.5}, {"/loss/cross_entropy", 0.5},
      {"/loss/plcc", 0.5}, {"/loss/pairwise", 0.25}, {"/learning_rate/main", 0.5}, {"/learning_rate/gate", 0.5},
      {"/learning_rate/gate_profile", 0.5}, {"/learning_rate/scalars", 0.5}, {"/weight_decay", 0.5}, {"/warmup_steps", 0},
      {"/clip", 5.0}, {"/ema", 0.5}, {"/checkpoint_every", 9}, {"/validate_every", 8}, {"/select", "best"}};
  for (const auto& [pointer, value] : changes) {
    CAPTURE(pointer);
    Json changed = full;
    changed[Json::json_pointer(pointer)] = value;
    CHECK(changed != full);
    CHECK(paa::training_config_to_json(paa::training_config_from_json(changed, "x")) == changed);
  }
}

TEST_CASE("every value that makes no sense is named") {
  const std::pair<const char*, Json> wrong[] = {
      {"/format", "paa-fusion"}, {"/version", 2}, {"/version", "1"}, {"/name", 3}, {"/fusion", 1}, {"/seed", "x"},
      {"/epochs", 0}, {"/epochs", 1.5}, {"/batch", 0}, {"/batch", 65537}, {"/precision", "fp16"}, {"/views", 0},
      {"/token_dropout", 1}, {"/token_dropout", -0.1}, {"/channel_dropout", 1}, {"/simulated_texts", 0},
      {"/wordings_per_person", 0}, {"/simulated_shift", -1}, {"/weight_decay", -1}, {"/warmup_steps", -1}, {"/clip", 0},
      {"/ema", 1}, {"/checkpoint_every", 0}, {"/validate_every", 0}, {"/select", "first"}};
  for (const auto& [pointer, value] : wrong) {
    CAPTURE(pointer, value.dump());
    CHECK_THAT(refused(pointer, value), Catch::Contains(pointer + 1));
  }
  for (const char* key : {"generic", "demographics", "stated_real", "stated_simulated"}) {
    CHECK_THAT(refused((std::string("/samples/") + key).c_str(), -1), Catch::Contains(std::string("samples.") + key));
  }
  for (const char* key : {"cross_entropy", "plcc", "pairwise"}) {
    CHECK_THAT(refused((std::string("/loss/") + key).c_str(), -1), Catch::Contains(std::string("loss.") + key));
  }
  for (const char* key : {"main", "gate", "gate_profile", "scalars"}) {
    CHECK_THAT(refused((std::string("/learning_rate/") + key).c_str(), 11), Catch::Contains(std::string("learning_rate.") + key));
  }
}

TEST_CASE("unknown keys are refused wherever they stand") {
  for (const char* pointer : {"/bacth", "/samples/everybody", "/loss/hinge", "/learning_rate/fast"}) {
    CHECK_THAT(refused(pointer, 1), Catch::Contains(std::string(pointer).substr(std::string(pointer).rfind('/') + 1)));
  }
}

TEST_CASE("a training of nothing is refused") {
  CHECK_THAT(refused("/samples", {{"generic", 0}}), Catch::Contains("nothing to train on"));
  CHECK_THAT(refused("/loss", {{"cross_entropy", 0}}), Catch::Contains("cross_entropy"));
}

TEST_CASE("the configurations that are shipped can be read, and what they lay over the default makes a fusion file") {
  const auto folder = std::filesystem::path(PAA_TEST_DATA).parent_path().parent_path().parent_path() / "examples" / "training";
  REQUIRE(std::filesystem::is_directory(folder));
  std::size_t read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().filename().string());
    const TrainingConfig config = paa::read_training_config(entry.path());
    Json fusion = paa::default_fusion();
    fusion["name"] = config.name;
    for (const char* role : {"llm", "vision"}) fusion[role] = {{"name", "x"}, {"sha256", std::string(64, '0')}};
    fusion["scale"] = {1, 7};
    fusion.merge_patch(config.fusion);
    CHECK_NOTHROW(paa::parse_fusion_config(paa::to_text(fusion), "x"));
    ++read;
  }
  CHECK(read >= 3);
}

TEST_CASE("a configuration's file is named when it is no JSON") {
  CHECK(refusal([] { paa::read_training_config("/nonexistent/config.json"); }).code == paa::ErrorCode::kNotFound);
}
