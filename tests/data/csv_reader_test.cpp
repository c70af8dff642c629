#include "paa/data/csv_reader.h"

#include "paa/core/json.h"
#include "paa/core/random.h"
#include "set_folder.h"

using paa::CsvEncoding;
using paa::CsvOptions;
using paa::CsvReader;
using paa::ErrorCode;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text, const CsvOptions& options = {}) {
  const SetFolder folder;
  CsvReader reader(folder.write("t.csv", text), options);
  Rows rows;
  while (reader.next()) {
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < reader.size(); ++i) row.emplace_back(reader[i]);
  }
  return rows;
}

}  // namespace

TEST_CASE("Fields come out as they were written, whatever the line ends and quotes", "[csv]") {
  const Rows expected = {{"1", "two"}, {"3", ""}};
  CHECK(rows_of("a,b\n1,two\n3,\n") == expected);
  CHECK(rows_of("a,b\r\n1,two\r\n3,\r\n") == expected);
  CHECK(rows_of("a,b\n1,two\n3,") == expected);
  CHECK(rows_of("a,b\r\n1,two\r\n3,\r") == expected);
  CHECK(rows_of("\xEF\xBB\xBF"
                "a,b\n1,two\n3,\n") == expected);
  CHECK(rows_of("\"a\",\"b\"\n\"1\",\"two\"\n\"3\",\"\"") == expected);
  CHECK(rows_of("\n\r\na,b\n\n1,two\n\r\n3,\n\n") == expected);
  CHECK(rows_of("a=b\n1=two\n3=\n", {.separator = '='}) == expected);
  CHECK(rows_of("a\tb\n1\ttwo\n3\t\n", {.separator = '\t', .trim = true}) == expected);
  CHECK(rows_of("a,b\n").empty());
}

TEST_CASE("A quoted field holds separators, line breaks and doubled quotes", "[csv]") {
  CHECK(rows_of("a,b\n\"x,\"\"y\"\"\r\nz\",\"\"\"\"\n1,2\n") == Rows{{"x,\"y\"\r\nz", "\""}, {"1", "2"}});
  CHECK(rows_of("a\n5\" gun\n") == Rows{{"5\" gun"}});
}

TEST_CASE("Trimmed fields lose the spaces around them and keep those inside", "[csv]") {
  CHECK(rows_of(" a, b \n  x y ,\t1\n \"q \" , 2\n   \n", {.trim = true}) == Rows{{"x y", "1"}, {"q ", "2"}});
  CHECK(rows_of("a,b\n x ,1\n") == Rows{{" x ", "1"}});
}

TEST_CASE("Latin-1 becomes UTF-8, unless the byte order mark says that it is", "[csv]") {
  const CsvOptions latin1 = {.encoding = CsvEncoding::kLatin1};
  CHECK(rows_of("a,b\nCaf\xE9,\"\xC5ngstr\xF6m \"\"x\"\"\"\n", latin1) ==
        Rows{{"Caf\xC3\xA9", "\xC3\x85ngstr\xC3\xB6m \"x\""}});
  CHECK(rows_of("\xEF\xBB\xBF"
                "a\nCaf\xC3\xA9\n",
                latin1) == Rows{{"Caf\xC3\xA9"}});
  CHECK(rows_of("a\nCaf\xC3\xA9\n") == Rows{{"Caf\xC3\xA9"}});
}

TEST_CASE("Every byte of Latin-1 is the character of its number", "[csv]") {
  for (int byte = 0x80; byte < 0x100; ++byte) {
    const auto rows = rows_of(std::string("a\n") + static_cast<char>(byte), {.encoding = CsvEncoding::kLatin1});
    const std::string expected = {static_cast<char>(0xC0 | (byte >> 6)), static_cast<char>(0x80 | (byte & 0x3F))};
    CHECK(rows == Rows{{expected}});
  }
}

TEST_CASE("Whatever fields are written come back", "[csv]") {
  const std::string letters = "ab,;\"\r\n \xC3\xA9";
  paa::Random random(3);
  const auto below = [&](std::uint64_t n) { return static_cast<std::size_t>(random.below(n)); };
  for (int round = 0; round < 200; ++round) {
    Rows rows;
    std::string text = "a,b,c\n";
    for (std::size_t i = below(5); i > 0; --i) {
      auto& row = rows.emplace_back();
      for (int j = 0; j < 3; ++j) {
        std::string field;
        for (std::size_t k = below(6); k > 0; --k) {
          const auto at = below(letters.size() - 1);
          field += at == letters.size() - 2 ? "\xC3\xA9" : letters.substr(at, 1);
        }
        row.push_back(field);
        text += j > 0 ? ",\"" : "\"";
        for (const char c : field) text += c == '"' ? "\"\"" : std::string(1, c);
        text += '"';
      }
      text += below(2) == 0 ? "\n" : "\r\n";
    }
    CHECK(rows_of(text) == rows);
  }
}

