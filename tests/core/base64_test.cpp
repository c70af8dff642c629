#include "paa/core/base64.h"

#include "catch.h"

TEST_CASE("Bytes become text with padding") {
  CHECK(paa::base64("") == "");
  CHECK(paa::base64("f") == "Zg==");
  CHECK(paa::base64("fo") == "Zm8=");
  CHECK(paa::base64("foobar") == "Zm9vYmFy");
  CHECK(paa::base64(std::string("\0\xFF", 2)) == "AP8=");
}
