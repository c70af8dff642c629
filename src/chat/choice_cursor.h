#pragma once
// How far a text has come towards one of several.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace paa {

/// Sorted, each once, and not more than 32 bits can count.
using SortedChoices = std::vector<std::string>;

/// A value: the choices themselves are handed to each call, so that copies stay small.
class ChoiceCursor {
 public:
  explicit ChoiceCursor(const SortedChoices& choices) : end_(static_cast<std::uint32_t>(choices.size())) {}
  bool operator==(const ChoiceCursor&) const = default;

  /// Whether a choice goes on with the byte; if not, the cursor is as it was.
  bool take(const SortedChoices& choices, char byte) {
    const auto begin = choices.begin() + begin_;
    const auto end = choices.begin() + end_;
    const auto wanted = static_cast<unsigned char>(byte);
    // A choice that ends here stands before all that go on.
    const auto next = [this](const std::string& choice) {
      return taken_ == choice.size() ? -1 : int{static_cast<unsigned char>(choice[taken_])};
    };
    const auto first = std::partition_point(begin, end, [&](const auto& choice) { return next(choice) < wanted; });
    const auto last = std::partition_point(first, end, [&](const auto& choice) { return next(choice) == wanted; });
    if (first == last) return false;
    begin_ = static_cast<std::uint32_t>(first - choices.begin());
    end_ = static_cast<std::uint32_t>(last - choices.begin());
    ++taken_;
    return true;
  }

  bool complete(const SortedChoices& choices) const { return choices[begin_].size() == taken_; }

 private:
  // The choices that begin with the bytes taken.
  std::uint32_t begin_ = 0;
  std::uint32_t end_;
  std::uint32_t taken_ = 0;
};

inline SortedChoices sorted_choices(std::vector<std::string> choices) {
  std::sort(choices.begin(), choices.end());
  choices.erase(std::unique(choices.begin(), choices.end()), choices.end());
  return choices;
}

}  // namespace paa
