/* The main job through paa.h on the default model: preparing, encoding, scoring, threads, cancelling, watching.
 * Exit status 77: skipped, because the model is not there. */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "default_model.h"
#include "expect.h"

enum { kPhotos = 3 };

static paa_model* model;
static paa_prepared* person;
static paa_photo* photos[kPhotos];
static paa_tokens* tokens[kPhotos];
static double scale_low, scale_high;
static int32_t precision;

/* How far the batch may move a score. */
static double batch_tolerance(void) {
  return (precision == PAA_PRECISION_F32 ? 1e-4 : 1e-2) * (scale_high - scale_low);
}

static const paa_photo* const* const_photos(void) { return (const paa_photo* const*)photos; }
static const paa_tokens* const* const_tokens(void) { return (const paa_tokens* const*)tokens; }

static void prepare_person(paa_prepared** out, const char* json) {
  paa_profile* profile = NULL;
  EXPECT_OK(paa_profile_from_json(&profile, json, strlen(json)));
  EXPECT_OK(paa_model_prepare(out, model, profile));
  paa_profile_free(profile);
}

static void model_says_what_it_is(void) {
  paa_model_info info;
  EXPECT_OK(paa_model_info_init(&info, sizeof info));
  EXPECT_OK(paa_model_describe(&info, model));
  EXPECT(info.name_size > 0 && strlen(info.name) == info.name_size);
  EXPECT(info.hash_size == 12 && strspn(info.hash, "0123456789abcdef") == 12);
  EXPECT(strlen(info.data_note) == info.data_note_size);
  EXPECT(info.scale_low < info.scale_high);
  EXPECT(info.precision == PAA_PRECISION_F32 || info.precision == PAA_PRECISION_BF16);
  scale_low = info.scale_low;
  scale_high = info.scale_high;
  precision = info.precision;
  info.struct_size = 1;
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "struct_size", paa_model_describe(&info, model));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "info is NULL", paa_model_describe(NULL, model));
}

static void profile_becomes_words(void) {
  paa_prepared* anyone = NULL;
  const char* text = NULL;
  size_t size = 0;
  prepare_person(&anyone, "{}");
  EXPECT_OK(paa_prepared_text(&text, &size, anyone));
  EXPECT(strcmp(text, "anyone.") == 0 && size == strlen(text));
  EXPECT_OK(paa_prepared_text(&text, NULL, person));
  EXPECT(strstr(text, "a woman") != NULL);
  paa_prepared_free(anyone);
}

static void too_long_profile_is_refused(void) {
  char json[3000] = "{\"about\": \"";
  paa_profile* profile = NULL;
  paa_prepared* refused = person;
  while (strlen(json) < sizeof json - 64) strcat(json, "I like boats and hills. ");
  strcat(json, "\"}");
  EXPECT_OK(paa_profile_from_json(&profile, json, strlen(json)));
  EXPECT_STATUS(PAA_LIMIT_EXCEEDED, "256", paa_model_prepare(&refused, model, profile));
  EXPECT(refused == NULL);
  paa_profile_free(profile);
}

static void scores_are_ratings(void) {
  double means[kPhotos], spreads[kPhotos], levels[kPhotos][PAA_LEVEL_COUNT], alone[kPhotos];
  EXPECT_OK(paa_model_score_photos(means, spreads, levels[0], model, person, const_tokens(), kPhotos, NULL));
  for (int i = 0; i < kPhotos; ++i) {
    double sum = 0, level = 0;
    for (int k = 0; k < PAA_LEVEL_COUNT; ++k) {
      EXPECT(levels[i][k] >= 0);
      sum += levels[i][k];
      level += k * levels[i][k];
    }
    EXPECT(fabs(sum - 1) < 1e-6);
    EXPECT(fabs(means[i] - (scale_low + (scale_high - scale_low) / (PAA_LEVEL_COUNT - 1) * level)) < 1e-5);
    EXPECT(spreads[i] > 0);
  }
  EXPECT(means[0] != means[1] && means[1] != means[2]);
  EXPECT_OK(paa_model_score_photos(alone, NULL, NULL, model, person, const_tokens(), kPhotos, NULL));
  EXPECT(memcmp(alone, means, sizeof means) == 0);
  EXPECT_OK(paa_model_score_photos(NULL, NULL, NULL, model, person, const_tokens(), kPhotos, NULL));
  EXPECT_OK(paa_model_score_photos(NULL, NULL, NULL, model, person, NULL, 0, NULL));
  EXPECT_OK(paa_model_encode(NULL, model, NULL, 0, NULL));
}

