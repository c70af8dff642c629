#pragma once
// The page on which a person rates photos.

#include <string>

namespace paa::cli {

/// The whole document: it needs nothing but its server. `nonce`: of the policy that lets its style and script run.
std::string rate_page(const std::string& nonce);

}  // namespace paa::cli
