#pragma once
// Uses std::string without including it: headers_alone.py must find fault with this.

namespace paa {
std::string nobody_included_string();
}
