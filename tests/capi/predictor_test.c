/* One person through paa.h on the default model: seeing, learning, predicting, reasons, questions, an interview.
 * Exit status 77: skipped, because the model is not there. */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <unistd.h>

#include "default_model.h"
#include "expect.h"

#define TEXT(literal) literal, sizeof(literal) - 1

enum { kPhotos = 3 };

static paa_model* model;
static paa_photo* photos[kPhotos];
static paa_seen* seen[kPhotos];
static paa_person* person;
static paa_predictor* predictor;
static char folder[] = "paa-predictor-XXXXXX";
static char file[64];

static const paa_photo* const* all_photos(void) { return (const paa_photo* const*)photos; }
static const paa_seen* const* all_seen(void) { return (const paa_seen* const*)seen; }

static void verdicts_move_predictions(void) {
  double before[kPhotos], after[kPhotos], spreads[kPhotos], sure[kPhotos], surer[kPhotos];
  double levels[kPhotos][PAA_LEVEL_COUNT];
  size_t unseen = 9;
  EXPECT_OK(paa_predictor_predict(before, NULL, sure, NULL, predictor, all_seen(), kPhotos));
  for (int i = 0; i < kPhotos; ++i) EXPECT_OK(paa_person_rate(person, photos[i], fmin(before[i] + 0.5, 7)));
  EXPECT_OK(paa_predictor_learn(&unseen, predictor, person, all_seen(), kPhotos, NULL));
  EXPECT(unseen == 0);
  EXPECT_OK(paa_predictor_predict(after, spreads, surer, levels[0], predictor, all_seen(), kPhotos));
  for (int i = 0; i < kPhotos; ++i) EXPECT(after[i] > before[i] && after[i] < before[i] + 0.6);
  for (int i = 0; i < kPhotos; ++i) {
    double sum = 0;
    for (int k = 0; k < PAA_LEVEL_COUNT; ++k) sum += levels[i][k];
    EXPECT(fabs(sum - 1) < 1e-9);
    EXPECT(spreads[i] > surer[i] && surer[i] < sure[i]);
  }
}

static void reasons_sum_to_the_prediction(void) {
  paa_reasons* reasons = NULL;
  double usual = NAN, mean = NAN, sum, points = NAN;
  size_t count = 0, size = 0;
  const char* text = NULL;
  EXPECT_OK(paa_predictor_explain(&reasons, &usual, &count, predictor, seen[0]));
  EXPECT_OK(paa_predictor_predict(&mean, NULL, NULL, NULL, predictor, all_seen(), 1));
  sum = usual;
  for (size_t i = 0; i < count; ++i) {
    EXPECT_OK(paa_reasons_get(&text, &size, &points, reasons, i));
    EXPECT(size > 0 && strlen(text) == size);
    sum += points;
  }
  EXPECT(count > 1);
  EXPECT(fabs(fmin(fmax(sum, 1), 7) - mean) < 1e-5);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "index", paa_reasons_get(&text, &size, &points, reasons, count));
  EXPECT(text == NULL && size == 0);
  paa_reasons_free(reasons);
}

static void what_was_answered_is_not_asked(void) {
  paa_ask_options options;
  paa_person* other = NULL;
  size_t found = 9, asked[kPhotos], others[kPhotos];
  double gains[kPhotos];
  EXPECT_OK(paa_ask_options_init(&options, sizeof options));
  options.count = kPhotos;
  options.threshold = 0;
  EXPECT_OK(paa_predictor_ask(&found, asked, NULL, gains, predictor, person, all_seen(), kPhotos, &options));
  EXPECT(found == 0); /* all are rated */
  EXPECT_OK(paa_person_open(&other, NULL, 0));
  EXPECT_OK(paa_person_skip(other, photos[1], NULL));
  EXPECT_OK(paa_predictor_ask(&found, asked, NULL, gains, predictor, other, all_seen(), kPhotos, &options));
  EXPECT(found == 2 && asked[0] != 1 && asked[1] != 1 && gains[0] >= gains[1] && gains[1] > 0);
  options.pairs = 1;
  EXPECT_OK(paa_predictor_ask(&found, asked, others, NULL, predictor, other, all_seen(), kPhotos, &options));
  EXPECT(found > 0 && asked[0] != others[0]);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "others is NULL",
                paa_predictor_ask(&found, asked, NULL, NULL, predictor, other, all_seen(), kPhotos, &options));
  paa_person_free(other);
}

