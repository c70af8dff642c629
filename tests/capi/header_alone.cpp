// paa.h stands alone in C++ too, with C linkage.
#include "paa.h"

const char* header_alone() { return paa_version(); }
