#pragma once
// What must hold of a SentencePiece model file before the library may see it.

#include <cstddef>
#include <span>
#include <string_view>

namespace paa {

/// Walks the file's protocol buffer and refuses what the library (0.1.97) does not check but indexes or recurses with:
/// damaged lengths, pieces that are not UTF-8, hold NUL or are very long, scores that are no numbers, piece types out
/// of range, too many user-defined symbols that begin with one another, and normalisation tables whose trie or strings
/// point outside themselves. Errors: kBadFormat and kLimitExceeded, naming `origin` and the place.
void check_sentencepiece_model(std::span<const std::byte> model, std::string_view origin);

}  // namespace paa
