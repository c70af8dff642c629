/* Calls every function of paa.h with arguments it must refuse: no crash, the right status, outputs NULL, a message.
 * Needs no model. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "expect.h"

#define BAD PAA_INVALID_ARGUMENT
#define TEXT(literal) literal, sizeof(literal) - 1

/* A value that an output must lose. */
static char somewhere;
#define DIRTY(type) ((type*)(void*)&somewhere)

static void status_and_version(void) {
  EXPECT(strcmp(paa_status_name(PAA_OK), "ok") == 0);
  EXPECT(strcmp(paa_status_name(PAA_BAD_FORMAT), "bad format") == 0);
  EXPECT(strcmp(paa_status_name(-1), "unknown status") == 0);
  EXPECT(strcmp(paa_status_name(11), "unknown status") == 0);
  EXPECT(strchr(paa_version(), '.') != NULL);
  EXPECT(strcmp(paa_last_error(), "") == 0); /* nothing has failed yet */
}

static void frees_take_null(void) {
  paa_cancel_free(NULL);
  paa_model_free(NULL);
  paa_profile_free(NULL);
  paa_prepared_free(NULL);
  paa_photo_free(NULL);
  paa_tokens_free(NULL);
  paa_text_free(NULL);
  paa_person_free(NULL);
  paa_predictor_free(NULL);
  paa_seen_free(NULL);
  paa_reasons_free(NULL);
  paa_interview_free(NULL);
  paa_features_free(NULL);
}

static void inits(void) {
  paa_run_options run;
  paa_load_options load;
  paa_model_info info;
  paa_photo_options photo;
  EXPECT_STATUS(BAD, "options is NULL", paa_run_options_init(NULL, sizeof run));
  EXPECT_STATUS(BAD, "options is NULL", paa_load_options_init(NULL, sizeof load));
  EXPECT_STATUS(BAD, "info is NULL", paa_model_info_init(NULL, sizeof info));
  EXPECT_STATUS(BAD, "options is NULL", paa_photo_options_init(NULL, sizeof photo));
  EXPECT_STATUS(BAD, "struct_size is 0", paa_run_options_init(&run, 0));
  EXPECT_STATUS(BAD, "struct_size is 8", paa_load_options_init(&load, 8));
  EXPECT_STATUS(BAD, "struct_size", paa_model_info_init(&info, SIZE_MAX));
  EXPECT_STATUS(BAD, "struct_size", paa_photo_options_init(&photo, sizeof photo - 1));
  EXPECT_OK(paa_run_options_init(&run, sizeof run));
  EXPECT(run.struct_size == sizeof run && run.cancel == NULL && run.progress == NULL);
  EXPECT_OK(paa_load_options_init(&load, sizeof load));
  EXPECT(load.struct_size == sizeof load && load.precision == PAA_PRECISION_AUTO && load.verify_max_bytes > 0);
  EXPECT_OK(paa_model_info_init(&info, sizeof info));
  EXPECT(info.struct_size == sizeof info && info.name == NULL);
  EXPECT_OK(paa_photo_options_init(&photo, sizeof photo));
  EXPECT(photo.max_bytes == UINT64_C(256) << 20 && photo.max_pixels == UINT64_C(200) << 20);
}

static void cancels(void) {
  paa_cancel* cancel = NULL;
  EXPECT_STATUS(BAD, "cancel is NULL", paa_cancel_new(NULL));
  EXPECT(paa_cancel_request(NULL) == BAD);
  EXPECT(paa_cancel_reset(NULL) == BAD);
  EXPECT_OK(paa_cancel_new(&cancel));
  EXPECT_OK(paa_cancel_request(cancel));
  EXPECT_OK(paa_cancel_reset(cancel));
  paa_cancel_free(cancel);
}

