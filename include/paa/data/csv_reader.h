#pragma once
// Tables in text files, read row by row (RFC 4180, and what spreadsheets make of it).

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/file.h"

namespace paa {

/// What the bytes of a table mean. A UTF-8 byte order mark at the beginning always says UTF-8.
enum class CsvEncoding {
  kUtf8,   ///< bytes that are not UTF-8 are an error
  kLatin1  ///< ISO 8859-1: each byte is the character of that number; fields come out as UTF-8
};

/// How a table is written, and the limits that are checked while it is read.
struct CsvOptions {
  char separator = ',';  ///< anything but a quote, CR, LF and NUL
  CsvEncoding encoding = CsvEncoding::kUtf8;
  bool has_header = true;  ///< the first row names the columns, and every row has as many fields
  bool trim = false;       ///< spaces and tabs around fields and column names are no part of them
  std::size_t max_field_bytes = std::size_t{1} << 20;
  std::size_t max_fields = 10'000;  ///< of one row
};

/// Streams the rows of one file: the file is mapped, fields are views into it, and only one row is held at a time. A
/// field in double quotes may hold separators, line breaks and, written twice, quotes; a quote inside an unquoted
/// field is a character like others. Lines end with LF or CRLF; empty lines are skipped.
///
/// Errors of reading are kBadFormat and begin "FILE:LINE:COLUMN: ", both counted from 1; COLUMN counts characters of
/// the line. Not thread-safe.
class CsvReader {
 public:
  /// Opens the file and reads the header. Errors: those of MappedFile; kInvalidArgument (the separator); kBadFormat (no
  /// header, UTF-16).
  explicit CsvReader(const std::filesystem::path& path, const CsvOptions& options = {});
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  /// The file's path as it was given.
  const std::filesystem::path& path() const noexcept { return file_.path(); }
  /// The names of the columns; empty without a header.
  const std::vector<std::string>& header() const noexcept { return header_; }
  /// The index of the column of that name. Errors: kBadFormat if there is none (those that are there are listed) or
  /// two.
  std::size_t column(std::string_view name) const;

  /// Goes to the next row; false at the end of the file. Errors: kBadFormat (a quote that is never closed, text after a
  /// closing quote, another number of fields than the header, bytes that are not UTF-8, NUL, a limit that is passed).
  bool next();

  /// Fields of the current row.
  std::size_t size() const noexcept { return fields_.size(); }
  /// UTF-8; valid until next(). `column` must be below size().
  std::string_view operator[](std::size_t column) const { return fields_[column].text; }
  /// The field as a finite decimal number ("4", "3.5", "1992.0") of [low, high]. Errors: kBadFormat.
  double number(std::size_t column, double low, double high) const;
  /// Same, and a whole number; "1992.0" is one.
  int whole_number(std::size_t column, int low, int high) const;

  /// The line on which the current row begins, from 1.
  std::size_t line() const noexcept { return line_; }
  /// "FILE:LINE" of the current row.
  std::string where() const;
  /// Throws Error(kBadFormat, "FILE:LINE:COLUMN: "NAME" is "VALUE"; REQUIREMENT") for a field of the current row.
  [[noreturn]] void fail(std::size_t column, std::string_view requirement) const;

 private:
  struct Field {
    const char* begin = nullptr;  ///< in the file, at the opening quote if there is one
    std::string_view text;
    bool has_doubled_quotes = false;
  };

  void read_header();
  void skip_empty_lines();
  void split_row();
  void add_plain_field();
  void add_quoted_field();
  void skip_blanks();
  bool at_line_end(const char* at) const;
  void decode_fields();
  void decode(Field& field);
  void check_utf8(const Field& field) const;
  [[noreturn]] void fail_at(const char* at, std::string_view what) const;

  MappedFile file_;
  CsvOptions options_;
  const char* cursor_ = nullptr;
  const char* end_ = nullptr;
  const char* row_ = nullptr;
  std::size_t line_ = 1, next_line_ = 1;
  std::vector<std::string> header_;
  std::vector<Field> fields_;
  std::string decoded_;
};

}  // namespace paa
