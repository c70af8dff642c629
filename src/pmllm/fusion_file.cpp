#include "paa/pmllm/fusion_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace paa {
namespace {

FusionConfig::Belongs read_belongs(const JsonReader& json) {
  FusionConfig::Belongs belongs{json.get<std::string>("name"), json.get<std::string>("sha256")};
  json.refuse_unknown();
  return belongs;
}

FusionConfig::Gate read_gate(const JsonReader& json) {
  FusionConfig::Gate gate{false, false, false, json.get<std::string>("granularity")};
  for (const std::string& input : json.get<std::vector<std::string>>("inputs")) {
    if (input == "hidden") gate.reads_hidden = true;
    else if (input == "visual") gate.reads_visual = true;
    else if (input == "profile") gate.reads_profile = true;
    else json.fail("inputs", fmt::format("has the unknown input \"{}\"; they are hidden, visual, profile", input));
  }
  constexpr std::array kKnown = {"none", "scalar", "head", "channel"};
  if (std::find(kKnown.begin(), kKnown.end(), gate.granularity) == kKnown.end()) {
    json.fail("granularity", "must be none, scalar, head or channel");
  }
  json.refuse_unknown();
  return gate;
}

FusionConfig::Taste read_taste_fusion(const JsonReader& json) {
  constexpr int kMost = 65536;
  FusionConfig::Taste taste;
  const auto size = [&](const JsonReader& reader, const char* key, int fallback) {
    const int value = reader.get_or(key, fallback);
    if (value < 1 || value > kMost) reader.fail(key, fmt::format("is {}; it must be 1 to {}", value, kMost));
    return value;
  };
  taste.width = size(json, "width", taste.width);
  if (json.has("reader")) {
    const JsonReader reader = json.object("reader");
    taste.reader_width = size(reader, "width", taste.reader_width);
    taste.reader_heads = size(reader, "heads", taste.reader_heads);
    taste.reader_pools = size(reader, "pools", taste.reader_pools);
    taste.reading = size(reader, "reading", taste.reading);
    if (taste.reader_width % taste.reader_heads != 0) reader.fail("width", "must be a multiple of \"heads\"");
    if (taste.reading % taste.reader_pools != 0) reader.fail("reading", "must be a multiple of \"pools\"");
    reader.refuse_unknown();
  }
  json.refuse_unknown();
  return taste;
}

PhotoPolicy read_photo_policy(const JsonReader& json) {
  constexpr int kMaxPixels = 4096, kMaxCells = 4096;
  PhotoPolicy policy;
  const auto kind = json.get<std::string>("policy");
  if (kind == "fixed") {
    policy.width = json.get<int>("width");
    policy.height = json.get<int>("height");
    if (std::min(policy.width, policy.height) < 1 || std::max(policy.width, policy.height) > kMaxPixels) {
      json.fail("width", fmt::format("and \"height\" must be 1 to {} pixels", kMaxPixels));
    }
  } else if (kind == "aspect") {
    policy.kind = PhotoPolicy::Kind::kAspect;
    policy.max_cells = json.get<int>("max_cells");
    if (policy.max_cells < 1 || policy.max_cells > kMaxCells) json.fail("max_cells", fmt::format("must be 1 to {}", kMaxCells));
  } else {
    json.fail("policy", "must be fixed or aspect");
  }
  policy.filter = parse_filter(json.get<std::string>("filter"));
  policy.normalisation.mean.fill(static_cast<float>(json.get<double>("mean")));
  policy.normalisation.scale.fill(static_cast<float>(json.get<double>("scale")));
  if (policy.normalisation.scale[0] <= 0) json.fail("scale", "must be positive");
  json.refuse_unknown();
  return policy;
}

std::vector<int> read_layers(const JsonReader& json) {
  auto layers = json.get<std::vector<int>>("layers");
  const bool ascending = std::adjacent_find(layers.begin(), layers.end(), std::greater_equal<>()) == layers.end();
  if (layers.empty() || layers.front() < 0 || !ascending) json.fail("layers", "must be one or more layers in ascending order");
  return layers;
}

void read_prompt(const JsonReader& json, FusionConfig& config) {
  config.prompt_prefix = json.get<std::string>("prefix");
  config.prompt_suffix = json.get<std::string>("suffix");
  if (config.prompt_suffix.empty()) json.fail("suffix", "must not be empty: its tokens are what sees the photo");
  json.refuse_unknown();
}

void read_readout(const JsonReader& json, FusionConfig& config) {
  if (const auto kind = json.get<std::string>("kind"); kind != "rating_words") {
    json.fail("kind", fmt::format("is \"{}\"; this version reads rating_words only", kind));
  }
  const auto words = json.get<std::vector<std::string>>("words");
  if (words.size() != config.rating_words.size()) json.fail("words", "must be five words, worst first");
  std::copy(words.begin(), words.end(), config.rating_words.begin());
  json.refuse_unknown();
}

// The whole-cell grid of more than half of max_cells whose shape is nearest to the photo's.
std::pair<int, int> nearest_grid(double aspect, int max_cells) {
  std::pair<int, int> best{1, 1};
  double best_error = HUGE_VAL;
  for (int rows = 1; rows <= max_cells; ++rows) {
    for (int columns = max_cells / 2 / rows + 1; columns * rows <= max_cells; ++columns) {
      const double error = std::abs(std::log(static_cast<double>(columns) / rows / aspect));
      const bool more_cells = columns * rows > best.first * best.second;
      if (error < best_error - 1e-12 || (error < best_error + 1e-12 && more_cells)) {
        best = {columns, rows};
        best_error = error;
      }
    }
  }
  return best;
}

bool fits(const Image& photo, const PhotoPolicy& policy) {
  if (policy.kind == PhotoPolicy::Kind::kFixed) return photo.width == policy.width && photo.height == policy.height;
  constexpr int kCell = PhotoPolicy::kCellPixels;
  const std::int64_t cells = std::int64_t{photo.width / kCell} * (photo.height / kCell);
  return photo.width % kCell == 0 && photo.height % kCell == 0 && cells <= policy.max_cells && cells > policy.max_cells / 2;
}

}  // namespace

