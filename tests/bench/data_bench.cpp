// Reads a million ratings: makes files like FLICKR-AES's in a folder of their own, reads them in a fresh process, and
// prints one JSON line with the seconds (median and worst of five), the processor time of one reading and the peak
// memory of that process.
//
//     data_bench [ROWS]

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

#include "paa/core/file.h"
#include "paa/core/random.h"
#include "paa/data/read_ratings.h"

namespace {

constexpr std::uint32_t kPhotos = 41'000, kWorkers = 210;

std::string photo_name(std::uint64_t photo) { return "farm3_2405_" + std::to_string(2'000'000'000 + photo) + "_b.jpg"; }

void write_set(const std::filesystem::path& root, std::uint64_t rows) {
  std::string photos, ratings = "worker, imagePair, score\r\n";
  for (std::uint64_t i = 0; i < kPhotos; ++i) photos += " " + photo_name(i) + " 0.5\n";
  paa::Random random(1);
  const std::uint64_t pairs = std::uint64_t{kPhotos} * kWorkers;
  for (std::uint64_t i = 0; i < rows; ++i) {
    const std::uint64_t pair = i * 4'999'999 % pairs;  // coprime: each pair once, workers and photos mixed
    ratings += "A" + std::to_string(1'000'000'000 + pair % kWorkers) + ", " + photo_name(pair / kWorkers) + ", " +
               std::to_string(1 + random.below(5)) + "\r\n";
  }
  paa::write_file(root / "FLICKR-AES_image_score.txt", photos);
  paa::write_file(root / "FLICKR-AES_image_labeled_by_each_worker.csv", ratings);
}

double read_once(const std::filesystem::path& root, std::uint64_t rows) {
  const auto start = std::chrono::steady_clock::now();
  const paa::RatingTable table = paa::read_ratings(root, "flickr-aes");
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (table.ratings.size() != rows || table.photos.size() != kPhotos) {
    std::fprintf(stderr, "data_bench: %zu ratings were read\n", table.ratings.size());
    std::exit(1);
  }
  return seconds.count();
}

// In this process, which has not written the files and so has no memory but what reading takes.
int measure(const std::filesystem::path& root, std::uint64_t rows) {
  constexpr int kRepeats = 5;
  double seconds[kRepeats];
  seconds[0] = read_once(root, rows);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const std::clock_t start = std::clock();
  for (int i = 1; i < kRepeats; ++i) seconds[i] = read_once(root, rows);
  const double cpu_seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / (kRepeats - 1);
  std::sort(seconds, seconds + kRepeats);
  std::printf(
      "{\"who\": \"paa\", \"what\": \"read_ratings\", \"rows\": %llu, \"seconds\": %.3f, \"worst\": %.3f, "
      "\"cpu_seconds\": %.3f, \"peak_mib\": %.0f}\n",
      static_cast<unsigned long long>(rows), seconds[kRepeats / 2], seconds[kRepeats - 1], cpu_seconds,
      static_cast<double>(usage.ru_maxrss) / 1024);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path program = std::filesystem::canonical("/proc/self/exe");
  const std::uint64_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  if (rows == 0 || rows > std::uint64_t{kPhotos} * kWorkers) {
    std::fprintf(stderr, "data_bench: ROWS must be 1 to %u\n", kPhotos * kWorkers);
    return 2;
  }
  if (argc > 2) return measure(argv[2], rows);
  std::string folder = (std::filesystem::temp_directory_path() / "paa-data-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  write_set(folder, rows);
  int status = 1;
  if (const pid_t child = ::fork(); child == 0) {
    ::execl(program.c_str(), program.c_str(), std::to_string(rows).c_str(), folder.c_str(), nullptr);
    ::_exit(1);
  } else if (child > 0) {
    ::waitpid(child, &status, 0);
  }
  std::filesystem::remove_all(folder);
  return status == 0 ? 0 : 1;
}
