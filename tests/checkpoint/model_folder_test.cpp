#include "paa/checkpoint/model_folder.h"

#include <cstdlib>

#include "checkpoint_data.h"
#include "paa/core/sha256.h"

using Catch::Matchers::Contains;
using paa::ErrorCode;
using paa::Json;
using paa::PartState;

namespace {

Json part(const std::string& file, const std::string& content) {
  return {{"file", file},
          {"bytes", content.size()},
          {"sha256", paa::sha256_hex(content)},
          {"licence", "Apache-2.0"},
          {"source", "here"}};
}

Json model(const std::string& name = "tiny") {
  return {{"format", "paa-model"},
          {"version", 1},
          {"name", name},
          {"parts", {{"llm", part("llm.gguf", "weights")}, {"vision", part("v/x", "eyes")}}}};
}

// Writes model.json and the files of model().
void write_model(const std::filesystem::path& folder, const Json& document = model()) {
  std::filesystem::create_directories(folder / "v");
  paa::write_file(folder / "model.json", document.dump());
  paa::write_file(folder / "llm.gguf", "weights");
  paa::write_file(folder / "v/x", "eyes");
}

// Sets an environment variable, and puts its old value back.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

std::string refusal(ErrorCode code, const Json& patch) {
  INFO(patch.dump());
  const TemporaryFolder folder;
  Json document = model();
  document.merge_patch(patch);
  write_model(folder.path(), document);
  return error_of(code, [&] { paa::read_model_folder(folder.path()); });
}

}  // namespace

TEST_CASE("a model folder names its parts") {
  const TemporaryFolder folder;
  write_model(folder.path());
  const auto found = paa::read_model_folder(folder.path());
  CHECK(found.name == "tiny");
  REQUIRE(found.parts.size() == 2);
  CHECK(found.part("llm").path == folder.path() / "llm.gguf");
  CHECK(found.part("llm").bytes == 7);
  CHECK(found.part("vision").licence == "Apache-2.0");
  CHECK(found.part("vision").source == "here");
  CHECK(found.find("fusion") == nullptr);
  CHECK_THAT(error_of(ErrorCode::kNotFound, [&] { found.part("fusion"); }),
             Contains("\"fusion\"") && Contains("llm, vision"));
}

TEST_CASE("a model.json that breaks the format is refused by key") {
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"format", "other"}}), Contains("\"format\""));
  CHECK_THAT(refusal(ErrorCode::kUnsupported, {{"version", 2}}), Contains("version 2"));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"version", 0}}), Contains("\"version\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"name", nullptr}}), Contains("\"name\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"extra", 1}}), Contains("\"extra\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"parts", 1}}), Contains("\"parts\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"parts", {{"llm", 1}}}}), Contains("\"parts.llm\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"parts", {{"llm", {{"extra", 1}}}}}}), Contains("\"parts.llm.extra\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"parts", {{"llm", {{"bytes", -1}}}}}}), Contains("\"parts.llm.bytes\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"parts", {{"llm", {{"sha256", "abc"}}}}}}),
             Contains("\"parts.llm.sha256\""));
  CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"parts", {{"llm", {{"sha256", nullptr}}}}}}),
             Contains("\"parts.llm.sha256\""));
  const TemporaryFolder empty;
  CHECK_THAT(error_of(ErrorCode::kNotFound, [&] { paa::read_model_folder(empty.path()); }), Contains("model.json"));
}

TEST_CASE("parts must be relative paths inside the folder") {
  const std::vector<std::string> files = {"/etc/passwd", "../x", "a/../../x", "a/..",     ".",
                                          "./x",         "",     "a/",        {"a\0b", 3}};
  for (const auto& file : files) {
    CHECK_THAT(refusal(ErrorCode::kBadFormat, {{"parts", {{"llm", {{"file", file}}}}}}),
               Contains("inside the model folder"));
  }
}

TEST_CASE("verify tells apart what is right, missing, of another length, and of another content") {
  const TemporaryFolder folder;
  write_model(folder.path());
  const auto found = paa::read_model_folder(folder.path());
  const auto states = [&] {
    std::vector<PartState> result;
    for (const auto& check : paa::verify(found)) result.push_back(check.state);
    return result;
  };
  CHECK(states() == std::vector{PartState::kOk, PartState::kOk});
  paa::write_file(folder.path() / "llm.gguf", "WEIGHTS");
  CHECK(states() == std::vector{PartState::kWrongHash, PartState::kOk});
  paa::write_file(folder.path() / "llm.gguf", "weight");
  CHECK(states() == std::vector{PartState::kWrongLength, PartState::kOk});
  std::filesystem::remove_all(folder.path() / "v");
  CHECK(states() == std::vector{PartState::kWrongLength, PartState::kMissing});
  std::filesystem::create_directories(folder.path() / "v/x");
  CHECK(states() == std::vector{PartState::kWrongLength, PartState::kMissing});
}

