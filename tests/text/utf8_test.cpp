#include "paa/text/utf8.h"

#include "golden_data.h"

TEST_CASE("bytes that are not UTF-8 are replaced as Python replaces them") {
  const paa::Json json = paa::read_json(golden::data_path("strings.json"));
  const auto& expected = json.at("broken_replaced");
  const auto& broken = json.at("broken_hex");
  REQUIRE(broken.size() >= 150);
  REQUIRE(expected.size() == broken.size());
  for (std::size_t i = 0; i < broken.size(); ++i) {
    const std::string bytes = golden::from_hex(broken[i].get<std::string>());
    INFO(broken[i]);
    CHECK(paa::replace_invalid_utf8(bytes) == expected[i].get<std::string>());
    CHECK(paa::is_utf8(bytes) == (paa::replace_invalid_utf8(bytes) == bytes));
  }
}

TEST_CASE("strings of one to three bytes around every border are UTF-8 exactly where nlohmann's JSON says so") {
  const auto accepted = [](const std::string& text) {
    try {
      paa::Json(text).dump();
      return true;
    } catch (const paa::Json::type_error&) {
      return false;
    }
  };
  std::size_t valid = 0;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; b += a < 0xC0 || a > 0xF7 ? 51 : 1) {
      for (const int c : {0x41, 0x80, 0xBF, 0xC3}) {
        const std::string text = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(c)};
        for (std::size_t size = 1; size <= 3; ++size) {
          const std::string part = text.substr(0, size);
          if (paa::is_utf8(part) != accepted(part)) FAIL_CHECK("differs for " << a << " " << b << " " << c);
          valid += paa::is_utf8(part);
        }
      }
    }
  }
  CHECK(valid > 1000);
}

TEST_CASE("well-formed text is left as it is, replaced text is well-formed") {
  for (const std::string& text : golden::strings()) {
    const std::string replaced = paa::replace_invalid_utf8(text);
    CHECK(paa::is_utf8(replaced));
    if (paa::is_utf8(text)) CHECK(replaced == text);
  }
}
