#include "metrics_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "paa/core/error.h"
#include "paa/core/json.h"

namespace paa {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw Error(ErrorCode::kIo, fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
}

}  // namespace

MetricsFile::MetricsFile(const std::filesystem::path& path, std::uint64_t keep)
    : path_(path), file_(std::fopen(path.c_str(), "ab"), &std::fclose), bytes_(keep) {
  if (!file_) fail(path_);
  if (std::filesystem::file_size(path) > keep) std::filesystem::resize_file(path, keep);
}

void MetricsFile::write(const TrainingStep& step) {
  Json line = {
      {"step", step.step}, {"gradient_norm", step.gradient_norm}, {"rate", step.rate}, {"seconds", step.seconds}};
  if (step.matching) {
    line["matching"] = *step.matching;
  } else {
    line.update(
        {{"loss", step.loss}, {"cross_entropy", step.cross_entropy}, {"plcc", step.plcc}, {"pairwise", step.pairwise}});
  }
  if (step.validation) line["validation_srocc"] = *step.validation;
  const std::string text = to_text(line) + "\n";
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) fail(path_);
  bytes_ += text.size();
}

std::uint64_t MetricsFile::flush() {
  if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) fail(path_);
  return bytes_;
}

}  // namespace paa
