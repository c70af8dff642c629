#pragma once
// metrics.jsonl: one line a step.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "paa/train/train_fusion.h"

namespace paa {

/// Appends lines; nothing is lost of what was written before the position a training is taken up at. Not thread-safe.
class MetricsFile {
 public:
  /// Cuts the file to `keep` bytes (what lies behind will come again). Error: kIo.
  MetricsFile(const std::filesystem::path& path, std::uint64_t keep);

  /// Error: kIo.
  void write(const TrainingStep& step);
  /// Brings everything to the disk and gives the length. Error: kIo.
  std::uint64_t flush();

 private:
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::uint64_t bytes_;
};

}  // namespace paa
