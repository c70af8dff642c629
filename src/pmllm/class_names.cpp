#include "class_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "frozen_parts.h"
#include "paa/core/file.h"

namespace paa {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 20;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::vector<std::string> read_class_names(const ModelPart& part) {
  check_part(part, UINT64_MAX, nullptr);
  auto lines = lines_of(read_text_file(part.path, kMaxBytes));
  if (std::ssize(lines) == nn::EfficientNetLite::kClasses) return lines;
  throw Error(ErrorCode::kBadFormat, fmt::format("{}: has {} lines, but the vision encoder knows {} classes; it must have "
                                                 "one line a class",
                                                 part.path.string(), lines.size(), nn::EfficientNetLite::kClasses));
}

}  // namespace paa