static void people_and_photos_give_the_same_score(void) {
  paa_prepared* other = NULL;
  const paa_prepared* people[2];
  double by_photo, by_people[2];
  prepare_person(&other, "{\"age\": 70, \"gender\": \"male\"}");
  people[0] = other;
  people[1] = person;
  EXPECT_OK(paa_model_score_photos(&by_photo, NULL, NULL, model, person, const_tokens(), 1, NULL));
  EXPECT_OK(paa_model_score_people(by_people, NULL, NULL, model, people, 2, tokens[0], NULL));
  EXPECT(fabs(by_people[1] - by_photo) < batch_tolerance());
  EXPECT(by_people[0] != by_people[1]);
  paa_prepared_free(other);
}

static double score_of(const paa_photo* photo) {
  paa_tokens* seen = NULL;
  double mean = NAN;
  EXPECT_OK(paa_model_encode(&seen, model, &photo, 1, NULL));
  EXPECT_OK(paa_model_score_photos(&mean, NULL, NULL, model, person, (const paa_tokens* const*)&seen, 1, NULL));
  paa_tokens_free(seen);
  return mean;
}

static void stride_and_fitting_change_nothing(void) {
  paa_photo* padded = draw(2, 13);
  paa_photo* fitted = NULL;
  const double score = score_of(photos[2]);
  EXPECT(score_of(padded) == score);
  EXPECT_OK(paa_model_fit(&fitted, model, photos[2]));
  EXPECT(score_of(fitted) == score);
  paa_photo_free(fitted);
  paa_photo_free(padded);
}

static void missing_elements_are_named(void) {
  const paa_photo* some[2] = {photos[0], NULL};
  paa_tokens* out[2] = {tokens[0], tokens[1]};
  const paa_tokens* seen[2] = {tokens[0], NULL};
  const paa_prepared* people[1] = {NULL};
  double mean = 42;
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "photos[1] is NULL", paa_model_encode(out, model, some, 2, NULL));
  EXPECT(out[0] == NULL && out[1] == NULL);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "photos is NULL", paa_model_encode(out, model, NULL, 2, NULL));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "photos[1] is NULL",
                paa_model_score_photos(&mean, NULL, NULL, model, person, seen, 2, NULL));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "person is NULL",
                paa_model_score_photos(&mean, NULL, NULL, model, NULL, seen, 1, NULL));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "count",
                paa_model_score_photos(&mean, NULL, NULL, model, person, seen, SIZE_MAX, NULL));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "people[0] is NULL",
                paa_model_score_people(&mean, NULL, NULL, model, people, 1, tokens[0], NULL));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "photo is NULL",
                paa_model_score_people(&mean, NULL, NULL, model, people, 1, NULL, NULL));
  EXPECT(mean == 42);
}

enum { kMany = 65 }; /* two steps */

struct watch {
  size_t calls, last_done;
  paa_status answer;
  paa_cancel* cancel; /* requested by another thread at the first call, if not NULL */
};

static void* request(void* cancel) {
  EXPECT_OK(paa_cancel_request(cancel));
  return NULL;
}

static paa_status watch(size_t done, size_t total, void* user_data) {
  struct watch* seen = user_data;
  EXPECT(done > seen->last_done && total == kMany);
  ++seen->calls;
  seen->last_done = done;
  if (seen->cancel != NULL && seen->calls == 1) {
    pthread_t thread;
    EXPECT(pthread_create(&thread, NULL, request, seen->cancel) == 0);
    EXPECT(pthread_join(thread, NULL) == 0);
  }
  return seen->answer;
}

