#include "paa/text/pre_tokenizer.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <array>
#include <new>
#include <string>

#include "paa/core/error.h"

namespace paa {
namespace {

// Unicode's White_Space. PCRE2's own \s has U+180E besides, which `tokenizers` does not count as a space.
#define PAA_SPACE R"(\x09-\x0d\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})"
#define PAA_WORDS R"('(?:[stmd]|re|ve|ll)| ?\p{L}+| ?[^)" PAA_SPACE R"(\p{L}\p{N}]+)"

constexpr const char* kGpt2 = PAA_WORDS R"(| ?\p{N}+|[)" PAA_SPACE R"(]+(?![^)" PAA_SPACE R"(])|[)" PAA_SPACE "]+";

// One pass over both steps: a number ends the piece before it, so white space before a number is white space at the
// end.
constexpr const char* kSmolLm = PAA_WORDS R"(|\p{N}|[)" PAA_SPACE R"(]+(?![^)" PAA_SPACE R"(\p{N}])|[)" PAA_SPACE "]+";

#undef PAA_WORDS
#undef PAA_SPACE

const char* pattern_text(std::string_view name, std::string_view origin) {
  if (name == "gpt-2" || name == "gpt2") return kGpt2;
  if (name == "smollm") return kSmolLm;
  throw Error(
      ErrorCode::kUnsupported,
      fmt::format("{}: pre-tokenizer \"{}\" is not supported; those supported are gpt-2 and smollm", origin, name));
}

[[noreturn]] void fail(const char* action, int code) {
  std::array<unsigned char, 256> reason{};
  pcre2_get_error_message(code, reason.data(), reason.size());
  throw Error(code == PCRE2_ERROR_NOMEMORY ? ErrorCode::kOutOfMemory : ErrorCode::kInternal,
              fmt::format("pre-tokenizer: cannot {}: {}", action, reinterpret_cast<const char*>(reason.data())));
}

}  // namespace

struct PreTokenizer::Pattern {
  pcre2_code* code = nullptr;

  explicit Pattern(const char* text) {
    int error = 0;
    PCRE2_SIZE at = 0;
    code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text), PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED, &error, &at, nullptr);
    if (code == nullptr) fail("compile the word pattern", error);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);  // where there is no JIT, pcre2_match interprets
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern() { pcre2_code_free(code); }
};

PreTokenizer::PreTokenizer(std::string_view name, std::string_view origin)
    : pattern_(std::make_shared<Pattern>(pattern_text(name, origin))) {}

void PreTokenizer::split(std::string_view text, const std::function<void(std::size_t, std::size_t)>& word) const {
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
      pcre2_match_data_create_from_pattern(pattern_->code, nullptr), &pcre2_match_data_free);
  if (match == nullptr) throw std::bad_alloc();
  const auto subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  for (std::size_t begin = 0; begin < text.size();) {
    // Without NO_UTF_CHECK each call would check the whole rest of the text again.
    const int found =
        pcre2_match(pattern_->code, subject, text.size(), begin, PCRE2_NO_UTF_CHECK, match.get(), nullptr);
    if (found < 0) fail("split the text", found);
    const std::size_t end = pcre2_get_ovector_pointer(match.get())[1];
    word(begin, end);
    begin = end;
  }
}

}  // namespace paa
