#include "paa/text/sentencepiece_tokenizer.h"

#include <fmt/format.h>
#include <sentencepiece_processor.h>

#include <exception>
#include <limits>
#include <utility>

#include "paa/core/error.h"
#include "paa/core/file.h"
#include "paa/text/added_tokens.h"
#include "paa/text/utf8.h"
#include "sentencepiece_model.h"

namespace paa {
namespace {

constexpr std::string_view kSpaceSymbol = "\u2581";

std::string with_spaces(std::string_view piece) {
  std::string text;
  while (!piece.empty()) {
    const bool space = piece.starts_with(kSpaceSymbol);
    text += space ? ' ' : piece.front();
    piece.remove_prefix(space ? kSpaceSymbol.size() : 1);
  }
  return text;
}

// The tokens' ids and offsets within `text`, which begins `base` bytes into the whole.
void append_tokens(const sentencepiece::SentencePieceProcessor& processor, std::string_view text, std::size_t base,
                   std::vector<Token>& tokens) {
  if (text.size() > std::numeric_limits<std::int32_t>::max()) {
    throw Error(ErrorCode::kLimitExceeded, "SentencePiece encodes at most 2 GiB of text");
  }
  sentencepiece::ImmutableSentencePieceText pieces;
  if (const auto status = processor.Encode(text, pieces.mutable_proto()); !status.ok()) {
    throw Error(ErrorCode::kInternal, fmt::format("SentencePiece cannot encode the text: {}", status.ToString()));
  }
  const std::size_t first = tokens.size();
  for (std::size_t i = 0; i < pieces.pieces_size(); ++i) {
    const auto piece = pieces.pieces(static_cast<int>(i));
    tokens.push_back({static_cast<TokenId>(piece.id()), base + piece.begin(), base + piece.end()});
  }
  // The library lets only the last byte token of a character cover it.
  for (std::size_t i = tokens.size(); i-- > first + 1;) {
    Token& before = tokens[i - 1];
    const bool bytes = processor.IsByte(tokens[i].id) && processor.IsByte(before.id);
    if (bytes && before.begin == before.end && before.begin == tokens[i].begin) before.end = tokens[i].end;
  }
}

}  // namespace

struct SentencePieceTokenizer::Impl {
  sentencepiece::SentencePieceProcessor processor;
  AddedTokens control{{}, {}};
  std::vector<std::string> bytes;  // by id: what it decodes to
};

SentencePieceTokenizer::SentencePieceTokenizer(std::span<const std::byte> model, std::string_view origin) {
  if (model.size() > kMaxModelBytes) {
    throw Error(ErrorCode::kLimitExceeded,
                fmt::format("{}: has {} bytes, more than the limit of {} for a SentencePiece model", origin,
                            model.size(), kMaxModelBytes));
  }
  check_sentencepiece_model(model, origin);
  auto impl = std::make_unique<Impl>();
  std::string reason;
  try {
    const auto status = impl->processor.LoadFromSerializedProto(
        std::string_view(reinterpret_cast<const char*>(model.data()), model.size()));
    if (!status.ok()) reason = status.ToString();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    reason = e.what();
  }
  if (!reason.empty()) {
    throw Error(ErrorCode::kBadFormat, fmt::format("{}: SentencePiece cannot load the model: {}", origin, reason));
  }

  std::vector<AddedToken> control;
  const int size = impl->processor.GetPieceSize();
  for (TokenId id = 0; id < size; ++id) {
    const std::string& piece = impl->processor.IdToPiece(id);
    if (impl->processor.IsControl(id)) control.push_back({.id = id, .text = piece});
    if (impl->processor.IsByte(id)) {
      impl->bytes.emplace_back(1, static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16)));  // "<0x0A>"
    } else if (impl->processor.IsUnknown(id)) {
      impl->bytes.push_back(impl->processor.DecodeIds({id}));
    } else {
      impl->bytes.push_back(impl->processor.IsControl(id) ? piece : with_spaces(piece));
    }
  }
  impl->control = AddedTokens(std::move(control), origin);
  impl_ = std::move(impl);
}

SentencePieceTokenizer::~SentencePieceTokenizer() = default;

std::vector<Token> SentencePieceTokenizer::tokenize(std::string_view text, SpecialTokens special) const {
  std::string replaced;
  if (!is_utf8(text)) text = replaced = replace_invalid_utf8(text);
  std::vector<Token> tokens;
  for (const TextSegment& segment : impl_->control.split(text, special)) {
    if (segment.id >= 0) {
      tokens.push_back({segment.id, segment.begin, segment.end});
    } else {
      append_tokens(impl_->processor, text.substr(segment.begin, segment.end - segment.begin), segment.begin, tokens);
    }
  }
  return tokens;
}

std::string SentencePieceTokenizer::decode_bytes(std::span<const TokenId> ids, bool keep_special) const {
  std::string bytes;
  for (const TokenId id : ids) {
    if (id < 0 || static_cast<std::size_t>(id) >= impl_->bytes.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("token id {} lies outside the vocabulary of {} tokens", id, impl_->bytes.size()));
    }
    if (keep_special || !impl_->processor.IsControl(id)) bytes += impl_->bytes[static_cast<std::size_t>(id)];
  }
  return bytes;
}

std::size_t SentencePieceTokenizer::vocabulary_size() const { return impl_->bytes.size(); }

TokenId SentencePieceTokenizer::find(std::string_view token_text) const {
  const TokenId id = impl_->processor.PieceToId(token_text);
  return impl_->processor.IdToPiece(id) == token_text ? id : -1;
}

TokenId SentencePieceTokenizer::bos() const { return impl_->processor.bos_id(); }

TokenId SentencePieceTokenizer::eos() const { return impl_->processor.eos_id(); }

std::unique_ptr<Tokenizer> read_sentencepiece(const std::filesystem::path& path) {
  const auto bytes = read_file(path, SentencePieceTokenizer::kMaxModelBytes);
  return std::make_unique<SentencePieceTokenizer>(bytes, path.string());
}

}  // namespace paa
