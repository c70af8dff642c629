/* A person file through paa.h: what is said is on the disk at once, and nothing of others is lost. Needs no model. */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "expect.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static char folder[] = "paa-person-XXXXXX";
static char file[64];

static paa_photo* grey(uint8_t level) {
  uint8_t rgb[12];
  paa_photo* photo = NULL;
  memset(rgb, level, sizeof rgb);
  EXPECT_OK(paa_photo_from_rgb(&photo, rgb, sizeof rgb, 2, 2, 6));
  return photo;
}

static paa_person* opened(void) {
  paa_person* person = NULL;
  EXPECT_OK(paa_person_open(&person, file, strlen(file)));
  return person;
}

static paa_person_info described(const paa_person* person) {
  paa_person_info info;
  EXPECT_OK(paa_person_info_init(&info, sizeof info));
  EXPECT_OK(paa_person_describe(&info, person));
  return info;
}

static void a_photos_hash_is_that_of_its_file(void) {
  /* sha256sum of "P6\n2 2\n255\n" and twelve bytes of 7, by coreutils. */
  static const char expected[] = "cf90c69f1da659e3063e82943b398cd7e1d220cb120a3ba4c8e764f647fad34c";
  unsigned char ppm[23] = "P6\n2 2\n255\n";
  const char* of_pixels = NULL;
  const char* of_file = NULL;
  size_t size = 0;
  paa_photo* pixels = grey(7);
  paa_photo* decoded = NULL;
  memset(ppm + 11, 7, 12);
  EXPECT_OK(paa_photo_decode(&decoded, ppm, sizeof ppm, NULL));
  EXPECT_OK(paa_photo_hash(&of_pixels, &size, pixels));
  EXPECT(size == 64 && strlen(of_pixels) == 64);
  EXPECT_OK(paa_photo_hash(&of_file, NULL, decoded));
  EXPECT(strcmp(of_pixels, of_file) == 0);
  EXPECT(strcmp(of_file, expected) == 0);
  paa_photo_free(pixels);
  paa_photo_free(decoded);
}

static void what_is_said_is_on_the_disk_at_once(void) {
  paa_photo* sea = grey(10);
  paa_photo* cat = grey(20);
  paa_person* person = opened();
  paa_person* later;
  paa_verdict verdict;
  const char* hash = NULL;
  EXPECT(access(file, F_OK) != 0); /* opening makes no file */
  EXPECT_OK(paa_person_rate(person, sea, 6));
  EXPECT_OK(paa_person_rate(person, sea, 5)); /* takes the place of the first */
  EXPECT_OK(paa_person_choose(person, sea, cat));
  EXPECT_OK(paa_person_keep(person, cat, 0));
  EXPECT(access(file, F_OK) == 0);
  later = opened();
  EXPECT(described(later).verdict_count == 3);
  EXPECT_OK(paa_verdict_init(&verdict, sizeof verdict));
  EXPECT_OK(paa_person_verdict(&verdict, later, 0));
  EXPECT_OK(paa_photo_hash(&hash, NULL, sea));
  EXPECT(verdict.kind == PAA_VERDICT_STARS && verdict.stars == 5 && verdict.time_ms > 0);
  EXPECT(verdict.photo_size == 64 && strcmp(verdict.photo, hash) == 0 && verdict.other_size == 0);
  EXPECT_OK(paa_person_verdict(&verdict, later, 1));
  EXPECT(verdict.kind == PAA_VERDICT_CHOICE && verdict.other_size == 64);
  EXPECT_OK(paa_person_verdict(&verdict, later, 2));
  EXPECT(verdict.kind == PAA_VERDICT_REJECT);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "index is 3", paa_person_verdict(&verdict, later, 3));
  paa_person_free(later);
  paa_person_free(person);
  paa_photo_free(sea);
  paa_photo_free(cat);
}

