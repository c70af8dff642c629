#pragma once
// What stands behind the opaque handles of paa.h.

#include <filesystem>
#include <memory>
#include <string>

#include "arguments.h"
#include "paa.h"
#include "paa/core/progress.h"
#include "paa/image/image.h"
#include "paa/person/profile.h"
#include "paa/pmllm/pmllm.h"
#include "photo_hash.h"

struct paa_cancel {
  paa::Cancel value;
};

struct paa_text {
  std::string value;
};

struct paa_model {
  std::shared_ptr<const paa::Pmllm> value;  // shared with what is made from it, so that handles are freed in any order
  std::filesystem::path folder;
};

struct paa_profile {
  paa::Profile value;
};

struct paa_prepared {
  paa::PreparedProfile value;
};

struct paa_photo {
  paa::Image value;
  paa::capi::PhotoHash hash;
  std::filesystem::path path;  // empty: not known
};

struct paa_tokens {
  paa::VisionTokens value;
};

namespace paa::capi {

/// The flag behind a handle that may be NULL.
inline const Cancel* cancel_flag(const paa_cancel* cancel) { return cancel == nullptr ? nullptr : &cancel->value; }

/// Refuses a copy that paa_model_fit made, of which neither statistics nor identity are the photo's.
inline void check_whole(const paa_photo& photo) {
  if (!photo.hash.exists()) {
    refuse("the photo is a copy that paa_model_fit made smaller; hand in the one it was made from");
  }
}

/// What tells the photo from all others. Refuses as check_whole.
inline const std::string& hash_of(const paa_photo& photo) {
  check_whole(photo);
  return photo.hash.get(photo.value);
}

}  // namespace paa::capi
