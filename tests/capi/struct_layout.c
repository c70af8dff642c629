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
  return 0;
}
