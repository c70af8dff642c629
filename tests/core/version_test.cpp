#include "paa/core/version.h"

#include <string>

#include "catch.h"

TEST_CASE("the linked library has the version of its headers") {
  CHECK(std::string(paa::version()) == PAA_VERSION_STRING);
  CHECK(std::string(paa::version()) == std::to_string(PAA_VERSION_MAJOR) + "." + std::to_string(PAA_VERSION_MINOR) +
                                           "." + std::to_string(PAA_VERSION_PATCH));
}
