#pragma once
// File names may hold line breaks and terminal escapes; a line for people to read must not.

#include <string>
#include <string_view>

namespace paa::cli {

/// `text` with each control character written as \n, \t or \x1b. All other bytes stay as they are, so this cannot be
/// undone: programs read the JSON and CSV formats, which can.
std::string plain_line(std::string_view text);

}  // namespace paa::cli
