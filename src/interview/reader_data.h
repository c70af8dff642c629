#pragma once
// A ContrastReader's data: src/interview/readers, read.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "paa/interview/clauses.h"

namespace paa {

struct PolarityContrast {
  std::string cue;
  std::vector<std::string> like, dislike;
  double like_weight = 0, stated_weight = 0, stated_size_weight = 0;
};

struct ReaderData {
  ClauseWords clauses;
  std::vector<std::string> evasions;  // phrases of clauses that answer nothing, lower case
  struct {
    std::string text;  // with {clause}
    std::vector<std::string> neutral;
    std::vector<PolarityContrast> contrasts;
    double like_bias = 0, stated_bias = 0;
  } polarity;
  struct {
    std::string heading;
    std::vector<std::pair<std::string, std::string>> examples;  // sentence, what it is about
    std::size_t longest = 0;                                    // words
    std::vector<std::string> inner_words, function_words;
  } subject;
  struct {
    std::string text, cue;  // text with {subject}
    std::vector<std::string> neutral;
    std::vector<std::pair<std::string, std::vector<std::string>>> words;  // by the guide's key
  } topic;
};

/// Null if there is none for the language. Thread-safe.
const ReaderData* find_reader_data(std::string_view language);

}  // namespace paa
