#pragma once
// src/eval/simulated_answers.json, as the build put it into the library.

#include <string_view>

namespace paa::eval {

extern const std::string_view kSimulatedAnswers;

}  // namespace paa::eval