/* What was learned is in the file: another predictor needs no photo for it. */
static void the_file_is_enough(void) {
  paa_person* again = NULL;
  paa_predictor* fresh = NULL;
  double here[kPhotos], there[kPhotos];
  size_t unseen = 9;
  EXPECT_OK(paa_person_open(&again, file, strlen(file)));
  EXPECT_OK(paa_predictor_new(&fresh, model, again, NULL));
  EXPECT_OK(paa_predictor_learn(&unseen, fresh, again, NULL, 0, NULL));
  EXPECT(unseen == 0);
  EXPECT_OK(paa_predictor_predict(here, NULL, NULL, NULL, predictor, all_seen(), kPhotos));
  EXPECT_OK(paa_predictor_predict(there, NULL, NULL, NULL, fresh, all_seen(), kPhotos)); /* seen by a like predictor */
  EXPECT(memcmp(here, there, sizeof here) == 0);
  paa_predictor_free(fresh);
  paa_person_free(again);
}

static void strangers_are_refused(void) {
  paa_person* other = NULL;
  paa_predictor* theirs = NULL;
  paa_profile* profile = NULL;
  paa_photo* fitted = NULL;
  paa_seen* out[1] = {seen[0]};
  size_t unseen = 9;
  double mean = 42;
  paa_photo* never_seen = draw(1, 7);
  EXPECT_OK(paa_person_open(&other, NULL, 0));
  EXPECT_OK(paa_profile_from_json(&profile, TEXT("{\"age\": 70}")));
  EXPECT_OK(paa_person_set_profile(other, profile));
  EXPECT_OK(paa_predictor_new(&theirs, model, other, NULL));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "photos[0] was seen",
                paa_predictor_predict(&mean, NULL, NULL, NULL, theirs, all_seen(), 1));
  EXPECT(mean == 42);
  EXPECT_OK(paa_person_rate(other, never_seen, 3));
  EXPECT_OK(paa_predictor_learn(&unseen, theirs, other, NULL, 0, NULL));
  EXPECT(unseen == 1); /* its pixels are nowhere to be found */
  EXPECT_OK(paa_model_fit(&fitted, model, photos[0]));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "paa_model_fit",
                paa_predictor_see(out, predictor, (const paa_photo* const*)&fitted, 1, NULL));
  EXPECT(out[0] == NULL);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "paa_model_fit", paa_person_rate(other, fitted, 3));
  paa_photo_free(never_seen);
  paa_photo_free(fitted);
  paa_predictor_free(theirs);
  paa_profile_free(profile);
  paa_person_free(other);
}

static void features_have_names(void) {
  paa_features* features = NULL;
  float rows[2 * 64];
  const char* name = NULL;
  size_t columns = 0;
  EXPECT_OK(paa_features_new(&features, model, TEXT("statistics, composition")));
  EXPECT_OK(paa_features_columns(&columns, features));
  EXPECT(columns > 10 && columns <= 64);
  EXPECT_OK(paa_features_name(&name, NULL, features, 0));
  EXPECT(strncmp(name, "statistics: ", 12) == 0);
  EXPECT_OK(paa_features_compute(rows, features, all_photos(), 2, NULL));
  EXPECT(memcmp(rows, rows + columns, columns * sizeof *rows) != 0);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "index", paa_features_name(&name, NULL, features, columns));
  paa_features_free(features);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "shoes", paa_features_new(&features, model, TEXT("shoes")));
  EXPECT(features == NULL);
}

static void answer(paa_interview* interview, const char* text) {
  EXPECT_OK(paa_interview_answer(interview, text, strlen(text)));
}

static paa_interview_question ask(paa_interview* interview) {
  paa_interview_question question;
  EXPECT_OK(paa_interview_question_init(&question, sizeof question));
  EXPECT_OK(paa_interview_ask(&question, interview, NULL));
  return question;
}

