#include "paa/text/stream_decoder.h"

#include <utility>

#include "paa/text/utf8.h"

namespace paa {

std::string StreamDecoder::push(TokenId id) {
  const std::string bytes = pending_ + tokenizer_.decode_bytes({&id, 1}, keep_special_);
  std::string complete;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const Utf8Unit unit = next_utf8(rest);
    if (unit.state == Utf8State::kTruncated) break;
    complete += unit.state == Utf8State::kValid ? rest.substr(0, unit.size) : kReplacementCharacter;
    rest.remove_prefix(unit.size);
  }
  pending_ = rest;
  return complete;
}

std::string StreamDecoder::finish() { return replace_invalid_utf8(std::exchange(pending_, {})); }

}  // namespace paa
