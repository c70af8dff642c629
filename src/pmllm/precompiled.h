#pragma once
// The Torch headers that every file of the models includes, compiled once.

#include "paa/nn/decoder.h"
#include "paa/nn/efficientnet_lite.h"
#include "paa/nn/rating_head.h"
#include "paa/nn/selective_fusion.h"
