// A rater of one's own from the library's modules: a frozen LLM, a frozen vision encoder, two selective fusion modules
// between them, and a plain linear layer in place of the read-out. Fusion and layer learn by an ordinary libtorch loop.

#include <fmt/format.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adamw.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/llm_tokenizer.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/checkpoint/vision_checkpoint.h"
#include "paa/core/sha256.h"
#include "paa/data/csv_reader.h"
#include "paa/image/batch.h"
#include "paa/image/decode.h"
#include "paa/image/resample.h"
#include "paa/nn/decoder.h"
#include "paa/nn/efficientnet_lite.h"
#include "paa/nn/selective_fusion.h"

namespace {

namespace nn = paa::nn;
using Paths = std::vector<std::filesystem::path>;

constexpr const char* kUsage = R"(usage: own_head RATINGS.csv [PHOTO...]

Learns from the photos of RATINGS.csv, which has the columns "photo" (a path, relative to the file's folder) and
"rating" (any scale), and predicts ratings of them and of each PHOTO. The model is $PAA_MODEL, else the default one.
)";
constexpr const char* kPrefix = "This is what a person thinks of a photo.";
constexpr const char* kSuffix = " As a number, the rating is";
constexpr int kSide = 240, kSteps = 60;
constexpr std::int64_t kBatch = 16;

std::vector<float> read_ratings(const char* file, Paths& photos) {
  paa::CsvReader csv(file);
  const std::size_t photo = csv.column("photo"), rating = csv.column("rating");
  std::vector<float> ratings;
  while (csv.next()) {
    photos.push_back(csv.path().parent_path() / csv[photo]);
    ratings.push_back(static_cast<float>(csv.number(rating, -1e4, 1e4)));
  }
  if (ratings.size() < 2) throw std::runtime_error(fmt::format("{}: at least two photos are needed", file));
  return ratings;
}

// (photos, N, channels)
at::Tensor look_at(const Paths& photos, const paa::ModelFolder& folder) {
  const auto file = std::make_shared<paa::VisionCheckpoint>(paa::VisionCheckpoint::open(folder.part("vision").path));
  const nn::EfficientNetLite encoder(file->config(), {file, &file->weights()});
  std::vector<at::Tensor> seen;
  for (const auto& photo : photos) {
    const paa::Image image = paa::resize(paa::read_image(photo), kSide, kSide, paa::Filter::kBicubic);
    std::vector<float> pixels = paa::to_nchw({&image, 1}, {{127, 127, 127}, {128, 128, 128}});
    const at::Tensor input = at::from_blob(pixels.data(), {1, 3, kSide, kSide}, at::kFloat);
    seen.push_back(nn::EfficientNetLite::tokens(encoder.features(input)));
  }
  return at::cat(seen);
}

at::Tensor encode(const paa::Tokenizer& tokenizer, const char* text) {
  const std::vector<paa::TokenId> ids = tokenizer.encode(text);
  return at::tensor(std::vector<std::int64_t>(ids.begin(), ids.end()), at::kLong).unsqueeze(0);
}

std::string hash_of(const nn::Decoder& llm) {
  paa::Sha256 hash;
  llm.for_each_weight([&](const at::Tensor& weight) {
    const at::Tensor held = weight.contiguous();
    hash.update({static_cast<const std::byte*>(held.const_data_ptr()), held.nbytes()});
  });
  return hash.hex();
}

class OwnRater : public torch::nn::Module {
 public:
  // Reads the prompt, once: below the first fusion module nothing depends on the photo, and the prefix never does.
  OwnRater(const nn::Decoder& llm, const paa::Tokenizer& tokenizer, double mean_rating)
      : llm_(llm), layers_(llm.config().layers), past_(layers_) {
    const at::NoGradGuard no_grad;
    nn::SelectiveFusionOptions options;
    options.hidden_width = llm_.config().width;
    options.vision_width = nn::EfficientNetLite::kChannels;
    options.gate_reads_profile = false;  // the prompt holds none
    for (const std::int64_t layer : {layers_ * 3 / 4, layers_ * 7 / 8}) {
      fusion_.emplace(layer, register_module(fmt::format("fusion_{}", layer), nn::SelectiveFusion(options)));
    }
    head_ = register_module("head", torch::nn::Linear(options.hidden_width, 1));
    head_->bias.fill_(mean_rating);

    llm_.forward(encode(tokenizer, kPrefix), past_);
    const at::Tensor ids = encode(tokenizer, kSuffix);
    angles_ = llm_.angles(at::arange(past_.length(), past_.length() + ids.size(1), at::kLong).unsqueeze(0));
    mask_ = nn::causal_mask(ids.size(1), past_.length());
    suffix_ = llm_.embed(ids);
    for (std::int64_t layer = 0; layer < fusion_.begin()->first; ++layer) suffix_ = block(layer, suffix_);
  }