static void long_calls_are_watched_and_stopped(void) {
  const paa_tokens* many[kMany];
  static double means[kMany];
  struct watch seen = {0, 0, PAA_OK, NULL};
  paa_run_options options;
  paa_cancel* cancel = NULL;
  paa_tokens* out[1] = {tokens[0]};
  for (int i = 0; i < kMany; ++i) many[i] = tokens[i % kPhotos];
  EXPECT_OK(paa_run_options_init(&options, sizeof options));
  options.progress = watch;
  options.progress_user_data = &seen;
  EXPECT_OK(paa_model_score_photos(means, NULL, NULL, model, person, many, kMany, &options));
  EXPECT(seen.calls > 1 && seen.last_done == kMany);

  seen = (struct watch){0, 0, -7, NULL};
  means[0] = 42;
  EXPECT_STATUS(-7, "callback", paa_model_score_photos(means, NULL, NULL, model, person, many, kMany, &options));
  EXPECT(seen.calls == 1 && means[0] == 42);

  EXPECT_OK(paa_cancel_new(&cancel));
  options.cancel = cancel;
  seen = (struct watch){0, 0, PAA_OK, cancel};
  EXPECT_STATUS(PAA_CANCELLED, "cancel",
                paa_model_score_photos(means, NULL, NULL, model, person, many, kMany, &options));
  EXPECT(seen.calls == 1 && means[0] == 42);

  /* The flag is still raised: calls begun now end too. */
  EXPECT_STATUS(PAA_CANCELLED, "cancel", paa_model_encode(out, model, const_photos(), 1, &options));
  EXPECT(out[0] == NULL);
  EXPECT_OK(paa_cancel_reset(cancel));
  options.progress = NULL;
  EXPECT_OK(paa_model_encode(out, model, const_photos(), 1, &options));
  paa_tokens_free(out[0]);
  paa_cancel_free(cancel);
}

static void cancelled_load_gives_no_model(void) {
  paa_load_options options;
  paa_model* none = model;
  paa_cancel* cancel = NULL;
  EXPECT_OK(paa_cancel_new(&cancel));
  EXPECT_OK(paa_cancel_request(cancel));
  EXPECT_OK(paa_load_options_init(&options, sizeof options));
  options.cancel = cancel;
  EXPECT_STATUS(PAA_CANCELLED, "cancel", paa_model_load(&none, NULL, 0, &options));
  EXPECT(none == NULL);
  paa_cancel_free(cancel);
}

static void handles_of_another_model_are_refused(void) {
  paa_model* other = NULL; /* the same weights in the other precision score differently, so they are another model */
  paa_load_options options;
  double mean = 42;
  EXPECT_OK(paa_load_options_init(&options, sizeof options));
  options.threads = 1;
  options.precision = precision == PAA_PRECISION_F32 ? PAA_PRECISION_BF16 : PAA_PRECISION_F32;
  EXPECT_OK(paa_model_load(&other, NULL, 0, &options));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "model",
                paa_model_score_photos(&mean, NULL, NULL, other, person, const_tokens(), 1, NULL));
  EXPECT(mean == 42);
  paa_model_free(other);
}

enum { kRepeats = 5 };

struct scoring {
  double means[kRepeats][kPhotos];
};

static void* score_repeatedly(void* results) {
  struct scoring* scoring = results;
  for (int i = 0; i < kRepeats; ++i) {
    EXPECT_OK(paa_model_score_photos(scoring->means[i], NULL, NULL, model, person, const_tokens(), kPhotos, NULL));
  }
  return NULL;
}

static void threads_share_a_model(void) {
  static struct scoring results[2];
  double expected[kPhotos];
  pthread_t threads[2];
  EXPECT_OK(paa_model_score_photos(expected, NULL, NULL, model, person, const_tokens(), kPhotos, NULL));
  for (int t = 0; t < 2; ++t) EXPECT(pthread_create(&threads[t], NULL, score_repeatedly, &results[t]) == 0);
  for (int t = 0; t < 2; ++t) EXPECT(pthread_join(threads[t], NULL) == 0);
  for (int t = 0; t < 2; ++t) {
    for (int i = 0; i < kRepeats; ++i) EXPECT(memcmp(results[t].means[i], expected, sizeof expected) == 0);
  }
}

int main(void) {
  const int absent = load_model(&model);
  if (absent != 0) return absent;
  model_says_what_it_is();
  prepare_person(&person, "{\"age\": 34, \"gender\": \"female\", \"education\": \"university\"}");
  for (int i = 0; i < kPhotos; ++i) photos[i] = draw(i, 0);
  EXPECT_OK(paa_model_encode(tokens, model, const_photos(), kPhotos, NULL));

  profile_becomes_words();
  too_long_profile_is_refused();
  scores_are_ratings();
  people_and_photos_give_the_same_score();
  stride_and_fitting_change_nothing();
  missing_elements_are_named();
  long_calls_are_watched_and_stopped();
  cancelled_load_gives_no_model();
  handles_of_another_model_are_refused();
  threads_share_a_model();

  paa_model_free(model); /* before what it made: any order will do */
  for (int i = 0; i < kPhotos; ++i) paa_tokens_free(tokens[i]);
  for (int i = 0; i < kPhotos; ++i) paa_photo_free(photos[i]);
  paa_prepared_free(person);
  return expect_failures == 0 ? 0 : 1;
}
