#pragma once
// The models' headers and catch.h, compiled once for all tests that need Torch.

#include <ATen/TensorIndexing.h>
#include <ATen/TensorOperators.h>

#include "paa/nn/decoder.h"
#include "paa/nn/efficientnet_lite.h"
#include "paa/nn/rating_head.h"
#include "paa/nn/selective_fusion.h"

// Torch's logging has a CHECK of its own, which would abort instead of counting a failure.
#undef CHECK

#include "catch.h"
