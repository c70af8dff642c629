#pragma once
// Anything typed by a person, or found as a file name, made safe to stand in HTML.

#include <string>
#include <string_view>

namespace paa::cli {

/// `text` for the content of an element or a double-quoted attribute: & < > " ' become references, control characters
/// their visible pictures (a line break U+240A), bytes that are not UTF-8 U+FFFD.
std::string html_text(std::string_view text);

/// The SHA-256 of `bytes` as a content security policy writes it.
std::string sha256_base64(std::string_view bytes);

}  // namespace paa::cli
