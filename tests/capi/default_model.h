#pragma once
// What tests need that ask the default model: whether it is there, and pictures.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "expect.h"

enum { kWidth = 300, kHeight = 200, kSkipped = 77 };

/* Whether the model's folder is missing, rather than refused. */
static int is_absent(void) {
  char path[4096];
  struct stat status;
  const char* home = getenv("PAA_HOME");
  if (home != NULL && home[0] != '\0') {
    snprintf(path, sizeof path, "%s/models", home);
  } else {
    snprintf(path, sizeof path, "%s/.cache/paa/models", getenv("HOME") != NULL ? getenv("HOME") : "");
  }
  return stat(path, &status) != 0;
}

/* Loads it. 0, or the exit status of a program that cannot go on: kSkipped if it is not there. */
static int load_model(paa_model** model) {
  paa_load_options options;
  paa_status status;
  EXPECT_OK(paa_load_options_init(&options, sizeof options));
  options.threads = 1; /* the calls made side by side are threads enough */
  status = paa_model_load(model, NULL, 0, &options);
  if (status == PAA_NOT_FOUND && is_absent()) {
    printf("skipped: %s\n", paa_last_error());
    return kSkipped;
  }
  EXPECT_OK(status);
  return status == PAA_OK ? 0 : 1;
}

/* Three different pictures; `padding` bytes stand between the rows. */
static paa_photo* draw(int kind, size_t padding) {
  const size_t stride = 3 * kWidth + padding;
  uint8_t* rgb = malloc(stride * kHeight);
  paa_photo* photo = NULL;
  memset(rgb, 255, stride * kHeight);
  for (size_t y = 0; y < kHeight; ++y) {
    for (size_t x = 0; x < kWidth; ++x) {
      uint8_t* pixel = rgb + y * stride + 3 * x;
      pixel[0] = (uint8_t)(kind == 0 ? 200 : x * 255 / kWidth);
      pixel[1] = (uint8_t)(kind == 1 ? y * 255 / kHeight : 40);
      pixel[2] = (uint8_t)(kind == 2 ? (x / 16 + y / 16) % 2 * 255 : 90);
    }
  }
  EXPECT_OK(paa_photo_from_rgb(&photo, rgb, stride * kHeight, kWidth, kHeight, stride));
  free(rgb);
  return photo;
}
