#include "paa/data/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "paa/core/error.h"
#include "paa/core/json.h"
#include "paa/text/utf8.h"

namespace paa {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Eight bytes at a time: this sees every byte of the file.
bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  std::uint64_t seen = 0;
  while (text.size() >= sizeof(seen)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof(word));
    seen |= word;
    text.remove_prefix(sizeof(word));
  }
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return (seen & kHighBits) == 0;
}

// In quotes, escaped and not endless: safe to stand in a message.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  return to_text(Json(text.substr(0, kLongest))) + (text.size() > kLongest ? "..." : "");
}

}  // namespace

CsvReader::CsvReader(const std::filesystem::path& path, const CsvOptions& options) : file_(path), options_(options) {
  if (std::string_view("\"\r\n\0", 4).find(options.separator) != std::string_view::npos) {
    throw Error(ErrorCode::kInvalidArgument, "a CSV separator must not be a quote, a line break or NUL");
  }
  std::string_view text(reinterpret_cast<const char*>(file_.bytes().data()), file_.bytes().size());
  row_ = cursor_ = text.data();
  end_ = text.data() + text.size();
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    fail_at(cursor_, "the file is UTF-16; save it as UTF-8");
  }
  if (text.starts_with(kUtf8Mark)) {
    options_.encoding = CsvEncoding::kUtf8;
    row_ = cursor_ += kUtf8Mark.size();
  }
  if (options_.has_header) read_header();
}

void CsvReader::read_header() {
  skip_empty_lines();
  if (cursor_ == end_) fail_at(cursor_, "the file is empty; its first line must name the columns");
  split_row();
  for (const Field& field : fields_) header_.emplace_back(field.text);
}

std::size_t CsvReader::column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found != header_.end() && std::find(found + 1, header_.end(), name) == header_.end()) {
    return static_cast<std::size_t>(found - header_.begin());
  }
  std::string names;
  for (const std::string& other : header_) names += (names.empty() ? "" : ", ") + in_quotes(other);
  throw Error(ErrorCode::kBadFormat,
              fmt::format("{}:1:1: the header names the column {} {}; it has {}", path().string(), in_quotes(name),
                          found == header_.end() ? "nowhere" : "twice", names));
}

bool CsvReader::next() {
  fields_.clear();
  skip_empty_lines();
  if (cursor_ == end_) return false;
  split_row();
  if (options_.has_header && fields_.size() != header_.size()) {
    const bool is_short = fields_.size() < header_.size();
    fail_at(is_short ? fields_.back().begin : fields_[header_.size()].begin,
            fmt::format("the row has {} fields, the header {}; {}", fields_.size(), header_.size(),
                        is_short ? "this is its last" : "this one is too many"));
  }
  return true;
}

void CsvReader::skip_empty_lines() {
  while (cursor_ != end_) {
    const char* at = cursor_;
    while (options_.trim && at != end_ && is_blank(*at) && *at != options_.separator) ++at;
    if (at != end_ && *at == '\r') ++at;
    if (at != end_ && *at != '\n') break;
    if (at == end_) {
      cursor_ = end_;
      break;
    }
    cursor_ = at + 1;
    ++next_line_;
  }
  row_ = cursor_;
  line_ = next_line_;
}

void CsvReader::split_row() {
  while (true) {
    if (fields_.size() == options_.max_fields) {
      fail_at(cursor_, fmt::format("the row has more than {} fields", options_.max_fields));
    }
    if (options_.trim) skip_blanks();
    if (cursor_ != end_ && *cursor_ == '"') {
      add_quoted_field();
    } else {
      add_plain_field();
    }
    if (cursor_ != end_ && *cursor_ == '\r' && at_line_end(cursor_)) ++cursor_;
    if (cursor_ == end_) break;
    if (*cursor_++ == '\n') {
      ++next_line_;
      break;
    }
  }
  decode_fields();
}

void CsvReader::skip_blanks() {
  while (cursor_ != end_ && is_blank(*cursor_) && *cursor_ != options_.separator) ++cursor_;
}

// At LF, at CRLF, at the end of the file or at a CR before it.
bool CsvReader::at_line_end(const char* at) const {
  if (at != end_ && *at == '\r') ++at;
  return at == end_ || *at == '\n';
}

void CsvReader::add_plain_field() {
  const char* begin = cursor_;
  const char* at = begin;
  while (at != end_ && *at != options_.separator && *at != '\n') ++at;
  if (static_cast<std::size_t>(at - begin) > options_.max_field_bytes) {
    fail_at(begin, fmt::format("the field that begins here has more than {} bytes", options_.max_field_bytes));
  }
  cursor_ = at;
  if (at != begin && at[-1] == '\r' && at_line_end(at)) --cursor_;
  const std::string_view text(begin, static_cast<std::size_t>(cursor_ - begin));
  fields_.push_back({begin, options_.trim ? trimmed(text) : text, false});
}

