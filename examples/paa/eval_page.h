#pragma once
// An evaluation as one HTML page that holds everything it shows.

#include <span>
#include <string>

#include "eval_steering.h"
#include "eval_table.h"

namespace paa::cli {

/// The tables of eval_text; for each model the people as points, SROCC without a profile against SROCC with it; for
/// k-shot the curves over k. UTF-8 HTML without any reference to something outside it and without scripts (its content
/// security policy forbids both). Holds neither date nor machine: the same reports give the same bytes.
std::string eval_page(std::span<const ModelReport> reports);

/// The same for steering; for each model the texts as points, how well the shift follows the text over how far it goes.
std::string eval_page(std::span<const SteeredModel> reports);

}  // namespace paa::cli
