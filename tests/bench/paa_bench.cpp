// paa's own figures, one JSON object a line, in the keys of README.md.

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <set>
#include <string>
#include <vector>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/checkpoint/vision_checkpoint.h"
#include "paa/core/json.h"
#include "paa/core/ordered_prefetch.h"
#include "paa/image/decode.h"
#include "paa/pmllm/pmllm.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string model, photos, dtype = "f32";
  int limit = 48, threads = 1, repeats = 5;
  std::vector<std::size_t> batches = {1, 8, 32};
  std::vector<std::string> what = {"end_to_end", "vision", "language", "decode_resize", "load", "prepare", "first_score", "rss"};
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)), library_mib_(peak_mib()), paths_(find_photos()) {
    settings_.threads = options_.threads;
    settings_.precision = options_.dtype == "bf16" ? paa::Precision::kBF16 : paa::Precision::kF32;
  }

  void run() {
    const auto start = Clock::now();
    const paa::Pmllm model = paa::Pmllm::load(options_.model, settings_);
    if (wants("load")) line("load", {{"seconds", seconds_since(start)}});
    const auto prepare_start = Clock::now();
    const paa::PreparedProfile person = model.prepare(profile());
    if (wants("prepare")) line("prepare", {{"seconds", seconds_since(prepare_start)}});
    const paa::Image first = paa::read_image(paths_.front());
    model.score(person, model.encode({&first, 1}));
    if (wants("first_score")) line("first_score", {{"seconds", seconds_since(start)}});
    rates(model, person);
    if (wants("rss")) line("rss", {{"mib", peak_mib()}, {"library_mib", library_mib_}, {"weights_mib", weights_mib()}});
  }

 private:
  static paa::Profile profile() {
    paa::Profile profile;
    profile.age = 37;
    profile.gender = "female";
    profile.education = "some college";
    return profile;
  }

  std::vector<fs::path> find_photos() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(options_.photos)) {
      static const std::set<std::string> kKnown = {".jpg", ".jpeg", ".png"};
      if (entry.is_regular_file() && kKnown.contains(entry.path().extension().string())) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    paths.resize(std::min<std::size_t>(paths.size(), static_cast<std::size_t>(options_.limit)));
    if (paths.empty()) throw paa::Error(paa::ErrorCode::kNotFound, options_.photos + ": holds no photo");
    return paths;
  }

  bool wants(const char* what) const {
    return std::find(options_.what.begin(), options_.what.end(), what) != options_.what.end();
  }

  void line(const char* what, paa::Json json) const {
    json["who"] = "paa";
    json["what"] = what;
    json["threads"] = options_.threads;
    json["dtype"] = options_.dtype;
    std::cout << paa::to_text(json) << std::endl;
  }

  void rate(const char* what, const std::function<void(std::size_t batch)>& pass) const {
    if (!wants(what)) return;
    for (const std::size_t batch : options_.batches) {
      pass(batch);
      const double cpu = cpu_seconds();
      std::vector<double> passes;
      for (int i = 0; i < options_.repeats; ++i) {
        const auto start = Clock::now();
        pass(batch);
        passes.push_back(static_cast<double>(paths_.size()) / seconds_since(start));
      }
      const double used = (cpu_seconds() - cpu) / options_.repeats / static_cast<double>(paths_.size());
      line(what, {{"batch", batch}, {"photos_per_s", median(passes)}, {"passes", passes}, {"photos", paths_.size()},
                  {"cpu_ms_per_photo", used * 1e3}});
    }
  }

  template <class T>
  static void in_batches(const std::vector<T>& all, std::size_t batch, const std::function<void(std::span<const T>)>& use) {
    for (std::size_t i = 0; i < all.size(); i += batch) use(std::span(all).subspan(i, std::min(batch, all.size() - i)));
  }

  // Photos decoded and fitted ahead of `use`, as the command line does it.
  void decoded(const paa::Pmllm& model, std::size_t batch, const std::function<void(std::span<const paa::Image>)>& use) const {
    paa::OrderedPrefetch<paa::Image> prefetch(
        paths_.size(), [&](std::size_t i) { return model.fit(paa::read_image(paths_[i])); }, 2 * batch + 2,
        static_cast<std::size_t>(options_.threads));
    std::vector<paa::Image> chunk;
    while (auto photo = prefetch.next()) {
      chunk.push_back(std::move(*photo));
      if (chunk.size() < batch) continue;
      use(chunk);
      chunk.clear();
    }
    if (!chunk.empty()) use(chunk);
  }

  void rates(const paa::Pmllm& model, const paa::PreparedProfile& person) const {
    rate("end_to_end", [&](std::size_t batch) {
      decoded(model, batch, [&](std::span<const paa::Image> photos) { model.score(person, model.encode(photos)); });
    });
    rate("decode_resize", [&](std::size_t batch) { decoded(model, batch, [](std::span<const paa::Image>) {}); });
    if (!wants("vision") && !wants("language")) return;
    std::vector<paa::Image> photos;
    for (const fs::path& path : paths_) photos.push_back(model.fit(paa::read_image(path)));
    rate("vision", [&](std::size_t batch) {
      in_batches<paa::Image>(photos, batch, [&](std::span<const paa::Image> some) { model.encode(some); });
    });
    const std::vector<paa::VisionTokens> tokens = model.encode(photos);
    rate("language", [&](std::size_t batch) {
      in_batches<paa::VisionTokens>(tokens, batch, [&](std::span<const paa::VisionTokens> some) { model.score(person, some); });
    });
  }

  // The tensors as held: the LLM's matrices in the run's type, everything else in fp32.
  double weights_mib() const {
    const paa::ModelFolder folder = paa::read_model_folder(options_.model);
    const auto bytes = [](const paa::WeightSource& weights, double matrix_bytes) {
      double sum = 0;
      for (const auto& tensor : weights.tensors()) {
        sum += static_cast<double>(tensor.elements()) * (tensor.shape.size() == 2 ? matrix_bytes : 4);
      }
      return sum;
    };
    const auto llm = paa::LlmCheckpoint::open(folder.part("llm").path);
    const auto vision = paa::VisionCheckpoint::open(folder.part("vision").path);
    const double fusion = static_cast<double>(folder.part("fusion").bytes);
    return (bytes(llm.weights(), options_.dtype == "bf16" ? 2 : 4) + bytes(vision.weights(), 4) + fusion) / (1 << 20);
  }

  Options options_;
  double library_mib_;
  std::vector<fs::path> paths_;
  paa::PmllmOptions settings_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("paa's figures, one JSON object a line");
  app.add_option("--model", options.model, "model folder")->required();
  app.add_option("--photos", options.photos, "folder of photos")->required();
  app.add_option("--limit", options.limit, "use the first N photos")->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads)->check(CLI::PositiveNumber);
  app.add_option("--dtype", options.dtype)->check(CLI::IsMember({"f32", "bf16"}));
  app.add_option("--batch", options.batches)->delimiter(',')->check(CLI::PositiveNumber);
  app.add_option("--repeats", options.repeats)->check(CLI::PositiveNumber);
  app.add_option("--what", options.what)->delimiter(',');
  CLI11_PARSE(app, argc, argv);
#ifdef __GLIBC__
  // As the command line does it (examples/paa/main.cpp).
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
  try {
    Bench(options).run();
  } catch (const std::exception& e) {
    std::cerr << "paa_bench: " << e.what() << "\n";
    return 1;
  }
}