Image fit_photo(const Image& photo, const PhotoPolicy& policy) {
  if (photo.width < 1 || photo.height < 1) throw Error(ErrorCode::kInvalidArgument, "an empty image cannot be scored");
  if (fits(photo, policy)) return photo;
  if (policy.kind == PhotoPolicy::Kind::kFixed) return resize(photo, policy.width, policy.height, policy.filter);
  const auto [columns, rows] = nearest_grid(static_cast<double>(photo.width) / photo.height, policy.max_cells);
  return resize(photo, columns * PhotoPolicy::kCellPixels, rows * PhotoPolicy::kCellPixels, policy.filter);
}

FusionConfig parse_fusion_config(std::string_view json, std::string_view origin) {
  const Json value = parse_json(json, origin);
  const JsonReader reader(value, std::string(origin));
  if (reader.get<std::string>("format") != "paa-fusion") reader.fail("format", "must be paa-fusion");
  if (const int version = reader.get<int>("version"); version != 1) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("{}: is of version {} of the fusion format; this library reads version 1", origin, version));
  }
  FusionConfig config;
  config.name = reader.get<std::string>("name");
  config.llm = read_belongs(reader.object("llm"));
  config.vision = read_belongs(reader.object("vision"));
  config.layers = read_layers(reader);
  config.width = reader.get<int>("width");
  config.heads = reader.get<int>("heads");
  config.gate = read_gate(reader.object("gate"));
  if (reader.has("taste")) config.taste = read_taste_fusion(reader.object("taste"));
  config.update = reader.get<std::string>("update");
  if (config.update != "relative" && config.update != "absolute") reader.fail("update", "must be relative or absolute");
  read_prompt(reader.object("prompt"), config);
  config.wording = profile_wording_from_json(reader.get<Json>("profile_wording"), fmt::format("{}: profile_wording", origin));
  read_readout(reader.object("readout"), config);
  const auto scale = reader.get<std::vector<double>>("scale");
  if (scale.size() != 2 || !(scale[0] < scale[1])) reader.fail("scale", "must be [lowest, highest]");
  config.scale_low = scale[0];
  config.scale_high = scale[1];
  config.photo = read_photo_policy(reader.object("photo"));
  config.data_note = reader.get_or<std::string>("data_note", "");
  config.licence = reader.get_or<std::string>("licence", "");
  reader.refuse_unknown();
  return config;
}

}  // namespace paa