static void two_programs_lose_nothing_of_each_other(void) {
  paa_photo* mine = grey(30);
  paa_photo* yours = grey(40);
  paa_person* one = opened();
  paa_person* two = opened();
  const size_t before = described(one).verdict_count;
  EXPECT_OK(paa_person_rate(one, mine, 1));
  EXPECT_OK(paa_person_rate(two, yours, 7));
  EXPECT(described(two).verdict_count == before + 2); /* a change takes in what others wrote */
  EXPECT(described(one).verdict_count == before + 1);
  EXPECT_OK(paa_person_reload(one));
  EXPECT(described(one).verdict_count == before + 2);
  EXPECT_OK(paa_person_forget(one, mine));
  EXPECT_STATUS(PAA_NOT_FOUND, "nothing was said", paa_person_forget(one, mine));
  EXPECT_OK(paa_person_merge(one, two)); /* older copies do not bring it back */
  EXPECT(described(one).verdict_count == before + 1);
  paa_person_free(one);
  paa_person_free(two);
  paa_photo_free(mine);
  paa_photo_free(yours);
}

static void in_memory(void) {
  paa_photo* photo = grey(50);
  paa_person* person = NULL;
  paa_person* copy = NULL;
  paa_profile* profile = NULL;
  paa_text* json = NULL;
  const char* text = NULL;
  size_t size = 0;
  EXPECT_OK(paa_person_open(&person, NULL, 0));
  EXPECT_OK(paa_person_set_scale(person, 1, 5));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "scale from 1", paa_person_rate(person, photo, 5.5));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "scale", paa_person_rate(person, photo, NAN));
  EXPECT_OK(paa_person_rate(person, photo, 4.5));
  EXPECT_OK(paa_person_set_scale(person, 1, 5)); /* the same again */
  EXPECT_STATUS(PAA_MISMATCH, "scale", paa_person_set_scale(person, 1, 7));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "below", paa_person_set_scale(person, 5, 5));
  EXPECT_OK(paa_profile_from_json(&profile, TEXT("{\"age\": 34}")));
  EXPECT_OK(paa_person_set_profile(person, profile));
  EXPECT_OK(paa_person_skip(person, photo, NULL));
  EXPECT_OK(paa_person_to_json(&json, person));
  EXPECT_OK(paa_text_get(&text, &size, json));
  EXPECT(size == strlen(text) && strstr(text, "\"age\": 34") != NULL);
  EXPECT_OK(paa_person_from_json(&copy, text, size));
  paa_text_free(json);
  EXPECT_OK(paa_person_to_json(&json, copy));
  EXPECT_OK(paa_text_get(&text, NULL, json));
  EXPECT(strstr(text, "4.5") != NULL);
  EXPECT(described(copy).scale_high == 5 && described(copy).verdict_count == 1);
  EXPECT_STATUS(PAA_NOT_FOUND, "no concept", paa_person_enable_concept(copy, TEXT("boats"), 0));
  EXPECT_STATUS(PAA_NOT_FOUND, "no concept", paa_person_reword_concept(copy, TEXT("boats"), TEXT("ships")));
  paa_text_free(json);
  paa_profile_free(profile);
  paa_person_free(copy);
  paa_person_free(person);
  paa_photo_free(photo);
}

static void concepts_are_read_switched_and_reworded(void) {
  static const char json[] =
      "{\"format\": \"paa-person\", \"version\": 1, \"concepts\": [{\"name\": \"boats\", "
      "\"question\": \"How much of boats?\", \"low\": \"none\", \"high\": \"only boats\", \"low_words\": [\"empty\"], \"high_words\": [\"boats\"],"
      " \"cue\": \"The photo shows\", \"stated\": 2}], \"preferences\": [{\"statement\": \"likes boats\","
      " \"subject\": \"boats\", \"polarity\": \"like\", \"strength\": 2, \"confidence\": 0.9, \"topic\": \"\","
      " \"interview\": \"i\", \"turn\": 1, \"quote\": \"I like boats\"}]}";
  paa_person* person = NULL;
  paa_concept subject;
  paa_preference preference;
  EXPECT_OK(paa_person_from_json(&person, json, strlen(json)));
  if (person == NULL) return;
  EXPECT(described(person).concept_count == 1 && described(person).preference_count == 1);
  EXPECT_OK(paa_concept_init(&subject, sizeof subject));
  EXPECT_OK(paa_person_concept(&subject, person, 0));
  EXPECT(strcmp(subject.name, "boats") == 0 && subject.enabled == 1 && subject.stated == 2);
  EXPECT_OK(paa_person_enable_concept(person, TEXT("Boats"), 0));
  EXPECT_OK(paa_person_reword_concept(person, TEXT("boats"), TEXT("wooden boats")));
  EXPECT_OK(paa_person_concept(&subject, person, 0));
  EXPECT(strcmp(subject.name, "boats") == 0 && subject.enabled == 0 && strstr(subject.question, "wooden") != NULL);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "words", paa_person_reword_concept(person, TEXT("boats"), TEXT("")));
  EXPECT_OK(paa_preference_init(&preference, sizeof preference));
  EXPECT_OK(paa_person_preference(&preference, person, 0));
  EXPECT(preference.likes == 1 && preference.strength == 2 && strcmp(preference.quote, "I like boats") == 0);
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "index", paa_person_preference(&preference, person, 1));
  EXPECT_STATUS(PAA_INVALID_ARGUMENT, "index", paa_person_concept(&subject, person, 1));
  paa_person_free(person);
}