void CsvReader::add_quoted_field() {
  Field field{cursor_, {}, false};
  const char* begin = ++cursor_;
  const std::size_t room = std::min(static_cast<std::size_t>(end_ - begin), options_.max_field_bytes);
  const char* limit = begin + room;
  while (true) {
    const void* quote = std::memchr(cursor_, '"', static_cast<std::size_t>(limit - cursor_));
    if (quote == nullptr) {
      fail_at(field.begin, limit == end_ ? std::string("the quote that is opened here is never closed")
                                         : fmt::format("the quote that is opened here is not closed within {} bytes",
                                                       options_.max_field_bytes));
    }
    cursor_ = static_cast<const char*>(quote) + 1;
    if (cursor_ == end_ || *cursor_ != '"') break;
    field.has_doubled_quotes = true;
    cursor_ += cursor_ == limit ? 0 : 1;
  }
  const char* close = cursor_ - 1;
  field.text = std::string_view(begin, static_cast<std::size_t>(close - begin));
  next_line_ += static_cast<std::size_t>(std::count(begin, close, '\n'));
  if (options_.trim) skip_blanks();
  if (cursor_ != end_ && *cursor_ != options_.separator && !at_line_end(cursor_)) {
    fail_at(cursor_, "text follows a closing quote; a quote inside a quoted field is written twice");
  }
  fields_.push_back(field);
}

void CsvReader::decode_fields() {
  const std::string_view row(row_, static_cast<std::size_t>(cursor_ - row_));
  if (const auto nul = row.find('\0'); nul != std::string_view::npos) fail_at(row_ + nul, "the file holds a NUL byte");
  const bool ascii = is_ascii(row);
  const bool has_doubled =
      std::any_of(fields_.begin(), fields_.end(), [](const Field& field) { return field.has_doubled_quotes; });
  if (ascii && !has_doubled) return;
  decoded_.clear();
  decoded_.reserve(2 * row.size());  // Latin-1 at its longest; views into it must not move
  for (Field& field : fields_) {
    if (!ascii && options_.encoding == CsvEncoding::kUtf8) check_utf8(field);
    const bool is_latin1 = options_.encoding == CsvEncoding::kLatin1 && !is_ascii(field.text);
    if (field.has_doubled_quotes || is_latin1) decode(field);
  }
}

void CsvReader::check_utf8(const Field& field) const {
  std::string_view rest = field.text;
  while (!rest.empty()) {
    const Utf8Unit unit = next_utf8(rest);
    if (unit.state != Utf8State::kValid) fail_at(rest.data(), "the text is not UTF-8; save the file as UTF-8");
    rest.remove_prefix(unit.size);
  }
}

void CsvReader::decode(Field& field) {
  const std::size_t start = decoded_.size();
  for (std::size_t i = 0; i < field.text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(field.text[i]);
    if (byte >= 0x80 && options_.encoding == CsvEncoding::kLatin1) {
      decoded_ += static_cast<char>(0xC0 | (byte >> 6));
      decoded_ += static_cast<char>(0x80 | (byte & 0x3F));
      continue;
    }
    decoded_ += field.text[i];
    if (byte == '"' && field.has_doubled_quotes) ++i;
  }
  field.text = std::string_view(decoded_).substr(start);
}

double CsvReader::number(std::size_t column, double low, double high) const {
  const std::string_view text = trimmed((*this)[column]);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= low && value <= high)) {
    fail(column, fmt::format("it must be a number from {} to {}", low, high));
  }
  return value;
}

int CsvReader::whole_number(std::size_t column, int low, int high) const {
  const double value = number(column, low, high);
  if (value != std::floor(value)) fail(column, fmt::format("it must be a whole number from {} to {}", low, high));
  return static_cast<int>(value);
}

std::string CsvReader::where() const { return fmt::format("{}:{}", path().string(), line_); }

void CsvReader::fail(std::size_t column, std::string_view requirement) const {
  const std::string name =
      column < header_.size() ? in_quotes(header_[column]) : fmt::format("field {}", column + 1);
  fail_at(fields_.at(column).begin,
          fmt::format("{} is {}; {}", name, in_quotes(fields_.at(column).text), requirement));
}

void CsvReader::fail_at(const char* at, std::string_view what) const {
  const auto line = line_ + static_cast<std::size_t>(std::count(row_, at, '\n'));
  const char* start = at;
  while (start != row_ && start[-1] != '\n') --start;
  const auto is_character = [this](char byte) {
    return options_.encoding == CsvEncoding::kLatin1 || !is_utf8_continuation(byte);
  };
  const auto column = 1 + std::count_if(start, at, is_character);
  throw Error(ErrorCode::kBadFormat, fmt::format("{}:{}:{}: {}", path().string(), line, column, what));
}

}  // namespace paa
