// Scores one grey photo with the default model through the installed C library. Where that model has not been fetched,
// loading it must fail with the status that says so.

#include <paa.h>

#include <stdio.h>
#include <string.h>

static int fail(const char* what) {
  fprintf(stderr, "%s: %s\n", what, paa_last_error());
  return 1;
}

int main(void) {
  static unsigned char grey[64 * 64 * 3];
  paa_model* model;
  paa_profile* anyone;
  paa_prepared* prepared;
  paa_photo* photo;
  paa_tokens* tokens;
  double mean = 0;

  const paa_status loaded = paa_model_load(&model, NULL, 0, NULL);
  if (loaded == PAA_NOT_FOUND && model == NULL && strlen(paa_last_error()) > 0) {
    printf("paa %s; no model to score with\n", paa_version());
    return 0;
  }
  if (loaded != PAA_OK) return fail("load");
  memset(grey, 128, sizeof grey);
  if (paa_profile_from_json(&anyone, "{}", 2) != PAA_OK) return fail("profile");
  if (paa_model_prepare(&prepared, model, anyone) != PAA_OK) return fail("prepare");
  if (paa_photo_from_rgb(&photo, grey, sizeof grey, 64, 64, 64 * 3) != PAA_OK) return fail("photo");
  if (paa_model_encode(&tokens, model, (const paa_photo* const*)&photo, 1, NULL) != PAA_OK) return fail("encode");
  if (paa_model_score_photos(&mean, NULL, NULL, model, prepared, (const paa_tokens* const*)&tokens, 1, NULL) != PAA_OK) {
    return fail("score");
  }
  printf("paa %s gives a grey photo %.2f\n", paa_version(), mean);
  paa_tokens_free(tokens);
  paa_photo_free(photo);
  paa_prepared_free(prepared);
  paa_profile_free(anyone);
  paa_model_free(model);
  return mean > 1 && mean < 7 ? 0 : 1;
}
