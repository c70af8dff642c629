#pragma once
// What a model saw in photos, remembered on disk, so that a photo goes through the model once.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paa {

/// Where it is kept unless somebody names another folder: paa_home()/features. Error: that of paa_home.
std::filesystem::path feature_cache_folder();

/// Rows of floats by the SHA-256 of photos: a file that only grows, ID.features in a folder. Records carry a checksum:
/// one that was cut off or damaged counts as absent, and is written anew. Several processes may use one file at once;
/// each sees what was there when it began and what it added itself. Not thread-safe.
class FeatureCache {
 public:
  /// `id` names the model and its list of features (letters, digits, "-"); `columns` of at least 1. The folder is made
  /// if need be. A file that is no cache, or of other rows, is begun anew. Errors: kInvalidArgument (id or columns);
  /// kIo.
  FeatureCache(const std::filesystem::path& folder, const std::string& id, std::size_t columns);
  FeatureCache(FeatureCache&&) noexcept;
  FeatureCache& operator=(FeatureCache&&) noexcept;
  ~FeatureCache();

  /// Photos it knows.
  std::size_t size() const noexcept;
  /// The photo's row, if it is there and undamaged. `sha256`: 64 lower-case hexadecimal digits.
  std::optional<std::vector<float>> find(const std::string& sha256) const;
  /// Adds a photo; one that is known stays as it is. Errors: kInvalidArgument (another number of columns, no hash); kIo
  /// (disk full).
  void add(const std::string& sha256, const std::vector<float>& row);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