TEST_CASE("Tables that Python's csv module wrote are read as it reads them", "[csv]") {
  const auto goldens = paa::read_json(std::filesystem::path(PAA_TEST_DATA) / "csv.json");
  REQUIRE(goldens.at("cases").size() == 60);
  for (const auto& sample : goldens.at("cases")) {
    const auto hex = sample.at("hex").get<std::string>();
    std::string text;
    for (std::size_t i = 0; i < hex.size(); i += 2) text += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    const bool is_latin1 = sample.at("encoding") == "latin-1";
    INFO(sample);
    CHECK(rows_of(text, {.separator = sample.at("separator").get<std::string>().front(),
                         .encoding = is_latin1 ? CsvEncoding::kLatin1 : CsvEncoding::kUtf8,
                         .has_header = false}) == sample.at("rows").get<Rows>());
  }
}

TEST_CASE("Damage is named with line and column", "[csv]") {
  CHECK_REFUSED_AT(rows_of("a,b\n1,2\n1,\"2\n3,4\n"), "t.csv:3:3", "never closed");
  CHECK_REFUSED_AT(rows_of("a,b\n\"1\n\n\"x,2\n"), "t.csv:4:2", "closing quote");
  CHECK_REFUSED_AT(rows_of("a,b\n1,2\n1\n"), "t.csv:3:1", "1 fields, the header 2");
  CHECK_REFUSED_AT(rows_of("a,b\n1,2\n1,2,3,4\n"), "t.csv:3:5", "4 fields, the header 2");
  CHECK_REFUSED_AT(rows_of("a,b\n\xC3\xA9,x\xE9\n"), "t.csv:2:4", "not UTF-8");
  CHECK_REFUSED_AT(rows_of(std::string_view("a,b\n1,2\n\0,2\n", 12)), "t.csv:3:1", "NUL");
  CHECK_REFUSED_AT(rows_of(""), "t.csv:1:1", "empty");
  CHECK_REFUSED_AT(rows_of("\n\n"), "t.csv:3:1", "empty");
  CHECK_REFUSED_AT(rows_of("\xFF\xFE"
                           "a"),
                   "t.csv:1:1", "UTF-16");
  CHECK_REFUSED_AT(rows_of("a\n1\n12345\n", {.max_field_bytes = 4}), "t.csv:3:1", "4 bytes");
  CHECK_REFUSED_AT(rows_of("a\n1\n\"12345\"\n", {.max_field_bytes = 4}), "t.csv:3:1", "4 bytes");
  CHECK_REFUSED_AT(rows_of("a,b\n1,2\n,,,\n", {.max_fields = 2}), "t.csv:3:3", "more than 2");
  CHECK_REFUSED_AT(rows_of("\xEF\xBB\xBF"
                           "a,b\n\xEF\xBB\xBF,\xE9\n",
                           {.encoding = CsvEncoding::kLatin1}),
                   "t.csv:2:3", "not UTF-8");
}

TEST_CASE("Columns are found by name, and a missing or doubled one is named", "[csv]") {
  const SetFolder folder;
  CsvReader reader(folder.write("t.csv", "a,\"b\"\"c\",d,d\n1,2,3,4\n"));
  CHECK(reader.column("b\"c") == 1);
  CHECK_REFUSED_AT(reader.column("x"), "t.csv:1:1", "\"x\" nowhere");
  CHECK_REFUSED_AT(reader.column("d"), "t.csv:1:1", "\"d\" twice");
}

TEST_CASE("Numbers are read whole and within their range", "[csv]") {
  const SetFolder folder;
  const auto path = folder.write("t.csv", "id,n\nx,4\nx, 3.5 \nx,1992.0\nx,nan\nx,\nx,4x\nx,8\n\"x\ny\",-1\nx,1e999\n");
  CsvReader reader(path);
  REQUIRE(reader.next());
  CHECK(reader.number(1, 1, 7) == 4);
  REQUIRE(reader.next());
  CHECK(reader.number(1, 1, 7) == 3.5);
  CHECK_REFUSED_AT(reader.whole_number(1, 1, 7), "t.csv:3:3", "\"n\" is \" 3.5 \"; it must be a whole number");
  REQUIRE(reader.next());
  CHECK(reader.whole_number(1, 0, 2000) == 1992);
  for (const char* place : {":5:3: ", ":6:3: ", ":7:3: ", ":8:3: ", ":10:4: ", ":11:3: "}) {
    REQUIRE(reader.next());
    const Refusal refused = refusal([&] { reader.number(1, 0, 7); });
    CHECK(refused.code == ErrorCode::kBadFormat);
    CHECK_THAT(refused.message, Catch::Matchers::Contains(place) && Catch::Matchers::Contains("from 0 to 7"));
  }
  CHECK_FALSE(reader.next());
}

TEST_CASE("A separator that ends lines or quotes is refused", "[csv]") {
  const SetFolder folder;
  const auto path = folder.write("t.csv", "a\n");
  for (const char separator : {'"', '\n', '\r', '\0'}) {
    CHECK(refusal([&] { CsvReader(path, {.separator = separator}); }).code == ErrorCode::kInvalidArgument);
  }
  CHECK(refusal([&] { CsvReader(folder.root() / "none.csv"); }).code == ErrorCode::kNotFound);
}
