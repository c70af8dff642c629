#pragma once
// A model folder: model.json names the parts of one model, with their lengths, hashes and licences.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/progress.h"

namespace paa {

/// The model that is used where none is chosen.
inline constexpr const char* kDefaultModel = "smollm2-135m-efficientnet-lite1";

/// One file of a model.
struct ModelPart {
  std::string role;            ///< "llm", "vision", "fusion", "class_names" ...
  std::filesystem::path path;  ///< of the file, inside the model folder
  std::uint64_t bytes = 0;
  std::string sha256;   ///< 64 lower-case hexadecimal digits
  std::string licence;  ///< for a person to read; may be empty
  std::string source;   ///< where it came from; may be empty
};

/// A model as its model.json lists it: the parts, each with its length and hash. A plain value.
struct ModelFolder {
  std::filesystem::path path;
  std::string name;
  std::vector<ModelPart> parts;  ///< sorted by role

  /// Null if there is none.
  const ModelPart* find(std::string_view role) const noexcept;
  /// Error: kNotFound, naming the folder and the roles it has.
  const ModelPart& part(std::string_view role) const;
};

/// Reads model.json: {"format": "paa-model", "version": 1, "name": ..., "parts": {ROLE: {"file": ..., "bytes": ...,
/// "sha256": ..., "licence": ..., "source": ...}}}. Files are paths relative to the folder that stay inside it; they
/// need not exist (see verify). Errors: kNotFound (no model.json), kBadFormat (names the key; also for unknown keys),
/// kUnsupported (a newer version).
ModelFolder read_model_folder(const std::filesystem::path& path);

/// The folder with the file `path` as its part `role`, whose length and hash are those of the file. Errors: kNotFound (the
/// folder has no such part: those it has are told), those of sha256_file.
ModelFolder with_part(ModelFolder folder, std::string_view role, const std::filesystem::path& path,
                      const Cancel* cancel = nullptr);

/// Where models lie: $PAA_HOME, else ~/.cache/paa. An empty variable counts as unset. Error: kNotFound if neither
/// PAA_HOME nor HOME is set.
std::filesystem::path paa_home();

/// A folder among the models that read_model_folder refuses.
struct UnreadableModel {
  std::filesystem::path path;
  std::string reason;
};

/// The model folders under paa_home()/models, sorted by folder name; none where that does not exist. Folders that
/// cannot be read are put into `unreadable` if it is not null, and logged as a warning otherwise.
std::vector<ModelFolder> list_models(std::vector<UnreadableModel>* unreadable = nullptr);

/// The folder of a model: `name_or_dir` if not empty, else $PAA_MODEL, else kDefaultModel. A path with model.json in it
/// goes before a name under paa_home()/models. Error: kNotFound, saying how to get the default and what there is.
std::filesystem::path find_model(const std::string& name_or_dir = {});

/// How a part's file stands against what model.json says of it.
enum class PartState { kOk, kMissing, kWrongLength, kWrongHash };

/// "ok", "missing", "wrong length", "wrong hash".
const char* to_string(PartState state) noexcept;

/// A part and how it stands.
struct PartCheck {
  std::string role;
  PartState state = PartState::kOk;
};

/// Compares one part's length and, where it has at most `hash_up_to` bytes, its SHA-256. Errors: as of verify().
PartState verify_part(const ModelPart& part, const Progress& progress = {}, const Cancel* cancel = nullptr,
                      std::uint64_t hash_up_to = UINT64_MAX);

/// Compares every part with its length and SHA-256, in the order of folder.parts. `progress` counts bytes over all
/// parts. Errors: kIo (a file that is there but cannot be read), kCancelled.
std::vector<PartCheck> verify(const ModelFolder& folder, const Progress& progress = {}, const Cancel* cancel = nullptr);

}  // namespace paa
