#pragma once
// How `paa score` writes a result: one line a photo, for people (text) or programs (json, csv).

#include <string>

#include "paa/person/profile.h"
#include "paa/pmllm/pmllm.h"
#include "score_stream.h"

namespace paa::cli {

enum class ScoreFormat { kText, kJson, kCsv };

/// What all lines of one run have in common.
struct ScoreRun {
  ModelInfo model;
  Profile profile;
  std::string profile_text;  ///< as the LLM reads it
  bool personal = false;     ///< whether photos come with reasons
};

/// The lines before the first photo: a remark for text, the column names for csv, nothing for json.
std::string format_header(ScoreFormat format, const ScoreRun& run);

/// One photo with its first score, ending in a newline. Text gives nothing for a photo that failed: its error belongs
/// on stderr. Numbers have six decimals at most; file names that are not UTF-8 get U+FFFD in JSON and stay as they are
/// in CSV and text; CSV quotes as RFC 4180 says and ends lines with LF.
std::string format_photo(ScoreFormat format, const ScoreRun& run, const ScoredPhoto& photo);

}  // namespace paa::cli
