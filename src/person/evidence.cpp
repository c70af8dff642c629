#include "paa/person/evidence.h"