static void models(const char* folder) {
  paa_model* model = DIRTY(paa_model);
  paa_load_options options;
  paa_model_info info;
  EXPECT_STATUS(BAD, "model is NULL", paa_model_load(NULL, TEXT("name"), NULL));
  EXPECT_STATUS(BAD, "name is NULL", paa_model_load(&model, NULL, 4, NULL));
  EXPECT(model == NULL);
  EXPECT_STATUS(BAD, "zero byte", paa_model_load(&model, TEXT("na\0me"), NULL));
  EXPECT_STATUS(BAD, "count", paa_model_load(&model, "name", SIZE_MAX, NULL));
  EXPECT_STATUS(PAA_NOT_FOUND, "no-such-model", paa_model_load(&model, TEXT("no-such-model"), NULL));
  EXPECT_STATUS(PAA_NOT_FOUND, "", paa_model_load(&model, TEXT("\xff\xfe"), NULL));
  EXPECT_STATUS(PAA_NOT_FOUND, folder, paa_model_load(&model, folder, strlen(folder), NULL)); /* no model.json */
  EXPECT_OK(paa_load_options_init(&options, sizeof options));
  options.precision = 3;
  EXPECT_STATUS(BAD, "precision", paa_model_load(&model, TEXT("name"), &options));
  options.precision = PAA_PRECISION_F32;
  options.threads = -1;
  EXPECT_STATUS(BAD, "threads", paa_model_load(&model, TEXT("name"), &options));
  options.struct_size = 3;
  model = DIRTY(paa_model);
  EXPECT_STATUS(BAD, "struct_size is 3", paa_model_load(&model, TEXT("name"), &options));
  EXPECT(model == NULL);
  EXPECT_OK(paa_model_info_init(&info, sizeof info));
  EXPECT_STATUS(BAD, "model is NULL", paa_model_describe(&info, NULL));
}

static void profiles(void) {
  paa_profile* profile = DIRTY(paa_profile);
  EXPECT_STATUS(BAD, "profile is NULL", paa_profile_from_json(NULL, TEXT("{}")));
  EXPECT_STATUS(BAD, "json is NULL", paa_profile_from_json(&profile, NULL, 2));
  EXPECT(profile == NULL);
  EXPECT_STATUS(PAA_BAD_FORMAT, "", paa_profile_from_json(&profile, NULL, 0));
  EXPECT_STATUS(PAA_BAD_FORMAT, "line 1", paa_profile_from_json(&profile, TEXT("{\"age\": }")));
  EXPECT_STATUS(PAA_BAD_FORMAT, "shoe_size", paa_profile_from_json(&profile, TEXT("{\"shoe_size\": 40}")));
  EXPECT_STATUS(PAA_BAD_FORMAT, "age", paa_profile_from_json(&profile, TEXT("{\"age\": 900}")));
  EXPECT_STATUS(PAA_BAD_FORMAT, "UTF-8", paa_profile_from_json(&profile, TEXT("{\"about\": \"\xff\"}")));
  EXPECT_STATUS(PAA_BAD_FORMAT, "", paa_profile_from_json(&profile, TEXT("[]")));
  EXPECT_STATUS(BAD, "profile is NULL", paa_profile_read(NULL, TEXT("p.json")));
  profile = DIRTY(paa_profile);
  EXPECT_STATUS(BAD, "path is NULL", paa_profile_read(&profile, NULL, 1));
  EXPECT(profile == NULL);
  EXPECT_STATUS(BAD, "path is empty", paa_profile_read(&profile, NULL, 0));
  EXPECT_STATUS(BAD, "zero byte", paa_profile_read(&profile, TEXT("p\0.json")));
  EXPECT_STATUS(PAA_NOT_FOUND, "no-such.json", paa_profile_read(&profile, TEXT("no-such.json")));
  /* The length decides, not a zero byte: what follows the object is not read. */
  EXPECT_OK(paa_profile_from_json(&profile, "{}garbage", 2));
  EXPECT(profile != NULL);
  paa_profile_free(profile);
}