  // vision: (B, N, channels); gives B ratings.
  at::Tensor forward(const at::Tensor& vision) {
    at::Tensor hidden = suffix_.expand({vision.size(0), -1, -1});
    for (std::int64_t layer = fusion_.begin()->first; layer < layers_; ++layer) {
      if (const auto found = fusion_.find(layer); found != fusion_.end()) {
        hidden = found->second->forward(hidden, {}, found->second->project(vision));
      }
      hidden = block(layer, hidden);
    }
    return head_->forward(nn::rms_norm(hidden.select(1, -1), 1e-5)).squeeze(1);
  }

 private:
  at::Tensor block(std::int64_t layer, const at::Tensor& hidden) const {
    return llm_.block(layer, hidden, angles_, past_.view(layer), mask_).hidden;
  }

  const nn::Decoder& llm_;
  std::int64_t layers_;
  nn::KvCache past_;  // of the prefix
  nn::Rotary angles_;
  at::Tensor mask_, suffix_;
  std::map<std::int64_t, nn::SelectiveFusion> fusion_;  // by the layer whose input it changes
  torch::nn::Linear head_{nullptr};
};

void train(OwnRater& rater, const at::Tensor& vision, const at::Tensor& ratings) {
  torch::optim::AdamW optimiser(rater.parameters(), torch::optim::AdamWOptions(1e-3));
  for (int step = 1; step <= kSteps; ++step) {
    const at::Tensor some = at::randperm(ratings.size(0), at::kLong).slice(0, 0, kBatch);
    const at::Tensor loss = at::mse_loss(rater.forward(vision.index_select(0, some)), ratings.index_select(0, some));
    optimiser.zero_grad();
    loss.backward();
    optimiser.step();
    fmt::print("step {:2}  loss {:.4f}\n", step, loss.item<double>());
  }
}

void print_predictions(OwnRater& rater, const at::Tensor& vision, const at::Tensor& ratings, const Paths& photos) {
  const at::NoGradGuard no_grad;
  fmt::print("\nrating  predicted  photo\n");
  for (std::int64_t i = 0; i < vision.size(0); ++i) {
    const std::string rating = i < ratings.size(0) ? fmt::format("{:.2f}", ratings[i].item<double>()) : "-";
    const double predicted = rater.forward(vision.narrow(0, i, 1)).item<double>();
    fmt::print("{:>6}  {:>9.2f}  {}\n", rating, predicted, photos[static_cast<std::size_t>(i)].string());
  }
}

void run(const char* file, const Paths& others) {
  Paths photos;
  const at::Tensor ratings = at::tensor(read_ratings(file, photos));
  const std::int64_t rated = ratings.size(0);
  photos.insert(photos.end(), others.begin(), others.end());
  const paa::ModelFolder folder = paa::read_model_folder(paa::find_model());
  at::Tensor vision = look_at(photos, folder);
  const at::Tensor known = vision.narrow(0, 0, rated).flatten(0, 1);
  vision = nn::normalise_vision(vision, known.mean(0), known.std(0).clamp_min(1e-3));

  const auto checkpoint = std::make_shared<paa::LlmCheckpoint>(paa::LlmCheckpoint::open(folder.part("llm").path));
  const nn::Decoder llm(checkpoint->config(), {checkpoint, &checkpoint->weights()}, {.gradients = true});
  const std::string before = hash_of(llm);
  torch::manual_seed(1);
  OwnRater rater(llm, *paa::open_tokenizer(*checkpoint), ratings.mean().item<double>());
  train(rater, vision.narrow(0, 0, rated), ratings);
  if (hash_of(llm) != before) throw std::runtime_error("training has changed the frozen LLM");
  fmt::print("the frozen LLM is as it was: {}\n", before);
  print_predictions(rater, vision, ratings, photos);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') {
    std::fputs(kUsage, stderr);
    return 2;
  }
  try {
    run(argv[1], Paths(argv + 2, argv + argc));
  } catch (const std::exception& error) {
    fmt::print(stderr, "own_head: {}\n", error.what());
    return 1;
  }
}
