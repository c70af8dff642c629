#pragma once
// Figures as JSON, which has neither NaN nor infinity.

#include <cmath>

#include "paa/core/json.h"
#include "paa/eval/bootstrap.h"

namespace paa::eval {

/// null for what is not finite.
inline Json json_number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

/// `counted`: what Interval::people is a number of.
inline Json json_interval(const Interval& one, const char* counted = "people") {
  return {{"mean", json_number(one.mean)}, {"low", json_number(one.low)}, {"high", json_number(one.high)}, {counted, one.people}};
}

}  // namespace paa::eval
