#include "paa/core/progress.h"

#include "catch.h"

TEST_CASE("a cancel flag stops a call once it is raised, and can be lowered") {
  paa::Cancel cancel;
  CHECK_NOTHROW(paa::throw_if_cancelled(nullptr));
  CHECK_NOTHROW(paa::throw_if_cancelled(&cancel));
  cancel.request();
  CHECK(cancel.requested());
  try {
    paa::throw_if_cancelled(&cancel);
    FAIL("was not cancelled");
  } catch (const paa::Error& error) {
    CHECK(error.code() == paa::ErrorCode::kCancelled);
  }
  cancel.reset();
  CHECK_NOTHROW(paa::throw_if_cancelled(&cancel));
}
