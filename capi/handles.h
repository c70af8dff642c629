#pragma once
// What stands behind the opaque handles of paa.h.

#include "paa.h"
#include "paa/core/progress.h"
#include "paa/image/image.h"
#include "paa/person/profile.h"
#include "paa/pmllm/pmllm.h"

struct paa_cancel {
  paa::Cancel value;
};

struct paa_model {
  paa::Pmllm value;
};

struct paa_profile {
  paa::Profile value;
};

struct paa_prepared {
  paa::PreparedProfile value;
};

struct paa_photo {
  paa::Image value;
};

struct paa_tokens {
  paa::VisionTokens value;
};

namespace paa::capi {

/// The flag behind a handle that may be NULL.
inline const Cancel* cancel_flag(const paa_cancel* cancel) { return cancel == nullptr ? nullptr : &cancel->value; }

}  // namespace paa::capi
