#pragma once
// catch.h and the models' headers, compiled once for all tests that need Torch.

#include "catch.h"

#include <ATen/TensorIndexing.h>
#include <ATen/TensorOperators.h>

#include "paa/nn/decoder.h"
#include "paa/nn/efficientnet_lite.h"
#include "paa/nn/rating_head.h"
#include "paa/nn/selective_fusion.h"
