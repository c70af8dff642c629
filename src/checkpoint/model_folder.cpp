#include "paa/checkpoint/model_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "checkpoint/in_quotes.h"
#include "checkpoint/path_kind.h"
#include "paa/core/error.h"
#include "paa/core/json.h"
#include "paa/core/log.h"
#include "paa/core/sha256.h"

namespace paa {
namespace {

constexpr const char* kFileName = "model.json";
constexpr std::int64_t kVersion = 1;

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// A model that somebody hands on must not make its reader open files elsewhere.
bool stays_inside(const std::filesystem::path& file) {
  if (file.empty() || file.is_absolute()) return false;
  if (file.native().find('\0') != std::string::npos) return false;
  return std::ranges::none_of(file, [](const auto& step) { return step == ".." || step == "." || step.empty(); });
}

ModelPart read_part(const JsonReader& reader, const std::string& role, const std::filesystem::path& folder) {
  ModelPart part;
  part.role = role;
  const std::filesystem::path file = reader.get<std::string>("file");
  if (!stays_inside(file)) reader.fail("file", "must be a relative path inside the model folder");
  part.path = folder / file;
  part.bytes = reader.get<std::uint64_t>("bytes");
  part.sha256 = reader.get<std::string>("sha256");
  if (!is_sha256(part.sha256)) reader.fail("sha256", "must be 64 lower-case hexadecimal digits");
  part.licence = reader.get_or("licence", std::string());
  part.source = reader.get_or("source", std::string());
  reader.refuse_unknown();
  return part;
}

void check_format(const JsonReader& reader, const std::filesystem::path& path) {
  if (reader.get<std::string>("format") != "paa-model") reader.fail("format", "must be \"paa-model\"");
  const auto version = reader.get<std::int64_t>("version");
  if (version == kVersion) return;
  if (version < kVersion) reader.fail("version", "must be at least 1");
  throw Error(ErrorCode::kUnsupported, fmt::format("{}: has version {}; this program reads version {}: update it",
                                                   path.string(), version, kVersion));
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool is_model_folder(const std::filesystem::path& path) { return is_present(path / kFileName); }

// The folders under paa_home()/models that have a model.json, sorted.
std::vector<std::filesystem::path> model_paths() {
  std::vector<std::filesystem::path> paths;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(paa_home() / "models", absent)) {
    if (is_model_folder(entry.path())) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

[[noreturn]] void fail_no_model(const std::string& wanted) {
  std::string there;
  for (const auto& path : model_paths()) there += (there.empty() ? "" : ", ") + path.filename().string();
  throw Error(ErrorCode::kNotFound,
              fmt::format("model {}: is neither a folder with a {} nor a name under {}; there {}. To fetch the default "
                          "model run: sh examples/quickstart.sh",
                          in_quotes(wanted), kFileName, (paa_home() / "models").string(),
                          there.empty() ? "is none yet" : "is " + there));
}

}  // namespace

const ModelPart* ModelFolder::find(std::string_view role) const noexcept {
  const auto found = std::ranges::find(parts, role, &ModelPart::role);
  return found == parts.end() ? nullptr : &*found;
}

const ModelPart& ModelFolder::part(std::string_view role) const {
  if (const ModelPart* found = find(role)) return *found;
  std::string roles;
  for (const auto& part : parts) roles += (roles.empty() ? "" : ", ") + part.role;
  throw Error(ErrorCode::kNotFound, fmt::format("{}: the model has no part {}; it has: {}", path.string(),
                                                in_quotes(role), roles.empty() ? "none" : roles));
}

ModelFolder read_model_folder(const std::filesystem::path& path) {
  const auto file = path / kFileName;
  const Json document = read_json(file);
  const JsonReader reader(document, file.string());
  check_format(reader, file);
  ModelFolder folder;
  folder.path = path;
  folder.name = reader.get<std::string>("name");
  const JsonReader parts = reader.object("parts");
  for (const auto& [role, part] : document["parts"].items()) {
    folder.parts.push_back(read_part(parts.object(role), role, path));
  }
  reader.refuse_unknown();
  return folder;
}

ModelFolder with_part(ModelFolder folder, std::string_view role, const std::filesystem::path& path,
                      const Cancel* cancel) {
  folder.part(role);  // refuses a role that the folder does not have
  for (ModelPart& part : folder.parts) {
    if (part.role != role) continue;
    const std::string sha256 = sha256_file(path, {}, cancel);
    part = {part.role, path, std::filesystem::file_size(path), sha256, {}, {}};
  }
  return folder;
}

std::filesystem::path paa_home() {
  if (const auto home = environment("PAA_HOME"); !home.empty()) return home;
  if (const auto home = environment("HOME"); !home.empty()) return std::filesystem::path(home) / ".cache" / "paa";
  throw Error(ErrorCode::kNotFound, "neither PAA_HOME nor HOME is set; set PAA_HOME to the folder for models");
}

std::vector<ModelFolder> list_models(std::vector<UnreadableModel>* unreadable) {
  std::vector<ModelFolder> models;
  for (const auto& path : model_paths()) {
    try {
      models.push_back(read_model_folder(path));
    } catch (const Error& e) {
      if (unreadable != nullptr) {
        unreadable->push_back({path, e.what()});
      } else {
        log(LogLevel::kWarning, e.what());
      }
    }
  }
  return models;
}

std::filesystem::path find_model(const std::string& name_or_dir) {
  std::string wanted = name_or_dir.empty() ? environment("PAA_MODEL") : name_or_dir;
  if (wanted.empty()) wanted = kDefaultModel;
  if (is_model_folder(wanted)) return wanted;
  const bool is_name = wanted.find('/') == std::string::npos && wanted != "." && wanted != "..";
  if (is_name && is_model_folder(paa_home() / "models" / wanted)) return paa_home() / "models" / wanted;
  fail_no_model(wanted);
}

const char* to_string(PartState state) noexcept {
  switch (state) {
    case PartState::kOk: return "ok";
    case PartState::kMissing: return "missing";
    case PartState::kWrongLength: return "wrong length";
    case PartState::kWrongHash: return "wrong hash";
  }
  return "unknown";
}

PartState verify_part(const ModelPart& part, const Progress& progress, const Cancel* cancel, std::uint64_t hash_up_to) {
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(part.path, unreadable)) return PartState::kMissing;
  if (std::filesystem::file_size(part.path, unreadable) != part.bytes) return PartState::kWrongLength;
  if (part.bytes > hash_up_to) return PartState::kOk;
  return sha256_file(part.path, progress, cancel) == part.sha256 ? PartState::kOk : PartState::kWrongHash;
}

std::vector<PartCheck> verify(const ModelFolder& folder, const Progress& progress, const Cancel* cancel) {
  std::uint64_t total = 0;
  for (const auto& part : folder.parts) total += part.bytes;
  std::vector<PartCheck> checks;
  std::uint64_t before = 0;
  for (const auto& part : folder.parts) {
    throw_if_cancelled(cancel);
    Progress inner;
    if (progress) inner = [&](std::size_t done, std::size_t) { progress(before + done, total); };
    checks.push_back({part.role, verify_part(part, inner, cancel)});
    before += part.bytes;
    if (progress) progress(before, total);
  }
  return checks;
}

}  // namespace paa
