/* paa.h stands alone and is plain C; compiled as C99 and as C11 with every warning an error. */
#include "paa.h"

const char* header_alone(void);

const char* header_alone(void) { return paa_version(); }
