# The libraries that come from the system, never vendored. Debian: see examples/setup.sh for the package names.

find_package(CURL REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PAA_SENTENCEPIECE REQUIRED IMPORTED_TARGET sentencepiece)
pkg_check_modules(PAA_PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(PAA_STB REQUIRED IMPORTED_TARGET stb)
# Only the command line's page and tests.
pkg_check_modules(PAA_HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
# Without it gradient-boosted trees are refused, and nothing else changes.
pkg_check_modules(PAA_XGBOOST IMPORTED_TARGET xgboost)