static void damaged_files_are_refused_and_kept(void) {
  paa_person* person = NULL;
  FILE* out = fopen(file, "w");
  char left[32] = "";
  paa_photo* photo = grey(60);
  if (out == NULL) return;
  fputs("{\"format\": \"paa-per", out);
  fclose(out);
  EXPECT_STATUS(PAA_BAD_FORMAT, file, paa_person_open(&person, file, strlen(file)));
  EXPECT(person == NULL);
  out = fopen(file, "r");
  EXPECT(out != NULL && fgets(left, sizeof left, out) != NULL && strcmp(left, "{\"format\": \"paa-per") == 0);
  if (out != NULL) fclose(out);
  EXPECT_OK(paa_person_delete_file(file, strlen(file)));
  EXPECT_STATUS(PAA_NOT_FOUND, file, paa_person_delete_file(file, strlen(file)));
  person = opened();
  EXPECT(described(person).verdict_count == 0);
  paa_person_free(person);
  EXPECT_OK(paa_person_open(&person, TEXT("no-such-folder/anna.json")));
  EXPECT_STATUS(PAA_NOT_FOUND, "folder", paa_person_rate(person, photo, 3));
  EXPECT(described(person).verdict_count == 0);
  paa_person_free(person);
  paa_photo_free(photo);
}

static void figures(void) {
  static const double ratings[4] = {1, 2, 3, 4}, means[4] = {1.5, 2, 2.5, 5}, spreads[4] = {1, 1, 1, 1};
  double out[PAA_METRIC_COUNT];
  EXPECT_OK(paa_metrics(out, ratings, means, spreads, 4, 2.5));
  EXPECT(out[PAA_METRIC_SROCC] == 1 && fabs(out[PAA_METRIC_MAE] - 0.5) < 1e-15 && out[PAA_METRIC_COVERAGE_95] == 1);
  EXPECT_OK(paa_metrics(out, ratings, means, NULL, 4, 2.5));
  EXPECT(isnan(out[PAA_METRIC_CRPS]) && out[PAA_METRIC_SROCC] == 1);
  EXPECT_OK(paa_metrics(out, NULL, NULL, NULL, 0, 2.5));
  EXPECT(isnan(out[PAA_METRIC_MAE]));
  EXPECT(strcmp(paa_metric_name(PAA_METRIC_CRPS), "crps") == 0);
  EXPECT(strcmp(paa_metric_name(-1), "unknown metric") == 0);
  EXPECT(strcmp(paa_metric_name(PAA_METRIC_COUNT), "unknown metric") == 0);
}

int main(void) {
  if (mkdtemp(folder) == NULL) return 2;
  snprintf(file, sizeof file, "%s/anna.json", folder);
  a_photos_hash_is_that_of_its_file();
  what_is_said_is_on_the_disk_at_once();
  two_programs_lose_nothing_of_each_other();
  in_memory();
  concepts_are_read_switched_and_reworded();
  damaged_files_are_refused_and_kept();
  figures();
  remove(file);
  rmdir(folder);
  return expect_failures == 0 ? 0 : 1;
}
