// Times FeatureFusion: fitting one person, one more rating, predicting many photos. Run by compare_fusion.py, which makes the numbers.
//
//     fusion_bench FOLDER ROUNDS    reads train.f32 (n x columns), stars.f64 (n), photos.f32 (m x columns) and shape.txt (n m columns)

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "paa/dlllm/feature_fusion.h"

namespace {

template <class T>
std::vector<T> read(const std::string& path, std::size_t count) {
  std::vector<T> values(count);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(T)));
  if (!file) {
    std::fprintf(stderr, "fusion_bench: %s is not there or too short\n", path.c_str());
    std::exit(1);
  }
  return values;
}

// Milliseconds, the median of the rounds.
double time_of(int rounds, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: fusion_bench FOLDER ROUNDS\n", stderr), 2;
  const std::string folder = argv[1];
  const int rounds = std::atoi(argv[2]);
  std::size_t n = 0, m = 0, columns = 0;
  std::ifstream(folder + "/shape.txt") >> n >> m >> columns;
  const paa::FeatureRows known{columns, read<float>(folder + "/train.f32", n * columns)};
  const paa::FeatureRows photos{columns, read<float>(folder + "/photos.f32", m * columns)};
  const auto stars = read<double>(folder + "/stars.f64", n);

  paa::Population population;
  population.slope = 0.5;
  population.groups = {{"features", 1, std::vector<double>(columns - 1, 0), std::vector<double>(columns - 1, 1)}};
  std::vector<paa::Observation> observations;
  for (std::size_t i = 0; i < n; ++i) observations.push_back({paa::VerdictKind::kStars, i, i, stars[i]});

  paa::FeatureFusion fusion(population);
  const double fit = time_of(rounds, [&] { fusion.fit(known, observations); });
  const double add = time_of(1, [&] { fusion.add(known, observations.front()); });
  fusion.fit(known, observations);
  double sum = 0;
  const double predict = time_of(rounds, [&] { sum += fusion.means(photos).front(); });
  std::printf("{\"fit\": %.6f, \"add\": %.6f, \"predict\": %.6f, \"check\": %.6f}\n", fit, add, predict, sum);
}
