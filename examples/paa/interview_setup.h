#pragma once
// What an interview on the command line and on the page needs: guide, who asks, who reads.

#include <CLI/App.hpp>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "paa/interview/interview.h"
#include "paa/pmllm/pmllm.h"
#include "rater_options.h"
#include "scoring_options.h"

namespace paa::cli {

/// Filled by the parse; must outlive it.
struct InterviewSetup {
  std::filesystem::path person;
  ScoringOptions scoring;            ///< the model that reads the answers
  std::string chat_url, chat_model;  ///< a server that asks and reads instead; empty: none
  std::string language = "en";       ///< a standard guide, or the file of one
  std::filesystem::path photos;      ///< a folder to show pairs of; empty: none
  int questions = 16, minutes = 0;
};

/// Adds --person, the model's options, --chat, --chat-model, --language, --photos, --questions and --minutes.
void add_interview_options(CLI::App& app, InterviewSetup& setup);

/// Up to three pairs from all over a list, whose neighbours are often of one occasion.
std::vector<std::array<std::string, 2>> photo_pairs_of(const std::vector<std::string>& paths);

/// An interview with all that it refers to.
class InterviewRun {
 public:
  /// Loads the model unless a server reads. Errors: those of Pmllm::load, HttpChat, Guide and Interview.
  InterviewRun(const InterviewSetup& setup, const Cancel* cancel);
  /// With a model that is loaded already and must outlive it, and these photos to show.
  InterviewRun(const InterviewSetup& setup, const Pmllm& model, std::vector<std::array<std::string, 2>> photo_pairs);
  ~InterviewRun();

  const Guide& guide() const noexcept;
  Interview& interview() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa::cli
