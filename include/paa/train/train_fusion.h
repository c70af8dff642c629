#pragma once
// Trains the fusion modules of P-MLLM on people's ratings; LLM and vision encoder stay frozen.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "paa/checkpoint/model_folder.h"
#include "paa/core/progress.h"
#include "paa/data/rating_table.h"
#include "paa/train/training_config.h"

namespace paa {

/// What one step did. The same numbers stand as a line of JSON in metrics.jsonl.
struct TrainingStep {
  std::int64_t step = 0;  ///< 1 .. steps
  std::int64_t steps = 0;
  double loss = 0;
  double cross_entropy = 0, plcc = 0, pairwise = 0;  ///< the terms of the loss before their weights; 0 while matching
  double gradient_norm = 0;                          ///< before clipping
  double rate = 0;                                   ///< the factor of all learning rates
  double seconds = 0;                 ///< of this step on the clock, validation and checkpoint not counted
  double seconds_left = 0;            ///< as the steps so far took
  std::optional<double> matching;     ///< a step of the phase of taste matching: its mean squared error, which is `loss`
  std::optional<double>
      validation;  ///< SROCC of the generic score with the validation people's mean rating of validation photos
};

/// Where a training writes, and what it tells on the way.
struct TrainingOptions {
  std::filesystem::path out;                  ///< a folder; made if it is not there
  std::filesystem::path token_cache;          ///< a file for vision tokens that trainings share; empty: in `out`
  std::chrono::milliseconds timeout{60'000};  ///< for an answer of another process
  int threads = 0;  ///< inside one process; 0 leaves libtorch's setting alone, others change it process-wide
  std::function<void(const TrainingStep&)> on_step;
  /// Called while vision tokens and prefixes are computed: what, done, in all.
  std::function<void(const char* what, std::size_t done, std::size_t total)> on_preparation;
  const Cancel* cancel = nullptr;
};

/// What a training left behind.
struct TrainingResult {
  std::filesystem::path model;   ///< the finished model folder, `out`/model
  std::filesystem::path fusion;  ///< its fusion file
  std::int64_t steps = 0;
  std::int64_t resumed_from = 0;  ///< the step of the checkpoint that was taken up; 0: none
  std::string frozen_sha256;      ///< of the LLM's weights in memory, the same before and after
  bool first = true;              ///< false in all processes but the first, which alone writes
};

/// Trains on the photos and people marked for training and watches those marked for validation; test people and photos
/// are not looked at. `folder`: the model whose LLM and vision encoder are taken; its fusion file is not read. Writes
/// into options.out: config.json, metrics.jsonl, checkpoint.safetensors every config.checkpoint_every steps, and at the
/// end model/, a model folder whose weights are the averaged ones. Called again with the same arguments it goes on from
/// the last checkpoint; with fp32 and one process the result is the same bytes as that of an unbroken run.
///
/// Started by torchrun (or with MASTER_ADDR, MASTER_PORT, RANK and WORLD_SIZE set) it trains with the other processes:
/// N processes with batch B do what one does with batch N * B.
///
/// Errors: kInvalidArgument (a table without training ratings; a photo that is missing), kMismatch (the checkpoint is
/// of another training), kInternal (a value that is no number: names step and tensor), kIo (also: a lost process),
/// kCancelled (a checkpoint is written first), those of Pmllm::load for the frozen parts. Calls of one process must not
/// overlap.
TrainingResult train_fusion(const RatingTable& table, const ModelFolder& folder, const TrainingConfig& config,
                            const TrainingOptions& options);

}  // namespace paa
