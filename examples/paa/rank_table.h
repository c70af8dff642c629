#pragma once
// A ranking as text.

#include <string>

#include "ranking.h"

namespace paa::cli {

/// A remark on scale and model, one on each person, the column names, then one line a photo: rank, score ± spread for
/// each person, path. Failed photos are not in it.
std::string rank_table(const Ranking& ranking);

}  // namespace paa::cli
