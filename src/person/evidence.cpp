#include "paa/person/evidence.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace paa {
namespace {

// Of two verdicts with equal keys only one can hold.
std::tuple<int, std::string, std::string> question_of(const Verdict& verdict) {
  switch (verdict.kind) {
    case VerdictKind::kStars: return {0, verdict.photo, {}};
    case VerdictKind::kPreference:
      return {1, std::min(verdict.photo, verdict.other), std::max(verdict.photo, verdict.other)};
    case VerdictKind::kKeep:
    case VerdictKind::kReject: break;
  }
  return {2, verdict.photo, {}};
}

}  // namespace

const char* to_string(VerdictKind kind) noexcept {
  switch (kind) {
    case VerdictKind::kStars: return "stars";
    case VerdictKind::kPreference: return "preference";
    case VerdictKind::kKeep: return "keep";
    case VerdictKind::kReject: break;
  }
  return "reject";
}

std::vector<Verdict> current_verdicts(std::span<const Verdict> verdicts) {
  std::vector<std::size_t> order(verdicts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return verdicts[a].time < verdicts[b].time; });
  std::set<std::tuple<int, std::string, std::string>> answered;
  std::vector<Verdict> current;
  for (auto i = order.rbegin(); i != order.rend(); ++i) {
    if (answered.insert(question_of(verdicts[*i])).second) current.push_back(verdicts[*i]);
  }
  std::reverse(current.begin(), current.end());
  return current;
}

}  // namespace paa
