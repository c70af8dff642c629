#include "model_output.h"

#include <string>

#include "paa/core/file.h"
#include "paa/core/json.h"
#include "paa/core/sha256.h"
#include "training_checkpoint.h"

namespace paa {
namespace {

namespace fs = std::filesystem;

void bring(const fs::path& from, const fs::path& to) {
  if (fs::exists(to)) fs::remove(to);
  std::error_code failed;
  fs::create_hard_link(fs::canonical(from), to, failed);
  if (failed) fs::copy_file(from, to);
}

}  // namespace

fs::path write_model(const fs::path& out, const ModelFolder& base, const std::string& name, const NamedTensors& tensors,
                     const std::string& config_json, const std::string& licence) {
  constexpr const char* kFusionFile = "fusion.safetensors";
  fs::create_directories(out);
  const fs::path fusion = out / kFusionFile;
  write_tensors(fusion, tensors, {{"paa.fusion", config_json}});
  Json parts = Json::object();
  for (const ModelPart& part : base.parts) {
    if (part.role == "fusion" || part.role == "population") continue;  // both belong to the other weights
    const std::string file = part.path.filename().string();
    bring(part.path, out / file);
    parts[part.role] = {{"file", file},
                        {"bytes", part.bytes},
                        {"sha256", part.sha256},
                        {"licence", part.licence},
                        {"source", part.source}};
  }
  parts["fusion"] = {{"file", kFusionFile},
                     {"bytes", fs::file_size(fusion)},
                     {"sha256", sha256_file(fusion)},
                     {"licence", licence},
                     {"source", "paa train"}};
  write_file(out / "model.json",
             Json({{"format", "paa-model"}, {"version", 1}, {"name", name}, {"parts", parts}}).dump(2) + "\n");
  return fusion;
}

}  // namespace paa
