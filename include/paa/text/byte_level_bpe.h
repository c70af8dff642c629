#pragma once
// Byte-level byte-pair encoding (Radford et al. 2019, GPT-2): every byte is a token, so any text can be encoded.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "paa/text/added_tokens.h"
#include "paa/text/pre_tokenizer.h"
#include "paa/text/tokenizer.h"

namespace paa {

/// What a byte-level BPE tokenizer is made of, whatever file it came from. Token texts are in GPT-2's alphabet, in
/// which every byte is one printable character (a space is "Ġ"); added tokens stand as they are.
struct ByteLevelBpeData {
  std::vector<std::string> tokens;                          ///< by id; empty where an id has no token
  std::vector<std::pair<std::string, std::string>> merges;  ///< the earlier, the sooner merged
  std::vector<AddedToken> added;                            ///< their ids may lie in `tokens` (same text) or behind it
  std::string pre_tokenizer;                                ///< a name PreTokenizer knows
  TokenId unknown = -1;  ///< stands for each byte without a token; -1: such bytes are left out
  TokenId bos = -1;
  TokenId eos = -1;
};

/// Ids are those of `tokenizers` with add_special_tokens=False. Offsets are exact bytes (no trimming), rounded outwards
/// to whole characters. Encoding n bytes takes O(n log n) time whatever they are. Immutable; thread-safe.
///
/// Some vocabularies lack tokens for rare bytes (SmolLM2: some control characters and the lead bytes 0xF1 and 0xF2 of
/// unassigned planes); as with `tokenizers`, such a byte gives `unknown`, or nothing where there is none.
class ByteLevelBpe final : public Tokenizer {
 public:
  /// Most tokens a vocabulary may have, and most bytes one token's text may have.
  static constexpr std::size_t kMaxTokens = std::size_t{1} << 20;
  static constexpr std::size_t kMaxTokenBytes = std::size_t{1} << 16;

  /// `origin` names the source in errors. Errors: kBadFormat (a token twice, a merge of tokens that are not there, an
  /// id outside the vocabulary), kLimitExceeded, kUnsupported (pre-tokenizer, added tokens' flags).
  ByteLevelBpe(ByteLevelBpeData data, std::string_view origin);

  std::vector<Token> tokenize(std::string_view text, SpecialTokens special) const override;
  std::string decode_bytes(std::span<const TokenId> ids, bool keep_special = false) const override;
  std::size_t vocabulary_size() const override { return bytes_.size(); }
  TokenId find(std::string_view token_text) const override;
  TokenId bos() const override { return bos_; }
  TokenId eos() const override { return eos_; }

 private:
  struct Merge {
    std::uint32_t rank;
    TokenId id;
  };
  struct Scratch;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  [[noreturn]] void fail(const std::string& what) const;
  void add_vocabulary(std::vector<std::string> tokens);
  void add_merges(const std::vector<std::pair<std::string, std::string>>& merges);
  void add_added_tokens();
  void check_id(TokenId id, const char* what) const;
  const Merge* find_merge(TokenId left, TokenId right) const;
  void encode_word(std::string_view text, std::size_t begin, std::size_t end, Scratch& scratch,
                   std::vector<Token>& out) const;

  std::string origin_;
  PreTokenizer pre_tokenizer_;
  AddedTokens added_;
  std::unordered_map<std::string, TokenId, TextHash, std::equal_to<>> ids_;
  std::unordered_map<std::uint64_t, Merge> merges_;  // left id * 2^32 + right id
  std::array<TokenId, 256> byte_ids_{};              // -1: left out
  std::vector<std::string> bytes_;                   // by id: what it decodes to
  std::vector<bool> special_;                        // by id
  TokenId bos_;
  TokenId eos_;
};

}  // namespace paa
