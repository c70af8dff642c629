#include "paa/data/rating_table.h"

namespace paa {

const char* to_string(Split split) noexcept {
  switch (split) {
    case Split::kTrain: return "train";
    case Split::kValidation: return "validation";
    case Split::kTest: return "test";
    case Split::kNone: break;
  }
  return "none";
}

}  // namespace paa