static void an_interview_goes_on_where_it_broke_off(void) {
  paa_interview* interview = NULL;
  paa_interview_question question;
  paa_person_info info;
  paa_person* other = NULL;
  paa_text* json = NULL;
  const char* text = NULL;
  int asked = 0;
  EXPECT_OK(paa_interview_begin(&interview, model, person, NULL));
  question = ask(interview);
  EXPECT(question.turn == 1 && question.text_size > 0 && question.summary == 0);
  EXPECT_STATUS(PAA_NOT_FOUND, "nothing was answered", paa_interview_back(interview));
  answer(interview, "I love old wooden boats in the fog.");
  question = ask(interview);
  EXPECT(question.turn == 2);
  paa_interview_free(interview); /* the program ends here */

  EXPECT_OK(paa_interview_begin(&interview, model, person, NULL));
  question = ask(interview);
  EXPECT(question.turn == 2);
  answer(interview, "Crowded beaches put me off.");
  EXPECT_OK(paa_interview_stop(interview));
  while ((question = ask(interview)).turn != 0 && ++asked < 5) {
    EXPECT(question.summary == 1);
    answer(interview, "yes");
  }
  EXPECT(asked == 1);
  EXPECT_OK(paa_interview_snapshot(&json, interview));
  EXPECT_OK(paa_text_get(&text, NULL, json));
  EXPECT(strstr(text, "\"over\": true") != NULL || strstr(text, "\"over\":true") != NULL);
  EXPECT(strstr(text, "old wooden boats in the fog") != NULL);
  paa_text_free(json);
  EXPECT_OK(paa_person_open(&other, NULL, 0));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "begun with", paa_interview_finish(interview, other, NULL));
  paa_person_free(other);
  EXPECT_OK(paa_interview_finish(interview, person, NULL));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "finished", paa_interview_skip(interview));
  paa_interview_free(interview);
  EXPECT_OK(paa_person_info_init(&info, sizeof info));
  EXPECT_OK(paa_person_describe(&info, person));
  EXPECT(info.interview_count == 1 && info.preference_count >= 1 && info.concept_count >= 1);
}

struct host {
  int calls;
  paa_status answer;
};

/* A language model of the host program's: likes whatever stands between the marks. */
static paa_status host_chat(paa_chat_reply* reply, const char* request, size_t size, void* user_data) {
  struct host* host = user_data;
  static const char question[] = "What draws you to such a photo?";
  static const char reading[] = "{\"preferences\": []}";
  ++host->calls;
  EXPECT(size == strlen(request) && strstr(request, "\"messages\"") != NULL);
  if (host->answer != PAA_OK) return host->answer;
  if (strstr(request, "response_format") != NULL) return paa_chat_reply_add(reply, reading, sizeof reading - 1);
  for (size_t i = 0; i < sizeof question - 1; ++i) EXPECT_OK(paa_chat_reply_add(reply, question + i, 1));
  return PAA_OK;
}

static void the_host_may_bring_its_own_language_model(void) {
  struct host host = {0, PAA_OK};
  paa_interview_options options;
  paa_interview_question question;
  paa_interview* interview = NULL;
  EXPECT_OK(paa_interview_options_init(&options, sizeof options));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "model is NULL", paa_interview_begin(&interview, NULL, person, &options));
  options.chat = host_chat;
  options.chat_user_data = &host;
  EXPECT_OK(paa_interview_begin(&interview, NULL, person, &options));
  question = ask(interview);
  EXPECT(strcmp(question.text, "What draws you to such a photo?") == 0 && host.calls == 1);
  answer(interview, "The light.");
  host.answer = PAA_IO; /* it fails: the guide's own question stands in */
  question = ask(interview);
  EXPECT(question.turn == 2 && question.text_size > 0);
  paa_interview_free(interview);
  options.questions = 3;
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "questions", paa_interview_begin(&interview, NULL, person, &options));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "model is NULL", paa_interview_begin(&interview, NULL, person, NULL));
  EXPECT(interview == NULL);
}

int main(void) {
  const int absent = load_model(&model);
  if (absent != 0) return absent;
  if (mkdtemp(folder) == NULL) return 2;
  snprintf(file, sizeof file, "%s/anna.json", folder);
  for (int i = 0; i < kPhotos; ++i) photos[i] = draw(i, 0);
  EXPECT_OK(paa_person_open(&person, file, strlen(file)));
  EXPECT_OK(paa_predictor_new(&predictor, model, person, NULL));
  EXPECT_OK(paa_predictor_see(seen, predictor, all_photos(), kPhotos, NULL));

  verdicts_move_predictions();
  reasons_sum_to_the_prediction();
  what_was_answered_is_not_asked();
  the_file_is_enough();
  strangers_are_refused();
  features_have_names();
  an_interview_goes_on_where_it_broke_off();
  the_host_may_bring_its_own_language_model();

  paa_model_free(model); /* before what was made from it: any order will do */
  EXPECT_OK(paa_predictor_predict(NULL, NULL, NULL, NULL, predictor, all_seen(), kPhotos));
  for (int i = 0; i < kPhotos; ++i) paa_seen_free(seen[i]);
  for (int i = 0; i < kPhotos; ++i) paa_photo_free(photos[i]);
  paa_predictor_free(predictor);
  EXPECT_OK(paa_person_delete_file(file, strlen(file)));
  paa_person_free(person);
  rmdir(folder);
  return expect_failures == 0 ? 0 : 1;
}
