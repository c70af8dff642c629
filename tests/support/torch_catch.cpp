#include "torch_catch.h"
