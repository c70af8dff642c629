/* Scores photos for the person that a profile describes, through paa.h in C99.
 *
 *   score MODEL PROFILE.json PHOTO...        MODEL is a folder or a name; "" is the default model
 *
 * Prints a line a photo: expected rating, its standard deviation, path. A photo that cannot be read does not stop the
 * others; the exit status is then 1. */
#include <stdio.h>
#include <string.h>

#include "paa.h"

static int complain(const char* what) {
  fprintf(stderr, "score: %s: %s\n", what, paa_last_error());
  return 1;
}

/* The photo is decoded, seen by the vision encoder and scored; only `mean` and `spread` remain of it. */
static paa_status score_photo(double* mean, double* spread, const paa_model* model, const paa_prepared* person,
                              const char* path) {
  paa_photo* photo = NULL;
  paa_tokens* tokens = NULL;
  paa_status status = paa_photo_read(&photo, path, strlen(path), NULL);
  if (status == PAA_OK) status = paa_model_encode(&tokens, model, (const paa_photo* const*)&photo, 1, NULL);
  if (status == PAA_OK) {
    status = paa_model_score_photos(mean, spread, NULL, model, person, (const paa_tokens* const*)&tokens, 1, NULL);
  }
  paa_tokens_free(tokens);
  paa_photo_free(photo);
  return status;
}

static int score_all(const paa_model* model, const paa_prepared* person, int count, char** paths) {
  int failed = 0;
  for (int i = 0; i < count; ++i) {
    double mean, spread;
    if (score_photo(&mean, &spread, model, person, paths[i]) != PAA_OK) {
      failed |= complain(paths[i]);
    } else {
      printf("%.4f  %.4f  %s\n", mean, spread, paths[i]);
    }
  }
  return failed;
}

int main(int argc, char** argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: %s MODEL PROFILE.json PHOTO...\n", argv[0]);
    return 2;
  }
  paa_model* model = NULL;
  paa_profile* profile = NULL;
  paa_prepared* person = NULL;
  int failed;
  if (paa_model_load(&model, argv[1], strlen(argv[1]), NULL) != PAA_OK) {
    failed = complain("the model");
  } else if (paa_profile_read(&profile, argv[2], strlen(argv[2])) != PAA_OK) {
    failed = complain("the profile");
  } else if (paa_model_prepare(&person, model, profile) != PAA_OK) {
    failed = complain("the profile");
  } else {
    failed = score_all(model, person, argc - 3, argv + 3);
  }
  paa_prepared_free(person);
  paa_profile_free(profile);
  paa_model_free(model);
  return failed;
}
