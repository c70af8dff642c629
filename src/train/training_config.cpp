#include "paa/train/training_config.h"

#include <fmt/format.h>

#include <cmath>

#include "paa/core/error.h"

namespace paa {
namespace {

double number(const JsonReader& reader, const char* key, double fallback, double low, double high) {
  const double value = reader.get_or(key, fallback);
  if (!(value >= low && value <= high)) reader.fail(key, fmt::format("is {}; it must be {} to {}", value, low, high));
  return value;
}

int whole(const JsonReader& reader, const char* key, int fallback, int low, int high) {
  const int value = reader.get_or(key, fallback);
  if (value < low || value > high) reader.fail(key, fmt::format("is {}; it must be {} to {}", value, low, high));
  return value;
}

Precision read_precision(const JsonReader& reader) {
  const auto name = reader.get_or<std::string>("precision", "auto");
  if (name == "auto") return Precision::kAuto;
  if (name == "fp32") return Precision::kF32;
  if (name != "bf16") reader.fail("precision", "must be auto, fp32 or bf16");
  return Precision::kBF16;
}

const char* precision_name(Precision precision) {
  return precision == Precision::kAuto ? "auto" : precision == Precision::kF32 ? "fp32" : "bf16";
}

SampleShares read_samples(const JsonReader& reader) {
  SampleShares shares;
  shares.generic = number(reader, "generic", 0, 0, 1e6);
  shares.demographics = number(reader, "demographics", 0, 0, 1e6);
  shares.stated_real = number(reader, "stated_real", 0, 0, 1e6);
  shares.stated_simulated = number(reader, "stated_simulated", 0, 0, 1e6);
  reader.refuse_unknown();
  if (shares.generic + shares.demographics + shares.stated_real + shares.stated_simulated <= 0) {
    reader.fail("generic", "and the other shares are all 0: there is nothing to train on");
  }
  return shares;
}

LossWeights read_loss(const JsonReader& reader) {
  LossWeights loss;
  loss.cross_entropy = number(reader, "cross_entropy", loss.cross_entropy, 0, 1e3);
  loss.plcc = number(reader, "plcc", loss.plcc, 0, 1e3);
  loss.pairwise = number(reader, "pairwise", loss.pairwise, 0, 1e3);
  reader.refuse_unknown();
  if (loss.cross_entropy + loss.plcc + loss.pairwise <= 0)
    reader.fail("cross_entropy", "and the other weights are all 0");
  return loss;
}

LearningRates read_rates(const JsonReader& reader) {
  LearningRates rates;
  rates.main = number(reader, "main", rates.main, 0, 10);
  rates.gate = number(reader, "gate", rates.gate, 0, 10);
  rates.gate_profile = number(reader, "gate_profile", rates.gate_profile, 0, 10);
  rates.scalars = number(reader, "scalars", rates.scalars, 0, 10);
  rates.taste = number(reader, "taste", rates.taste, 0, 10);
  reader.refuse_unknown();
  return rates;
}

TasteMatching read_taste_matching(const JsonReader& reader) {
  TasteMatching matching;
  matching.steps = whole(reader, "steps", matching.steps, 0, 1'000'000);
  matching.texts = whole(reader, "texts", matching.texts, 1, 1'000'000);
  matching.batch = whole(reader, "batch", matching.batch, 1, 65536);
  reader.refuse_unknown();
  return matching;
}

void check_format(const JsonReader& reader) {
  if (reader.get<std::string>("format") != "paa-training") reader.fail("format", "must be paa-training");
  if (const int version = reader.get<int>("version"); version != 1) {
    reader.fail("version", fmt::format("is {}; this library reads version 1", version));
  }
}

void read_schedule(const JsonReader& reader, TrainingConfig& config) {
  constexpr int kMany = 1'000'000'000;
  config.epochs = whole(reader, "epochs", config.epochs, 1, 100'000);
  config.batch = whole(reader, "batch", config.batch, 1, 65536);
  config.weight_decay = number(reader, "weight_decay", config.weight_decay, 0, 10);
  config.warmup_steps = whole(reader, "warmup_steps", config.warmup_steps, 0, kMany);
  config.clip = number(reader, "clip", config.clip, 1e-6, 1e6);
  config.ema = number(reader, "ema", config.ema, 0, 0.999999);
  config.checkpoint_every = whole(reader, "checkpoint_every", config.checkpoint_every, 1, kMany);
  config.validate_every = whole(reader, "validate_every", config.validate_every, 1, kMany);
  const auto select = reader.get_or<std::string>("select", "last");
  if (select != "last" && select != "best") reader.fail("select", "must be last or best");
  config.select_best = select == "best";
}

}  // namespace

TrainingConfig training_config_from_json(const Json& json, std::string_view origin) {
  const JsonReader reader(json, std::string(origin));
  check_format(reader);
  TrainingConfig config;
  config.name = reader.get_or("name", config.name);
  config.fusion = reader.get_or("fusion", config.fusion);
  if (!config.fusion.is_object()) reader.fail("fusion", "must be an object");
  config.seed = reader.get_or("seed", config.seed);
  config.precision = read_precision(reader);
  config.views = whole(reader, "views", config.views, 1, 1000);
  config.token_dropout = number(reader, "token_dropout", config.token_dropout, 0, 0.99);
  config.channel_dropout = number(reader, "channel_dropout", config.channel_dropout, 0, 0.99);
  if (reader.has("samples")) config.samples = read_samples(reader.object("samples"));
  config.simulated_texts = whole(reader, "simulated_texts", config.simulated_texts, 1, 1'000'000);
  config.wordings_per_person = whole(reader, "wordings_per_person", config.wordings_per_person, 1, 1000);
  config.simulated_shift = number(reader, "simulated_shift", config.simulated_shift, 0, 1e6);
  if (reader.has("loss")) config.loss = read_loss(reader.object("loss"));
  if (reader.has("taste_matching")) config.taste_matching = read_taste_matching(reader.object("taste_matching"));
  if (reader.has("learning_rate")) config.learning_rate = read_rates(reader.object("learning_rate"));
  read_schedule(reader, config);
  reader.refuse_unknown();
  return config;
}

TrainingConfig read_training_config(const std::filesystem::path& path) {
  return training_config_from_json(read_json(path), path.string());
}

Json training_config_to_json(const TrainingConfig& c) {
  return {{"format", "paa-training"},
          {"version", 1},
          {"name", c.name},
          {"fusion", c.fusion},
          {"seed", c.seed},
          {"epochs", c.epochs},
          {"batch", c.batch},
          {"precision", precision_name(c.precision)},
          {"views", c.views},
          {"token_dropout", c.token_dropout},
          {"channel_dropout", c.channel_dropout},
          {"samples",
           {{"generic", c.samples.generic},
            {"demographics", c.samples.demographics},
            {"stated_real", c.samples.stated_real},
            {"stated_simulated", c.samples.stated_simulated}}},
          {"simulated_texts", c.simulated_texts},
          {"wordings_per_person", c.wordings_per_person},
          {"simulated_shift", c.simulated_shift},
          {"loss", {{"cross_entropy", c.loss.cross_entropy}, {"plcc", c.loss.plcc}, {"pairwise", c.loss.pairwise}}},
          {"taste_matching",
           {{"steps", c.taste_matching.steps}, {"texts", c.taste_matching.texts}, {"batch", c.taste_matching.batch}}},
          {"learning_rate",
           {{"main", c.learning_rate.main},
            {"gate", c.learning_rate.gate},
            {"gate_profile", c.learning_rate.gate_profile},
            {"scalars", c.learning_rate.scalars},
            {"taste", c.learning_rate.taste}}},
          {"weight_decay", c.weight_decay},
          {"warmup_steps", c.warmup_steps},
          {"clip", c.clip},
          {"ema", c.ema},
          {"checkpoint_every", c.checkpoint_every},
          {"validate_every", c.validate_every},
          {"select", c.select_best ? "best" : "last"}};
}

Json default_fusion() {
  return {
      {"format", "paa-fusion"},
      {"version", 1},
      {"layers", {22, 26}},
      {"width", 64},
      {"heads", 4},
      {"gate", {{"inputs", {"hidden", "visual", "profile"}}, {"granularity", "head"}}},
      {"update", "relative"},
      {"prompt",
       {{"prefix", "<|im_start|>user\nThe person who rates: "},
        {"suffix", "\nIn one word, the beauty of this photo is"}}},
      {"profile_wording", {{"generic", "anyone."}}},
      {"readout", {{"kind", "rating_words"}, {"words", {" bad", " poor", " fair", " good", " excellent"}}}},
      {"photo",
       {{"policy", "fixed"}, {"width", 256}, {"height", 224}, {"filter", "bicubic"}, {"mean", 127}, {"scale", 128}}}};
}

}  // namespace paa
