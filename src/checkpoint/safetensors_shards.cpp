#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "checkpoint/in_quotes.h"
#include "checkpoint/path_kind.h"
#include "paa/checkpoint/safetensors.h"
#include "paa/core/error.h"
#include "paa/core/json.h"

namespace paa {
namespace {

// Several safetensors files that an index makes into one.
class ShardedSafetensors final : public WeightSource {
 public:
  explicit ShardedSafetensors(const std::filesystem::path& index) : origin_(index.string()) {
    const Json document = read_json(index);
    const auto weight_map = JsonReader(document, origin_).get<Json>("weight_map");
    if (!weight_map.is_object()) fail(ErrorCode::kBadFormat, "\"weight_map\" must be an object");
    for (const auto& [name, file] : weight_map.items()) add(name, file, index.parent_path());
    std::ranges::sort(infos_, {}, &TensorInfo::name);
  }

  const std::vector<TensorInfo>& tensors() const override { return infos_; }

  std::span<const std::byte> bytes(std::string_view name) const override {
    info(name);
    return shard_of_.find(name)->second->bytes(name);
  }

  std::string origin() const override { return origin_; }

 private:
  [[noreturn]] void fail(ErrorCode code, const std::string& what) const {
    throw Error(code, fmt::format("{}: {}", origin_, what));
  }

  void add(const std::string& name, const Json& file, const std::filesystem::path& folder) {
    if (!file.is_string())
      fail(ErrorCode::kBadFormat, fmt::format("tensor {} does not name its file", in_quotes(name)));
    const Safetensors& shard = open_shard(file.get<std::string>(), folder);
    const TensorInfo* info = shard.find(name);
    if (info == nullptr) {
      fail(ErrorCode::kBadFormat,
           fmt::format("tensor {} is not in {}, which the index names for it", in_quotes(name), shard.origin()));
    }
    infos_.push_back(*info);
    shard_of_.emplace(name, &shard);
  }

  const Safetensors& open_shard(const std::string& file, const std::filesystem::path& folder) {
    if (const auto found = shards_.find(file); found != shards_.end()) return found->second;
    if (file.empty() || file == "." || file == ".." ||
        file.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos) {
      fail(ErrorCode::kBadFormat,
           fmt::format("names the file {}; shards must lie beside their index", in_quotes(file)));
    }
    if (!is_present(folder / file)) {
      fail(ErrorCode::kNotFound,
           fmt::format("names the file {}, which is not in its folder; fetch it too", in_quotes(file)));
    }
    return shards_.emplace(file, Safetensors::open(folder / file)).first->second;
  }

  std::string origin_;
  std::map<std::string, Safetensors> shards_;
  std::map<std::string, const Safetensors*, std::less<>> shard_of_;
  std::vector<TensorInfo> infos_;
};

}  // namespace

std::unique_ptr<WeightSource> open_safetensors(const std::filesystem::path& path) {
  if (is_folder(path)) {
    const auto single = path / "model.safetensors";
    const auto index = path / "model.safetensors.index.json";
    if (is_present(single)) return open_safetensors(single);
    if (is_present(index)) return open_safetensors(index);
    throw Error(ErrorCode::kNotFound,
                fmt::format("{}: holds neither model.safetensors nor model.safetensors.index.json; "
                            "weights in other formats must be saved as safetensors first",
                            path.string()));
  }
  if (path.extension() == ".json") return std::make_unique<ShardedSafetensors>(path);
  return std::make_unique<Safetensors>(Safetensors::open(path));
}

}  // namespace paa
