/* The library opened at run time, as plug-ins and other languages do: two threads load two models at once, everything
 * is freed, the library is closed, and opened again.
 *
 *   load_unload LIBRARY
 *
 * Exit status 77: skipped, because a model is not there. */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "paa.h"

enum { kSkipped = 77, kSide = 64 };

/* ISO C has no cast from an object pointer to a function pointer; POSIX wants dlsym to be used so. */
#define FIND(library, name)                           \
  do {                                                \
    void* found = dlsym(library, #name);              \
    memcpy(&calls.name, &found, sizeof calls.name);   \
    if (found == NULL) return fail("no symbol " #name); \
  } while (0)

static struct {
  paa_status (*paa_load_options_init)(paa_load_options*, size_t);
  paa_status (*paa_model_load)(paa_model**, const char*, size_t, const paa_load_options*);
  void (*paa_model_free)(paa_model*);
  paa_status (*paa_profile_from_json)(paa_profile**, const char*, size_t);
  void (*paa_profile_free)(paa_profile*);
  paa_status (*paa_model_prepare)(paa_prepared**, const paa_model*, const paa_profile*);
  void (*paa_prepared_free)(paa_prepared*);
  paa_status (*paa_photo_from_rgb)(paa_photo**, const uint8_t*, size_t, int32_t, int32_t, size_t);
  void (*paa_photo_free)(paa_photo*);
  paa_status (*paa_model_encode)(paa_tokens**, const paa_model*, const paa_photo* const*, size_t,
                                 const paa_run_options*);
  void (*paa_tokens_free)(paa_tokens*);
  paa_status (*paa_model_score_photos)(double*, double*, double*, const paa_model*, const paa_prepared*,
                                       const paa_tokens* const*, size_t, const paa_run_options*);
  const char* (*paa_last_error)(void);
} calls;

static int fail(const char* what) {
  fprintf(stderr, "%s\n", what);
  return 1;
}

static int find_calls(void* library) {
  FIND(library, paa_load_options_init);
  FIND(library, paa_model_load);
  FIND(library, paa_model_free);
  FIND(library, paa_profile_from_json);
  FIND(library, paa_profile_free);
  FIND(library, paa_model_prepare);
  FIND(library, paa_prepared_free);
  FIND(library, paa_photo_from_rgb);
  FIND(library, paa_photo_free);
  FIND(library, paa_model_encode);
  FIND(library, paa_tokens_free);
  FIND(library, paa_model_score_photos);
  FIND(library, paa_last_error);
  return 0;
}

struct job {
  const char* name;
  double mean;
  paa_status status;
  char error[512];
};

/* From nothing to a score, and everything freed. */
static void* score(void* argument) {
  static uint8_t rgb[3 * kSide * kSide];
  struct job* job = argument;
  paa_load_options options;
  paa_model* model = NULL;
  paa_profile* profile = NULL;
  paa_prepared* person = NULL;
  paa_photo* photo = NULL;
  paa_tokens* tokens = NULL;
  paa_status status = calls.paa_load_options_init(&options, sizeof options);
  options.threads = 1;
  if (status == PAA_OK) status = calls.paa_model_load(&model, job->name, strlen(job->name), &options);
  if (status == PAA_OK) status = calls.paa_profile_from_json(&profile, "{}", 2);
  if (status == PAA_OK) status = calls.paa_model_prepare(&person, model, profile);
  if (status == PAA_OK) status = calls.paa_photo_from_rgb(&photo, rgb, sizeof rgb, kSide, kSide, 3 * kSide);
  if (status == PAA_OK) status = calls.paa_model_encode(&tokens, model, (const paa_photo* const*)&photo, 1, NULL);
  if (status == PAA_OK) {
    status = calls.paa_model_score_photos(&job->mean, NULL, NULL, model, person, (const paa_tokens* const*)&tokens, 1,
                                          NULL);
  }
  job->status = status;
  if (status != PAA_OK) snprintf(job->error, sizeof job->error, "%s: %s", job->name, calls.paa_last_error());
  calls.paa_tokens_free(tokens);
  calls.paa_photo_free(photo);
  calls.paa_prepared_free(person);
  calls.paa_profile_free(profile);
  calls.paa_model_free(model);
  return NULL;
}

static int score_both_at_once(struct job jobs[2]) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) {
    if (pthread_create(&threads[i], NULL, score, &jobs[i]) != 0) return fail("no thread");
  }
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  for (int i = 0; i < 2; ++i) {
    if (jobs[i].status == PAA_NOT_FOUND) {
      printf("skipped: %s\n", jobs[i].error);
      return kSkipped;
    }
    if (jobs[i].status != PAA_OK) return fail(jobs[i].error);
  }
  return 0;
}

static int open_and_score(const char* path, struct job jobs[2]) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  int result;
  if (library == NULL) return fail(dlerror());
  result = find_calls(library);
  if (result == 0) result = score_both_at_once(jobs);
  if (dlclose(library) != 0) return fail(dlerror());
  return result;
}

int main(int argc, char** argv) {
  struct job first[2] = {{"smollm2-135m-efficientnet-lite1", 0, 0, ""}, {"smollm2-135m-efficientnet-lite0", 0, 0, ""}};
  struct job again[2] = {{"smollm2-135m-efficientnet-lite1", 0, 0, ""}, {"smollm2-135m-efficientnet-lite0", 0, 0, ""}};
  int result;
  if (argc != 2) return fail("load_unload LIBRARY");
  result = open_and_score(argv[1], first);
  if (result == 0) result = open_and_score(argv[1], again);
  if (result != 0) return result;
  if (first[0].mean == first[1].mean) return fail("two models give one score");
  for (int i = 0; i < 2; ++i) {
    if (first[i].mean != again[i].mean) return fail("the second time gives another score");
  }
  return 0;
}
