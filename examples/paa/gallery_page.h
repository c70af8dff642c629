#pragma once
// A ranking as one HTML page that holds everything it shows.

#include <string>

#include "ranking.h"

namespace paa::cli {

/// The page: photos best first, each with its thumbnail, and for each person score, spread and level probabilities.
/// UTF-8 HTML without any reference to something outside it (its content security policy forbids them), so it works
/// offline. Names and texts are escaped; of the photos' folders it shows what tells them apart. Holds neither date nor
/// machine: the same ranking gives the same bytes. With more than one person a small script lets the reader choose
/// whose order is shown.
std::string gallery_page(const Ranking& ranking);

}  // namespace paa::cli
