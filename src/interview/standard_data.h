#pragma once
// The guides and readers beside this file, as the build put them into the library.

#include <string_view>

namespace paa {

struct StandardData {
  std::string_view language, json;
};

extern const StandardData kStandardGuides[2];
extern const StandardData kStandardReaders[1];

}  // namespace paa
