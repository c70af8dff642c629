#pragma once
// Walks the header of a GGUF file once, checking everything in it.

#include <map>
#include <string>
#include <vector>

#include "checkpoint/byte_cursor.h"
#include "checkpoint/tensor_table.h"
#include "paa/checkpoint/gguf.h"

namespace paa {

class GgufReader {
 public:
  GgufReader(std::span<const std::byte> bytes, const std::string& origin) : file_(bytes), cursor_(bytes, origin) {}

  /// Fills the fields below.
  void read();

  /// Reads one value of `type` at the cursor. `what` names it in messages.
  static GgufValue take_value(ByteCursor& cursor, GgufType type, const std::string& what, int depth = 0);

  std::uint32_t version = 0;
  std::map<std::string, GgufValue, std::less<>> metadata;
  TensorTable tensors;

 private:
  struct Pending {
    TensorInfo info;
    std::uint64_t offset;  ///< from the start of the data
    std::uint64_t bytes;
  };

  static GgufType take_type(ByteCursor& cursor, const std::string& what);
  void read_version();
  void read_metadata(std::uint64_t count);
  Pending read_tensor(std::uint64_t index);
  std::uint64_t alignment() const;
  void place(std::vector<Pending> pending);

  std::span<const std::byte> file_;
  ByteCursor cursor_;
};

}  // namespace paa