TEST_CASE("a part beyond the limit for hashing is judged by its length alone") {
  const TemporaryFolder folder;
  write_model(folder.path());
  const auto found = paa::read_model_folder(folder.path());
  paa::write_file(folder.path() / "llm.gguf", "WEIGHTS");
  CHECK(paa::verify_part(found.part("llm"), {}, nullptr, 7) == PartState::kWrongHash);
  CHECK(paa::verify_part(found.part("llm"), {}, nullptr, 6) == PartState::kOk);
  paa::write_file(folder.path() / "llm.gguf", "WEIGHT");
  CHECK(paa::verify_part(found.part("llm"), {}, nullptr, 6) == PartState::kWrongLength);
}

TEST_CASE("verify reports bytes over all parts and can be cancelled") {
  const TemporaryFolder folder;
  write_model(folder.path());
  const auto found = paa::read_model_folder(folder.path());
  std::vector<std::size_t> seen;
  paa::verify(found, [&](std::size_t done, std::size_t total) {
    CHECK(total == 11);
    seen.push_back(done);
  });
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  REQUIRE(!seen.empty());
  CHECK(seen.back() == 11);
  paa::Cancel cancel;
  cancel.request();
  error_of(ErrorCode::kCancelled, [&] { paa::verify(found, {}, &cancel); });
}

TEST_CASE("the home is PAA_HOME, else in HOME; an empty variable counts as unset") {
  const Environment home("HOME", "/somebody");
  {
    const Environment paa_home("PAA_HOME", "/models-here");
    CHECK(paa::paa_home() == "/models-here");
  }
  const Environment paa_home("PAA_HOME", "");
  CHECK(paa::paa_home() == "/somebody/.cache/paa");
  const Environment homeless("HOME", "");
  CHECK_THAT(error_of(ErrorCode::kNotFound, [] { paa::paa_home(); }), Contains("PAA_HOME"));
}

TEST_CASE("a model is found by folder, by name, by PAA_MODEL, and else by the default name") {
  const TemporaryFolder home;
  const Environment paa_home("PAA_HOME", home.path().string());
  const Environment no_choice("PAA_MODEL", "");
  const auto models = home.path() / "models";
  CHECK_THAT(error_of(ErrorCode::kNotFound, [] { paa::find_model(); }),
             Contains(paa::kDefaultModel) && Contains("none yet") && Contains("sh examples/quickstart.sh"));
  write_model(models / "one", model("one"));
  write_model(models / paa::kDefaultModel);
  CHECK(paa::find_model() == models / paa::kDefaultModel);
  CHECK(paa::find_model("one") == models / "one");
  CHECK(paa::find_model((models / "one").string()) == models / "one");
  const Environment choice("PAA_MODEL", "one");
  CHECK(paa::find_model() == models / "one");
  CHECK(paa::find_model(paa::kDefaultModel) == models / paa::kDefaultModel);
  CHECK_THAT(error_of(ErrorCode::kNotFound, [] { paa::find_model("two"); }),
             Contains("\"two\"") && Contains("one, ") && Contains(paa::kDefaultModel));
  error_of(ErrorCode::kNotFound, [] { paa::find_model("../models/two"); });
}

TEST_CASE("models are listed in order, and those that cannot be read with their reason") {
  const TemporaryFolder home;
  const Environment paa_home("PAA_HOME", home.path().string());
  CHECK(paa::list_models().empty());
  write_model(home.path() / "models/b", model("second"));
  write_model(home.path() / "models/a", model("first"));
  write_model(home.path() / "models/c", Json::array());
  std::filesystem::create_directories(home.path() / "models/no-model");
  std::vector<paa::UnreadableModel> unreadable;
  const auto found = paa::list_models(&unreadable);
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "first");
  CHECK(found[1].name == "second");
  REQUIRE(unreadable.size() == 1);
  CHECK(unreadable[0].path == home.path() / "models/c");
  CHECK_THAT(unreadable[0].reason, Contains("model.json"));
}

TEST_CASE("a folder may have one of its parts taken from elsewhere") {
  const TemporaryFolder folder, elsewhere;
  write_model(folder.path());
  paa::write_file(elsewhere.path() / "mine.gguf", "WEIGHTS!");
  const auto found = paa::with_part(paa::read_model_folder(folder.path()), "llm", elsewhere.path() / "mine.gguf");
  CHECK(found.part("llm").path == elsewhere.path() / "mine.gguf");
  CHECK(found.part("llm").bytes == 8);
  CHECK(found.part("llm").sha256 == paa::sha256_hex("WEIGHTS!"));
  CHECK(paa::verify(found).front().state == PartState::kOk);
  const auto with = [&](const char* role, const char* file) {
    return paa::with_part(paa::read_model_folder(folder.path()), role, elsewhere.path() / file);
  };
  CHECK_THAT(error_of(ErrorCode::kNotFound, [&] { with("fusion", "mine.gguf"); }), Contains("\"fusion\""));
  CHECK_THAT(error_of(ErrorCode::kNotFound, [&] { with("llm", "none.gguf"); }), Contains("none.gguf"));
}