static void prepared(void) {
  paa_prepared* person = DIRTY(paa_prepared);
  const char* text = &somewhere;
  size_t size = 1;
  EXPECT_STATUS(BAD, "prepared is NULL", paa_model_prepare(NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "model is NULL", paa_model_prepare(&person, NULL, NULL));
  EXPECT(person == NULL);
  EXPECT_STATUS(BAD, "text is NULL", paa_prepared_text(NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "prepared is NULL", paa_prepared_text(&text, &size, NULL));
  EXPECT(text == NULL && size == 0);
}

static void photo_files(const char* folder) {
  static const unsigned char ppm[] = "P6 2 1 255\n\x01\x02\x03\x04\x05\x06";
  paa_photo* photo = DIRTY(paa_photo);
  paa_photo_options options;
  int32_t width = 0;
  int32_t height = 0;
  EXPECT_STATUS(BAD, "photo is NULL", paa_photo_read(NULL, TEXT("p.jpg"), NULL));
  EXPECT_STATUS(BAD, "path is NULL", paa_photo_read(&photo, NULL, 1, NULL));
  EXPECT(photo == NULL);
  EXPECT_STATUS(BAD, "path is empty", paa_photo_read(&photo, TEXT(""), NULL));
  EXPECT_STATUS(BAD, "zero byte", paa_photo_read(&photo, TEXT("p\0.jpg"), NULL));
  EXPECT_STATUS(PAA_NOT_FOUND, "no-such.jpg", paa_photo_read(&photo, TEXT("no-such.jpg"), NULL));
  /* The message is UTF-8 even if the path is not. */
  EXPECT_STATUS(PAA_NOT_FOUND, "\xEF\xBF\xBD.jpg", paa_photo_read(&photo, TEXT("\xff\xfe.jpg"), NULL));
  EXPECT_STATUS(BAD, "folder", paa_photo_read(&photo, folder, strlen(folder), NULL));
  EXPECT_STATUS(BAD, "photo is NULL", paa_photo_decode(NULL, ppm, sizeof ppm - 1, NULL));
  EXPECT_STATUS(BAD, "bytes is NULL", paa_photo_decode(&photo, NULL, 1, NULL));
  EXPECT_STATUS(PAA_BAD_FORMAT, "", paa_photo_decode(&photo, NULL, 0, NULL));
  EXPECT_STATUS(PAA_BAD_FORMAT, "", paa_photo_decode(&photo, TEXT("no image at all"), NULL));
  EXPECT_STATUS(PAA_BAD_FORMAT, "", paa_photo_decode(&photo, ppm, sizeof ppm - 3, NULL)); /* truncated */
  EXPECT_OK(paa_photo_options_init(&options, sizeof options));
  options.max_pixels = 1;
  photo = DIRTY(paa_photo);
  EXPECT_STATUS(PAA_LIMIT_EXCEEDED, "", paa_photo_decode(&photo, ppm, sizeof ppm - 1, &options));
  EXPECT(photo == NULL);
  options.struct_size = sizeof options - 1;
  EXPECT_STATUS(BAD, "struct_size", paa_photo_decode(&photo, ppm, sizeof ppm - 1, &options));
  EXPECT_OK(paa_photo_decode(&photo, ppm, sizeof ppm - 1, NULL));
  EXPECT_OK(paa_photo_size(&width, &height, photo));
  EXPECT(width == 2 && height == 1);
  EXPECT_STATUS(BAD, "width is NULL", paa_photo_size(NULL, &height, photo));
  EXPECT_STATUS(BAD, "height is NULL", paa_photo_size(&width, NULL, photo));
  EXPECT_STATUS(BAD, "photo is NULL", paa_photo_size(&width, &height, NULL));
  paa_photo_free(photo);
}

static void photo_pixels(void) {
  static const uint8_t rgb[16] = {0};
  paa_photo* photo = DIRTY(paa_photo);
  EXPECT_STATUS(BAD, "photo is NULL", paa_photo_from_rgb(NULL, rgb, 12, 2, 2, 6));
  EXPECT_STATUS(BAD, "rgb is NULL", paa_photo_from_rgb(&photo, NULL, 12, 2, 2, 6));
  EXPECT(photo == NULL);
  EXPECT_STATUS(BAD, "width", paa_photo_from_rgb(&photo, rgb, 12, 0, 2, 6));
  EXPECT_STATUS(BAD, "height", paa_photo_from_rgb(&photo, rgb, 12, 2, -1, 6));
  EXPECT_STATUS(BAD, "stride", paa_photo_from_rgb(&photo, rgb, 12, 2, 2, 5));
  EXPECT_STATUS(BAD, "size", paa_photo_from_rgb(&photo, rgb, 11, 2, 2, 6));
  EXPECT_STATUS(BAD, "size",
                paa_photo_from_rgb(&photo, rgb, 13, 2, 2, 8)); /* the last row needs no padding, but its pixels */
  EXPECT_STATUS(BAD, "size", paa_photo_from_rgb(&photo, rgb, sizeof rgb, 2, 2, SIZE_MAX));
  EXPECT_STATUS(PAA_LIMIT_EXCEEDED, "limit", paa_photo_from_rgb(&photo, rgb, SIZE_MAX, INT32_MAX, INT32_MAX, SIZE_MAX));
  EXPECT_OK(paa_photo_from_rgb(&photo, rgb, 14, 2, 2, 8));
  paa_photo_free(photo);
}

static void encoding_and_scores(void) {
  paa_photo* fitted = DIRTY(paa_photo);
  paa_tokens* tokens[2] = {DIRTY(paa_tokens), DIRTY(paa_tokens)};
  const paa_photo* photos[2] = {NULL, NULL};
  const paa_tokens* seen[1] = {NULL};
  const paa_prepared* people[1] = {NULL};
  double mean = 42;
  EXPECT_STATUS(BAD, "fitted is NULL", paa_model_fit(NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "model is NULL", paa_model_fit(&fitted, NULL, NULL));
  EXPECT(fitted == NULL);
  EXPECT_STATUS(BAD, "model is NULL", paa_model_encode(tokens, NULL, photos, 2, NULL));
  EXPECT(tokens[0] == NULL && tokens[1] == NULL);
  EXPECT_STATUS(BAD, "tokens is NULL", paa_model_encode(NULL, NULL, photos, 2, NULL));
  EXPECT_STATUS(BAD, "count", paa_model_encode(tokens, NULL, photos, SIZE_MAX, NULL));
  EXPECT_STATUS(BAD, "model is NULL", paa_model_score_photos(&mean, NULL, NULL, NULL, NULL, seen, 1, NULL));
  EXPECT_STATUS(BAD, "model is NULL", paa_model_score_people(&mean, NULL, NULL, NULL, people, 1, NULL, NULL));
  EXPECT(mean == 42);
}

/* Of each pair of lines: a size that no version of the struct has had, and its own. */
static void inits_of_a_person(void) {
  paa_person_info info;
  paa_verdict verdict;
  paa_preference preference;
  paa_concept subject;
  paa_predictor_options predictor;
  paa_ask_options ask;
  paa_interview_options interview;
  paa_interview_question question;
  EXPECT_STATUS(BAD, "struct_size", paa_person_info_init(&info, sizeof info - 1));
  EXPECT_OK(paa_person_info_init(&info, sizeof info));
  EXPECT_STATUS(BAD, "struct_size", paa_verdict_init(&verdict, 8));
  EXPECT_OK(paa_verdict_init(&verdict, sizeof verdict));
  EXPECT_STATUS(BAD, "struct_size", paa_preference_init(&preference, 0));
  EXPECT_OK(paa_preference_init(&preference, sizeof preference));
  EXPECT_STATUS(BAD, "struct_size", paa_concept_init(&subject, SIZE_MAX));
  EXPECT_OK(paa_concept_init(&subject, sizeof subject));
  EXPECT_STATUS(BAD, "struct_size", paa_predictor_options_init(&predictor, 1));
  EXPECT_OK(paa_predictor_options_init(&predictor, sizeof predictor));
  EXPECT_STATUS(BAD, "struct_size", paa_ask_options_init(&ask, 1));
  EXPECT_OK(paa_ask_options_init(&ask, sizeof ask));
  EXPECT(ask.count == 1 && ask.threshold < 0);
  EXPECT_STATUS(BAD, "struct_size", paa_interview_options_init(&interview, 1));
  EXPECT_OK(paa_interview_options_init(&interview, sizeof interview));
  EXPECT(interview.language_size == 2 && interview.questions >= 4);
  EXPECT_STATUS(BAD, "struct_size", paa_interview_question_init(&question, 1));
  EXPECT_OK(paa_interview_question_init(&question, sizeof question));
}

static void persons(void) {
  paa_person* person = DIRTY(paa_person);
  paa_profile* profile = DIRTY(paa_profile);
  paa_text* text = DIRTY(paa_text);
  paa_person_info info;
  paa_verdict verdict;
  paa_preference preference;
  paa_concept subject;
  const char* data = &somewhere;
  size_t size = 1;
  EXPECT_OK(paa_person_info_init(&info, sizeof info));
  EXPECT_OK(paa_verdict_init(&verdict, sizeof verdict));
  EXPECT_OK(paa_preference_init(&preference, sizeof preference));
  EXPECT_OK(paa_concept_init(&subject, sizeof subject));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_open(NULL, TEXT("p.json")));
  EXPECT_STATUS(BAD, "path is NULL", paa_person_open(&person, NULL, 1));
  EXPECT(person == NULL);
  EXPECT_STATUS(BAD, "zero byte", paa_person_open(&person, TEXT("p\0.json")));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_from_json(NULL, TEXT("{}")));
  person = DIRTY(paa_person);
  EXPECT_STATUS(PAA_BAD_FORMAT, "format", paa_person_from_json(&person, TEXT("{}")));
  EXPECT(person == NULL);
  EXPECT_STATUS(PAA_UNSUPPORTED, "newer",
                paa_person_from_json(&person, TEXT("{\"format\": \"paa-person\", \"version\": 99}")));
  EXPECT_STATUS(BAD, "json is NULL", paa_person_to_json(NULL, NULL));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_to_json(&text, NULL));
  EXPECT(text == NULL);
  EXPECT_STATUS(BAD, "data is NULL", paa_text_get(NULL, &size, NULL));
  EXPECT_STATUS(BAD, "text is NULL", paa_text_get(&data, &size, NULL));
  EXPECT(data == NULL && size == 0);
  EXPECT_STATUS(BAD, "person is NULL", paa_person_reload(NULL));
  EXPECT_STATUS(BAD, "path is empty", paa_person_delete_file(NULL, 0));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_describe(&info, NULL));
  EXPECT_STATUS(BAD, "info is NULL", paa_person_describe(NULL, NULL));
  EXPECT_STATUS(BAD, "profile is NULL", paa_person_profile(NULL, NULL));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_profile(&profile, NULL));
  EXPECT(profile == NULL);
  EXPECT_STATUS(BAD, "person is NULL", paa_person_set_profile(NULL, NULL));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_set_scale(NULL, 1, 7));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_rate(NULL, NULL, 3));
  EXPECT_STATUS(BAD, "better is NULL", paa_person_choose(NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "photo is NULL", paa_person_keep(NULL, NULL, 1));
  EXPECT_STATUS(BAD, "photo is NULL", paa_person_skip(NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_forget(NULL, NULL));
  EXPECT_STATUS(BAD, "other is NULL", paa_person_merge(NULL, NULL));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_verdict(&verdict, NULL, 0));
  EXPECT_STATUS(BAD, "verdict is NULL", paa_person_verdict(NULL, NULL, 0));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_preference(&preference, NULL, 0));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_concept(&subject, NULL, 0));
  EXPECT_STATUS(BAD, "person is NULL", paa_person_enable_concept(NULL, TEXT("boats"), 1));
  EXPECT_STATUS(BAD, "words is NULL", paa_person_reword_concept(NULL, TEXT("boats"), NULL, 1));
  EXPECT_STATUS(BAD, "hash is NULL", paa_photo_hash(NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "photo is NULL", paa_photo_hash(&data, &size, NULL));
}

