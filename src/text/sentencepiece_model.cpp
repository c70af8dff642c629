#include "sentencepiece_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "paa/core/error.h"
#include "paa/text/utf8.h"

namespace paa {
namespace {

constexpr std::size_t kMaxPieces = std::size_t{1} << 20;
constexpr std::size_t kMaxPieceBytes = 4096;                     // the library recurses as deep as a piece is long
constexpr std::size_t kMaxCharsMapBytes = std::size_t{4} << 20;  // the largest published one has 0.3 million
constexpr int kMaxTrieResults = 32;                              // the library's array for matches in the chars map
constexpr std::size_t kMaxNestedSymbols = 64;                    // its array for user-defined symbols

enum PieceType : std::uint64_t { kNormal = 1, kUserDefined = 4, kLastType = 6 };

/// One field of a message: a number (varint and fixed types) or bytes.
struct Field {
  std::uint64_t number = 0;
  unsigned wire = 0;
  std::uint64_t value = 0;
  std::string_view bytes;
};

/// Reads the fields of one message (https://protobuf.dev/programming-guides/encoding/).
class MessageReader {
 public:
  MessageReader(std::string_view bytes, std::string where) : rest_(bytes), where_(std::move(where)) {}

  bool next(Field& field) {
    if (rest_.empty()) return false;
    const std::uint64_t tag = varint();
    field = {.number = tag >> 3, .wire = static_cast<unsigned>(tag & 7), .value = 0, .bytes = {}};
    if (field.number == 0) fail("a field has number 0");
    switch (field.wire) {
      case 0: field.value = varint(); break;
      case 1: take(8); break;
      case 2: field.bytes = take(varint()); break;
      case 5: std::memcpy(&field.value, take(4).data(), 4); break;
      default: fail(fmt::format("field {} has the unknown wire type {}", field.number, field.wire));
    }
    return true;
  }

  /// Refuses a field of another wire type than the one its number stands for.
  void expect(const Field& field, unsigned wire) const {
    if (field.wire != wire)
      fail(fmt::format("field {} has wire type {} instead of {}", field.number, field.wire, wire));
  }

  [[noreturn]] void fail(const std::string& what, ErrorCode code = ErrorCode::kBadFormat) const {
    throw Error(code, fmt::format("{}: not a sound SentencePiece model: {}", where_, what));
  }

  const std::string& where() const { return where_; }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) fail(fmt::format("{} bytes are announced where {} are left", size, rest_.size()));
    const auto bytes = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(bytes.size());
    return bytes;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1).front());
      value |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
    fail("a number has more than ten bytes");
  }

  std::string_view rest_;
  std::string where_;
};

/// A Darts-clone double array (https://github.com/s-yata/darts-clone): each unit is a node, or a value behind one.
class DoubleArray {
 public:
  explicit DoubleArray(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size() / sizeof(std::uint32_t); }

  std::uint32_t unit(std::size_t at) const {
    std::uint32_t value;
    std::memcpy(&value, bytes_.data() + at * sizeof value, sizeof value);
    return value;
  }

  /// Where the children of the node at `at` begin: the child for byte b is at first_child ^ b.
  std::size_t first_child(std::size_t at) const {
    const std::uint32_t value = unit(at);
    return at ^ ((value >> 10) << ((value & (1u << 9)) >> 6));
  }

  bool has_leaf(std::size_t at) const { return (unit(at) >> 8) & 1; }
  bool is_child(std::size_t at, std::uint32_t byte) const { return (unit(at) & ((1u << 31) | 0xFF)) == byte; }
  std::uint32_t leaf_value(std::size_t node) const { return unit(first_child(node)) & 0x7FFFFFFFu; }

 private:
  std::string_view bytes_;
};

/// A table of replacements: the byte size of a trie, the trie, and the NUL-ended strings its values point into.
class CharsMapCheck {
 public:
  CharsMapCheck(std::string_view blob, const MessageReader& owner) : owner_(owner), trie_({}) {
    std::uint32_t trie_bytes = 0;
    if (blob.size() > kMaxCharsMapBytes) {
      owner_.fail(fmt::format("the chars map has {} bytes, more than the limit of {}", blob.size(), kMaxCharsMapBytes),
                  ErrorCode::kLimitExceeded);
    }
    if (blob.size() < sizeof trie_bytes) owner_.fail("the chars map is cut off");
    std::memcpy(&trie_bytes, blob.data(), sizeof trie_bytes);
    blob.remove_prefix(sizeof trie_bytes);
    if (trie_bytes >= blob.size() || trie_bytes == 0 || trie_bytes % 4 != 0) {
      owner_.fail("the chars map's trie has an impossible size");
    }
    trie_ = DoubleArray(blob.substr(0, trie_bytes));
    strings_ = blob.substr(trie_bytes);
  }

