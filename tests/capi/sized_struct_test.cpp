// Callers and library of different versions, played with two versions of one struct.
#include "sized_struct.h"

#include <cstring>

#include "catch.h"

namespace {

struct OptionsV1 {
  std::size_t struct_size;
  int colour;
  int size;
};

struct OptionsV2 {
  std::size_t struct_size;
  int colour;
  int size;
  double weight;
};

struct OptionsV3 {
  std::size_t struct_size;
  int colour;
  int size;
  double weight;
  void* later;
};

constexpr OptionsV2 kDefaults{sizeof(OptionsV2), 1, 2, 0.5};

// What this library, which knows version 2, makes of a caller's struct of another version.
template <class T>
OptionsV2 read(const T& caller) {
  return paa::capi::read_struct(reinterpret_cast<const OptionsV2*>(&caller), kDefaults, "options");
}

}  // namespace

template <>
inline constexpr std::size_t paa::capi::kFirstSize<OptionsV2> = sizeof(OptionsV1);

TEST_CASE("no options at all mean the defaults") {
  const auto options = paa::capi::read_struct<OptionsV2>(nullptr, kDefaults, "options");
  CHECK(options.colour == 1);
  CHECK(options.weight == 0.5);
}

TEST_CASE("an old caller's shorter struct is read as far as it goes and defaults fill the rest") {
  const auto options = read(OptionsV1{sizeof(OptionsV1), 7, 8});
  CHECK(options.colour == 7);
  CHECK(options.size == 8);
  CHECK(options.weight == 0.5);
}

TEST_CASE("a newer caller's longer struct is taken while its unknown part is zero") {
  CHECK(read(OptionsV3{sizeof(OptionsV3), 7, 8, 9, nullptr}).weight == 9);
}

TEST_CASE("a newer caller's option that is set but not known here is refused") {
  int target = 0;
  CHECK_THROWS_WITH(read(OptionsV3{sizeof(OptionsV3), 7, 8, 9, &target}), Catch::Contains("does not know"));
}

TEST_CASE("a struct size that no version has had is refused") {
  const std::size_t size =
      GENERATE(std::size_t{0}, sizeof(std::size_t), sizeof(OptionsV1) - 1, std::size_t{4097}, SIZE_MAX);
  CHECK_THROWS_WITH(read(OptionsV2{size, 1, 2, 3}), Catch::Contains(std::to_string(size)));
}

TEST_CASE("writing stays inside an old caller's struct and clears what is unknown in a newer one's") {
  struct {
    OptionsV1 options;
    unsigned char guard[16];
  } old;
  std::memset(&old, 0xAB, sizeof old);
  paa::capi::write_struct(reinterpret_cast<OptionsV2*>(&old.options), sizeof(OptionsV1), kDefaults, "options");
  CHECK(old.options.struct_size == sizeof(OptionsV1));
  CHECK(old.options.size == 2);
  for (unsigned char byte : old.guard) CHECK(byte == 0xAB);

  OptionsV3 newer;
  std::memset(&newer, 0xAB, sizeof newer);
  paa::capi::write_struct(reinterpret_cast<OptionsV2*>(&newer), sizeof newer, kDefaults, "options");
  CHECK(newer.struct_size == sizeof(OptionsV3));
  CHECK(newer.weight == 0.5);
  CHECK(newer.later == nullptr);
}
