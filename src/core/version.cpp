#include "paa/core/version.h"

namespace paa {

const char* version() noexcept { return PAA_VERSION_STRING; }

}  // namespace paa