  void run() {
    if (strings_.back() != '\0' || !is_utf8(strings_)) owner_.fail("the chars map's strings are not NUL-ended UTF-8");
    std::vector<bool> seen(trie_.size());
    std::vector<Node> open = {{0, 0}};
    seen[0] = true;
    while (!open.empty()) {
      const Node node = open.back();
      open.pop_back();
      const std::size_t base = trie_.first_child(node.at);
      if ((base | 0xFF) >= trie_.size()) owner_.fail("the chars map's trie points outside itself");
      for (std::uint32_t byte = 0; byte < 256; ++byte) {
        const std::size_t child = base ^ byte;
        if (!trie_.is_child(child, byte)) continue;
        if (seen[child]) owner_.fail("the chars map's trie is no tree");
        seen[child] = true;
        open.push_back({child, node.matches + check_leaf(child, node.matches)});
      }
    }
  }

 private:
  struct Node {
    std::size_t at;
    int matches;  // keys that end on the way here
  };

  // 1 if a key ends at this node, else 0.
  int check_leaf(std::size_t node, int matches) const {
    if (!trie_.has_leaf(node)) return 0;
    if ((trie_.first_child(node) | 0xFF) >= trie_.size()) owner_.fail("the chars map's trie points outside itself");
    const std::uint32_t value = trie_.leaf_value(node);
    if (value >= strings_.size() || is_utf8_continuation(strings_[value])) {
      owner_.fail("the chars map points outside its strings");
    }
    if (matches == kMaxTrieResults) owner_.fail("too many keys of the chars map begin with one another");
    return 1;
  }

  const MessageReader& owner_;
  DoubleArray trie_;
  std::string_view strings_;
};

void check_normalizer(std::string_view message, std::string where) {
  MessageReader reader(message, std::move(where));
  bool found = false;
  for (Field field; reader.next(field);) {
    if (field.number != 2) continue;
    reader.expect(field, 2);
    if (std::exchange(found, true)) reader.fail("it has two chars maps");
    if (!field.bytes.empty()) CharsMapCheck(field.bytes, reader).run();
  }
}

struct Piece {
  std::string_view text;
  std::uint64_t type = kNormal;
};

Piece read_piece(std::string_view message, std::string where) {
  MessageReader reader(message, std::move(where));
  Piece piece;
  for (Field field; reader.next(field);) {
    if (field.number == 1) {
      reader.expect(field, 2);
      piece.text = field.bytes;
    } else if (field.number == 2) {
      reader.expect(field, 5);
      if (!std::isfinite(std::bit_cast<float>(static_cast<std::uint32_t>(field.value)))) {
        reader.fail("its score is no number");
      }
    } else if (field.number == 3) {
      reader.expect(field, 0);
      piece.type = field.value;
    }
  }
  if (piece.text.size() > kMaxPieceBytes) {
    reader.fail(fmt::format("its text has {} bytes, more than the limit of {}", piece.text.size(), kMaxPieceBytes),
                ErrorCode::kLimitExceeded);
  }
  if (piece.text.empty() || piece.text.find('\0') != piece.text.npos || !is_utf8(piece.text)) {
    reader.fail("its text is empty, not UTF-8 or holds NUL");
  }
  if (piece.type < kNormal || piece.type > kLastType)
    reader.fail(fmt::format("it has the unknown type {}", piece.type));
  return piece;
}

// `symbols` that are prefixes of one another lie on one path of the library's trie.
void check_nesting(std::vector<std::string_view> symbols, const MessageReader& reader) {
  std::sort(symbols.begin(), symbols.end());
  std::vector<std::string_view> path;
  for (const auto symbol : symbols) {
    while (!path.empty() && !symbol.starts_with(path.back())) path.pop_back();
    path.push_back(symbol);
    if (path.size() > kMaxNestedSymbols) {
      reader.fail(fmt::format("more than {} user-defined symbols begin with one another", kMaxNestedSymbols));
    }
  }
}

}  // namespace

void check_sentencepiece_model(std::span<const std::byte> model, std::string_view origin) {
  enum ModelField { kPieces = 1, kTrainer = 2, kNormalizer = 3, kDenormalizer = 5 };
  const std::string_view bytes(reinterpret_cast<const char*>(model.data()), model.size());
  MessageReader reader(bytes, std::string(origin));
  std::vector<std::string_view> user_defined;
  std::size_t pieces = 0;
  std::vector<bool> found(6);
  for (Field field; reader.next(field);) {
    if (field.number > 5) continue;
    reader.expect(field, 2);
    if (field.number != kPieces && field.number != 4) {
      // The library would merge two of them into one that was never checked as a whole.
      if (found[field.number]) reader.fail(fmt::format("field {} stands twice", field.number));
      found[field.number] = true;
    }
    if (field.number == kPieces) {
      const Piece piece = read_piece(field.bytes, fmt::format("{}: piece {}", origin, pieces));
      if (piece.type == kUserDefined) user_defined.push_back(piece.text);
      if (++pieces > kMaxPieces) {
        reader.fail(fmt::format("more pieces than the limit of {}", kMaxPieces), ErrorCode::kLimitExceeded);
      }
    } else if (field.number == kNormalizer || field.number == kDenormalizer) {
      check_normalizer(field.bytes, fmt::format("{}: normalizer", origin));
    }
  }
  if (pieces == 0) reader.fail("it has no pieces");
  check_nesting(std::move(user_defined), reader);
}

}  // namespace paa