static void predictors(void) {
  paa_predictor* predictor = DIRTY(paa_predictor);
  paa_features* features = DIRTY(paa_features);
  paa_reasons* reasons = DIRTY(paa_reasons);
  paa_interview* interview = DIRTY(paa_interview);
  paa_interview_question question;
  paa_text* text = DIRTY(paa_text);
  paa_seen* seen[1] = {DIRTY(paa_seen)};
  const char* data = &somewhere;
  size_t size = 1, indices[1];
  float row[1];
  double figures[PAA_METRIC_COUNT];
  EXPECT_STATUS(BAD, "predictor is NULL", paa_predictor_new(NULL, NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "model is NULL", paa_predictor_new(&predictor, NULL, NULL, NULL));
  EXPECT(predictor == NULL);
  EXPECT_STATUS(BAD, "predictor is NULL", paa_predictor_see(seen, NULL, NULL, 1, NULL));
  EXPECT(seen[0] == NULL);
  EXPECT_STATUS(BAD, "predictor is NULL", paa_predictor_learn(&size, NULL, NULL, NULL, 0, NULL));
  EXPECT_STATUS(BAD, "predictor is NULL", paa_predictor_predict(NULL, NULL, NULL, NULL, NULL, NULL, 0));
  EXPECT_STATUS(BAD, "reasons is NULL", paa_predictor_explain(NULL, NULL, NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "predictor is NULL", paa_predictor_explain(&reasons, NULL, NULL, NULL, NULL));
  EXPECT(reasons == NULL);
  EXPECT_STATUS(BAD, "reasons is NULL", paa_reasons_get(&data, &size, NULL, NULL, 0));
  EXPECT_STATUS(BAD, "found is NULL", paa_predictor_ask(NULL, indices, NULL, NULL, NULL, NULL, NULL, 0, NULL));
  EXPECT_STATUS(BAD, "predictor is NULL", paa_predictor_ask(&size, indices, NULL, NULL, NULL, NULL, NULL, 0, NULL));
  EXPECT_STATUS(BAD, "interview is NULL", paa_interview_begin(NULL, NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "person is NULL", paa_interview_begin(&interview, NULL, NULL, NULL));
  EXPECT(interview == NULL);
  EXPECT_OK(paa_interview_question_init(&question, sizeof question));
  EXPECT_STATUS(BAD, "question is NULL", paa_interview_ask(NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "interview is NULL", paa_interview_ask(&question, NULL, NULL));
  EXPECT_STATUS(BAD, "interview is NULL", paa_interview_answer(NULL, TEXT("boats")));
  EXPECT_STATUS(BAD, "interview is NULL", paa_interview_skip(NULL));
  EXPECT_STATUS(BAD, "interview is NULL", paa_interview_back(NULL));
  EXPECT_STATUS(BAD, "interview is NULL", paa_interview_stop(NULL));
  EXPECT_STATUS(BAD, "interview is NULL", paa_interview_snapshot(&text, NULL));
  EXPECT(text == NULL);
  EXPECT_STATUS(BAD, "interview is NULL", paa_interview_finish(NULL, NULL, NULL));
  EXPECT_STATUS(BAD, "reply is NULL", paa_chat_reply_add(NULL, TEXT("hello")));
  EXPECT_STATUS(BAD, "features is NULL", paa_features_new(NULL, NULL, TEXT("score")));
  EXPECT_STATUS(BAD, "model is NULL", paa_features_new(&features, NULL, TEXT("score")));
  EXPECT(features == NULL);
  EXPECT_STATUS(BAD, "columns is NULL", paa_features_columns(NULL, NULL));
  EXPECT_STATUS(BAD, "features is NULL", paa_features_columns(&size, NULL));
  EXPECT_STATUS(BAD, "features is NULL", paa_features_name(&data, &size, NULL, 0));
  EXPECT_STATUS(BAD, "features is NULL", paa_features_compute(row, NULL, NULL, 0, NULL));
  EXPECT_STATUS(BAD, "figures is NULL", paa_metrics(NULL, NULL, NULL, NULL, 0, 4));
  EXPECT_STATUS(BAD, "means is NULL", paa_metrics(figures, figures, NULL, NULL, 1, 4));
}

struct logged {
  int calls;
  char last[256];
  paa_status answer;
};

static paa_status keep_line(int32_t level, const char* text, size_t size, void* user_data) {
  struct logged* log = user_data;
  EXPECT(level == PAA_LOG_DEBUG);
  ++log->calls;
  snprintf(log->last, sizeof log->last, "%.*s", (int)size, text);
  return log->answer;
}

static void fail_once(void) { EXPECT(paa_cancel_new(NULL) == BAD); }

static void log_callback(void) {
  struct logged log = {0, "", PAA_OK};
  EXPECT_OK(paa_set_log_callback(keep_line, &log));
  fail_once();
  fail_once();
  EXPECT(log.calls == 2);
  EXPECT(strcmp(log.last, "paa_cancel_new: cancel is NULL") == 0);
  log.answer = PAA_CANCELLED; /* the next line is the last that is wanted */
  fail_once();
  fail_once();
  EXPECT(log.calls == 3);
  EXPECT_OK(paa_set_log_callback(keep_line, &log));
  EXPECT_OK(paa_set_log_callback(NULL, NULL));
  fail_once();
  EXPECT(log.calls == 3);
}

static void* other_thread(void* unused) {
  (void)unused;
  EXPECT(strcmp(paa_last_error(), "") == 0);
  EXPECT_STATUS(PAA_NOT_FOUND, "elsewhere.json", paa_profile_read(&(paa_profile*){NULL}, TEXT("elsewhere.json")));
  return NULL;
}

static void last_error_is_each_threads_own(void) {
  pthread_t thread;
  fail_once();
  EXPECT(pthread_create(&thread, NULL, other_thread, NULL) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  EXPECT(strcmp(paa_last_error(), "cancel is NULL") == 0);
}

int main(void) {
  char folder[] = "paa-bad-arguments-XXXXXX";
  if (mkdtemp(folder) == NULL) return 2;
  status_and_version();
  frees_take_null();
  inits();
  cancels();
  models(folder);
  profiles();
  prepared();
  photo_files(folder);
  photo_pixels();
  encoding_and_scores();
  inits_of_a_person();
  persons();
  predictors();
  log_callback();
  last_error_is_each_threads_own();
  rmdir(folder);
  return expect_failures == 0 ? 0 : 1;
}
