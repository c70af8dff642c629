#include "paa/person/concept.h"
