// Damages the fixtures at random: whatever comes out must be a paa::Error or a source that can be read to its end.

#include <random>

#include "checkpoint_data.h"
#include "paa/checkpoint/gguf.h"
#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/safetensors.h"

namespace {

using Bytes = std::vector<std::byte>;

// One to eight changes: a bit, a byte, a 64-bit number of a telling size, a piece cut out or doubled.
Bytes mutate(Bytes bytes, std::size_t reach, std::mt19937_64& random) {
  constexpr std::uint64_t kTelling[] = {0,          1,          0x7f,       0xff,       0xffff,
                                        1ull << 31, 1ull << 32, 1ull << 60, 1ull << 63, ~0ull};
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::size_t changes = 1 + below(8);
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t at = below(std::min(reach, bytes.size() - 16));
    const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(5)) {
      case 0: *place ^= std::byte{1} << below(8); break;
      case 1: *place = static_cast<std::byte>(random()); break;
      case 2: {
        const std::uint64_t value = kTelling[below(std::size(kTelling))];
        std::copy_n(reinterpret_cast<const std::byte*>(&value), below(2) == 0 ? 8 : 4, place);
        break;
      }
      case 3: bytes.erase(place, place + 1 + static_cast<std::ptrdiff_t>(below(8))); break;
      case 4: {
        const Bytes copy(place, place + 1 + static_cast<std::ptrdiff_t>(below(8)));
        bytes.insert(place, copy.begin(), copy.end());
        break;
      }
    }
  }
  return bytes;
}

void read_everything(const paa::WeightSource& source) {
  for (const auto& tensor : source.tensors()) {
    try {
      const auto values = source.read_f32(tensor.name);
      REQUIRE(values.size() == static_cast<std::size_t>(tensor.elements()));
    } catch (const paa::Error&) {
    }
  }
}

void walk(const paa::GgufValue& value) {
  value.as_integer();
  value.as_number();
  value.as_string();
  for (const auto& item : value.items()) walk(item);
}

void read_safetensors(Bytes bytes) { read_everything(paa::Safetensors::from_bytes(std::move(bytes), "mutant")); }

void read_gguf(Bytes bytes) {
  const auto file = paa::Gguf::from_bytes(std::move(bytes), "mutant");
  for (const auto& [key, value] : file.metadata()) walk(value);
  read_everything(file);
}

// Through a file, since a checkpoint is opened by its path.
void read_llm(Bytes bytes) {
  static const TemporaryFolder folder;
  const auto path = folder.path() / "mutant.gguf";
  paa::write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const auto checkpoint = paa::LlmCheckpoint::open(path);
  for (const auto& tensor : checkpoint.weights().tensors()) {
    REQUIRE(checkpoint.weights().read_f32(tensor.name).size() == static_cast<std::size_t>(tensor.elements()));
  }
}

// How many of `count` mutants were read; the others were refused with a paa::Error that has a message.
int survivors(const std::string& fixture, std::size_t reach, int count, void (*read)(Bytes)) {
  const auto original = paa::read_file(data_path(fixture), 1 << 20);
  std::mt19937_64 random(20240);
  int read_well = 0;
  for (int i = 0; i < count; ++i) {
    try {
      read(mutate(original, reach, random));
      ++read_well;
    } catch (const paa::Error& e) {
      REQUIRE_THAT(e.what(), Catch::Matchers::Contains("mutant"));
    }
  }
  return read_well;
}

void check_both(int count) {
  const int safetensors = survivors("types.safetensors", 700, count, read_safetensors);
  const int types = survivors("types.gguf", 1500, count, read_gguf);
  const int llama = survivors("llama.gguf", 2500, count, read_gguf);
  const int llm = survivors("llama.gguf", 2500, count / 10, read_llm);
  for (const int read_well : {safetensors, types, llama, llm}) {
    CHECK(read_well > 0);
    CHECK(read_well < count);
  }
}

}  // namespace

TEST_CASE("damaged files are refused or read, never more") { check_both(2000); }

TEST_CASE("damaged files are refused or read, never more, many times over", "[nightly]") { check_both(200000); }
