#include "paa/person/person.h"
