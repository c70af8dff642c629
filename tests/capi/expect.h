#pragma once
// Checks for test programs in C: a failed one is printed and counted, and the program goes on.

#include <stdio.h>
#include <string.h>

#include "paa.h"

static int expect_failures = 0;

#define EXPECT(condition)                                                       \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s:%d: expected: %s\n", __FILE__, __LINE__, #condition); \
      ++expect_failures;                                                        \
    }                                                                           \
  } while (0)

/* The call returns `expected`; a failing one leaves a message behind that contains `words`. */
#define EXPECT_STATUS(expected, words, call) expect_status((expected), (words), (call), #call, __LINE__)

static void expect_status(paa_status expected, const char* words, paa_status found, const char* call, int line) {
  if (found == expected && (found == PAA_OK || strstr(paa_last_error(), words) != NULL)) return;
  fprintf(stderr, "line %d: %s\n  is \"%s\" (%s), expected \"%s\" (%s)\n", line, call, paa_status_name(found),
          found == PAA_OK ? "" : paa_last_error(), paa_status_name(expected), words);
  ++expect_failures;
}

#define EXPECT_OK(call) EXPECT_STATUS(PAA_OK, "", call)
