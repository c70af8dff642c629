#pragma once
// What a fusion file says of itself: how its modules are built, the prompt and photo policy they were trained with, and
// the pair of frozen models they belong to. The tensors are read by Pmllm.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "paa/checkpoint/weight_source.h"
#include "paa/core/json.h"
#include "paa/image/batch.h"
#include "paa/image/image.h"
#include "paa/image/resample.h"
#include "paa/person/profile.h"

namespace paa {

/// How a photo becomes the pixels the vision encoder reads.
struct PhotoPolicy {
  /// How width and height are chosen.
  enum class Kind {
    kFixed,   ///< width x height, the aspect ratio is not kept
    kAspect,  ///< the nearest aspect ratio of whole cells, at most max_cells and more than half as many
  };
  Kind kind = Kind::kFixed;
  int width = 0, height = 0;  ///< kFixed: pixels
  int max_cells = 0;          ///< kAspect: vision tokens, each of kCellPixels x kCellPixels
  Filter filter = Filter::kBicubic;
  Normalisation normalisation;

  static constexpr int kCellPixels = 32;
};

/// The photo resized by the policy. A photo that the policy has made already comes back unchanged. Thread-safe.
Image fit_photo(const Image& photo, const PhotoPolicy& policy);

/// The JSON under "paa.fusion" in the metadata of a fusion file (safetensors).
struct FusionConfig {
  /// Which file a frozen part must be: the SHA-256 that model.json gives for it.
  struct Belongs {
    std::string name;
    std::string sha256;
  };
  /// What decides how much of the photo passes; see nn::SelectiveFusionOptions.
  struct Gate {
    bool reads_hidden = true, reads_visual = true, reads_profile = true;
    std::string granularity = "head";  ///< "none", "scalar", "head", "channel"
  };

  /// A nn::TasteFusion at the first of `layers`, which acts on profiles that say something in free text.
  struct Taste {
    int width = 64;  ///< dimensions of the comparison
    int reader_width = 128, reader_heads = 4, reader_pools = 8, reading = 256;  ///< nn::ProfileReaderOptions
  };

  std::string name;
  Belongs llm, vision;
  std::vector<int> layers;  ///< decoder layers whose input is fused, ascending
  int width = 64;           ///< of a fusion module, all heads together
  int heads = 4;
  Gate gate;
  std::optional<Taste> taste;
  std::string update = "relative";  ///< "relative" or "absolute"
  std::string prompt_prefix;        ///< stands before the profile's text; may hold special tokens
  std::string prompt_suffix;        ///< the only text that sees the photo
  ProfileWording wording;
  std::array<std::string, 5> rating_words;  ///< worst first, each with its leading space
  double scale_low = 1, scale_high = 7;
  PhotoPolicy photo;
  std::string data_note;  ///< what it was trained on and what it cannot tell; may be empty
  std::string licence;    ///< of the weights; may be empty
};

/// Parses and checks the JSON text. Errors: kBadFormat naming `origin` and the key, kUnsupported (a newer version).
FusionConfig parse_fusion_config(std::string_view json, std::string_view origin);

}  // namespace paa
