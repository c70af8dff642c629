/* Prints where the fields of paa.h's structs lie; compared with struct_layout.txt. */
#include <stddef.h>
#include <stdio.h>

#include "paa.h"

#define STRUCT(type) printf("%s %zu\n", #type, sizeof(type))
#define FIELD(type, field) printf("  %s %zu+%zu\n", #field, offsetof(type, field), sizeof(((type*)0)->field))

int main(void) {
  STRUCT(paa_run_options);
  FIELD(paa_run_options, struct_size);
  FIELD(paa_run_options, cancel);
  FIELD(paa_run_options, progress);
  FIELD(paa_run_options, progress_user_data);
  STRUCT(paa_load_options);
  FIELD(paa_load_options, struct_size);
  FIELD(paa_load_options, precision);
  FIELD(paa_load_options, threads);
  FIELD(paa_load_options, verify_max_bytes);
  FIELD(paa_load_options, cancel);
  FIELD(paa_load_options, roles);
  FIELD(paa_load_options, paths);
  FIELD(paa_load_options, part_count);
  STRUCT(paa_model_info);
  FIELD(paa_model_info, struct_size);
  FIELD(paa_model_info, name);
  FIELD(paa_model_info, name_size);
  FIELD(paa_model_info, hash);
  FIELD(paa_model_info, hash_size);
  FIELD(paa_model_info, data_note);
  FIELD(paa_model_info, data_note_size);
  FIELD(paa_model_info, scale_low);
  FIELD(paa_model_info, scale_high);
  FIELD(paa_model_info, precision);
  FIELD(paa_model_info, reserved);
  STRUCT(paa_photo_options);
  FIELD(paa_photo_options, struct_size);
  FIELD(paa_photo_options, max_bytes);
  FIELD(paa_photo_options, max_pixels);
  STRUCT(paa_person_info);
  FIELD(paa_person_info, struct_size);
  FIELD(paa_person_info, scale_low);
  FIELD(paa_person_info, scale_high);
  FIELD(paa_person_info, verdict_count);
  FIELD(paa_person_info, preference_count);
  FIELD(paa_person_info, concept_count);
  FIELD(paa_person_info, interview_count);
  STRUCT(paa_verdict);
  FIELD(paa_verdict, struct_size);
  FIELD(paa_verdict, kind);
  FIELD(paa_verdict, reserved);
  FIELD(paa_verdict, photo);
  FIELD(paa_verdict, photo_size);
  FIELD(paa_verdict, other);
  FIELD(paa_verdict, other_size);
  FIELD(paa_verdict, stars);
  FIELD(paa_verdict, time_ms);
  STRUCT(paa_preference);
  FIELD(paa_preference, struct_size);
  FIELD(paa_preference, statement);
  FIELD(paa_preference, statement_size);
  FIELD(paa_preference, subject);
  FIELD(paa_preference, subject_size);
  FIELD(paa_preference, quote);
  FIELD(paa_preference, quote_size);
  FIELD(paa_preference, likes);
  FIELD(paa_preference, strength);
  FIELD(paa_preference, confidence);
  STRUCT(paa_concept);
  FIELD(paa_concept, struct_size);
  FIELD(paa_concept, name);
  FIELD(paa_concept, name_size);
  FIELD(paa_concept, question);
  FIELD(paa_concept, question_size);
  FIELD(paa_concept, low);
  FIELD(paa_concept, low_size);
  FIELD(paa_concept, high);
  FIELD(paa_concept, high_size);
  FIELD(paa_concept, stated);
  FIELD(paa_concept, enabled);
  FIELD(paa_concept, reserved);
  STRUCT(paa_predictor_options);
  FIELD(paa_predictor_options, struct_size);
  FIELD(paa_predictor_options, population);
  FIELD(paa_predictor_options, population_size);
  FIELD(paa_predictor_options, cache);
  FIELD(paa_predictor_options, cache_size);
  FIELD(paa_predictor_options, chat);
  FIELD(paa_predictor_options, chat_user_data);
  STRUCT(paa_ask_options);
  FIELD(paa_ask_options, struct_size);
  FIELD(paa_ask_options, count);
  FIELD(paa_ask_options, pairs);
  FIELD(paa_ask_options, reserved);
  FIELD(paa_ask_options, threshold);
  STRUCT(paa_interview_options);
  FIELD(paa_interview_options, struct_size);
  FIELD(paa_interview_options, language);
  FIELD(paa_interview_options, language_size);
  FIELD(paa_interview_options, questions);
  FIELD(paa_interview_options, minutes);
  FIELD(paa_interview_options, chat);
  FIELD(paa_interview_options, chat_user_data);
  FIELD(paa_interview_options, photos);
  FIELD(paa_interview_options, photo_count);
  STRUCT(paa_interview_question);
  FIELD(paa_interview_question, struct_size);
  FIELD(paa_interview_question, turn);
  FIELD(paa_interview_question, summary);
  FIELD(paa_interview_question, text);
  FIELD(paa_interview_question, text_size);
  FIELD(paa_interview_question, photo);
  FIELD(paa_interview_question, photo_size);
  FIELD(paa_interview_question, other);
  FIELD(paa_interview_question, other_size);
  return 0;
}
