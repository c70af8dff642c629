// What a call through C costs beside the same work in C++: one prediction, and many at once. One JSON object a line.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include "paa.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/error.h"
#include "paa/core/json.h"
#include "paa/dlllm/concept_rater.h"
#include "paa/dlllm/personal_scorer.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int photos = 16, rounds = 9, calls = 2000, batch = 10000;
};

// Photos that differ, so that what is learned of them does.
std::vector<paa::Image> drawn(int count) {
  std::vector<paa::Image> photos;
  for (int k = 0; k < count; ++k) {
    paa::Image image{240, 160, {}};
    image.rgb.resize(std::size_t{3} * 240 * 160);
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
      image.rgb[i] = static_cast<std::uint8_t>((i * static_cast<std::size_t>(k + 1) / 97 + i % 3 * 60) % 256);
    }
    photos.push_back(std::move(image));
  }
  return photos;
}

void must(paa_status status) {
  if (status != PAA_OK) throw paa::Error(paa::ErrorCode::kInternal, paa_last_error());
}

// The same person, photos and verdicts through both doors.
struct Doors {
  explicit Doors(const Options& options)
      : model(paa::Pmllm::load(paa::find_model(), {.threads = 1})),
        population(paa::population_of_model(paa::find_model())),
        rater(population.rater, model, nullptr, {}),
        scorer(model, population, {}, {.rater = &rater.get(), .cache = {}}) {
    paa_load_options load;
    must(paa_load_options_init(&load, sizeof load));
    load.threads = 1;
    must(paa_model_load(&c_model, nullptr, 0, &load));
    must(paa_person_open(&c_person, nullptr, 0));
    must(paa_predictor_new(&c_predictor, c_model, c_person, nullptr));
    look(drawn(options.photos));
    must(paa_predictor_learn(nullptr, c_predictor, c_person, c_seen.data(), c_seen.size(), nullptr));
    paa_text* json = nullptr;
    const char* text = nullptr;
    std::size_t size = 0;
    must(paa_person_to_json(&json, c_person));
    must(paa_text_get(&text, &size, json));
    scorer.learn(paa::person_from_json(paa::parse_json({text, size}, "person"), "person"));
    paa_text_free(json);
  }

  void look(const std::vector<paa::Image>& images) {
    std::vector<std::string> hashes;
    for (const auto& image : images) {
      paa_photo* photo = nullptr;
      paa_seen* seen = nullptr;
      const char* hash = nullptr;
      must(paa_photo_from_rgb(&photo, image.rgb.data(), image.rgb.size(), image.width, image.height, 3u * image.width));
      must(paa_photo_hash(&hash, nullptr, photo));
      must(paa_predictor_see(&seen, c_predictor, &photo, 1, nullptr));
      must(paa_person_rate(c_person, photo, 1 + static_cast<double>(c_seen.size() % 7)));
      c_seen.push_back(seen);
      const paa::OpenPhoto open{hash, &image, {}};
      rows.push_back(scorer.features().compute({&open, 1}).front().row);
      paa_photo_free(photo);
    }
  }

  paa::Pmllm model;
  paa::Population population;
  paa::ConceptRater rater;
  paa::PersonalScorer scorer;
  std::vector<std::vector<float>> rows;
  paa_model* c_model = nullptr;
  paa_person* c_person = nullptr;
  paa_predictor* c_predictor = nullptr;
  std::vector<const paa_seen*> c_seen;
};

// Microseconds a call: the least of the rounds, which other programs disturbed least.
template <class Work>
double least_us(int rounds, int calls, Work&& work) {
  double least = 1e18;
  for (int round = 0; round < rounds; ++round) {
    const auto start = Clock::now();
    for (int i = 0; i < calls; ++i) work(i);
    least = std::min(least, std::chrono::duration<double, std::micro>(Clock::now() - start).count() / calls);
  }
  return least;
}

void tell(const char* work, const char* language, double us) {
  std::cout << paa::to_text({{"work", work}, {"language", language}, {"us", us}}) << std::endl;
}

void measure(Doors& doors, const Options& options, const char* work, std::size_t count, int calls) {
  std::vector<double> means(count), spreads(count);
  std::vector<const paa_seen*> seen;
  for (std::size_t i = 0; i < count; ++i) seen.push_back(doors.c_seen[i % doors.c_seen.size()]);
  const auto in_cpp = [&](int) {
    paa::FeatureRows rows{doors.rows.front().size(), {}};
    rows.values.reserve(rows.columns * count);
    for (std::size_t i = 0; i < count; ++i) rows.append(paa::personal_row(doors.rows[i % doors.rows.size()], {}));
    const auto predictions = doors.scorer.model().predict(rows);
    for (std::size_t i = 0; i < count; ++i) {
      means[i] = predictions[i].score.mean;
      spreads[i] = predictions[i].score.spread;
    }
  };
  const auto in_c = [&](int) {
    must(paa_predictor_predict(means.data(), spreads.data(), nullptr, nullptr, doors.c_predictor, seen.data(), count));
  };
  in_cpp(0);
  const auto expected = means;
  in_c(0);
  if (means != expected) throw paa::Error(paa::ErrorCode::kInternal, "C and C++ predict different ratings");
  tell(work, "c++", least_us(options.rounds, calls, in_cpp));
  tell(work, "c", least_us(options.rounds, calls, in_c));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("What a call through C costs beside the same work in C++");
  Options options;
  app.add_option("--rounds", options.rounds, "Of each measurement, of which the fastest counts")->check(CLI::PositiveNumber);
  app.add_option("--calls", options.calls, "Single predictions a round")->check(CLI::PositiveNumber);
  app.add_option("--batch", options.batch, "Predictions in one call")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  try {
    Doors doors(options);
    measure(doors, options, "one prediction", 1, options.calls);
    measure(doors, options, "a batch", static_cast<std::size_t>(options.batch), 1);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
