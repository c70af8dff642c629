#pragma once
// P-MLLM: predicts how a described person rates a photo, from the profile alone (zero-shot).
// After arXiv 2604.17233; a reconstruction, not paper-verified (the paper's body was not available).

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "paa/core/progress.h"
#include "paa/image/image.h"
#include "paa/person/profile.h"

namespace paa {

/// The number type of the LLM's matrix products. kAuto looks at the CPU's flags, never at timing: bf16 where it has
/// AVX512-BF16 or AMX, else fp32. The residual stream, the fusion modules and the read-out are fp32 always.
enum class Precision { kAuto, kF32, kBF16 };

/// How a model is loaded.
struct PmllmOptions {
  Precision precision = Precision::kAuto;
  /// Threads inside one call; 0 leaves libtorch's setting alone. Setting it changes the process-wide libtorch setting.
  int threads = 0;
  /// Parts up to this size have their SHA-256 checked against model.json on load; larger ones only their length.
  std::uint64_t verify_max_bytes = std::uint64_t{512} << 20;
  /// Files to take instead of the folder's, by role: {"fusion", "mine/fusion.safetensors"}. They must go together as those of a
  /// folder must, and have their part in the model's hash.
  std::map<std::string, std::filesystem::path> parts = {};
};

/// The five levels of the read-out, worst first.
inline constexpr std::array<const char*, 5> kLevelNames = {"bad", "poor", "fair", "good", "excellent"};

/// A predicted rating. `mean` and `spread` are on the model's rating scale (ModelInfo::scale_low .. scale_high).
struct Score {
  double mean = 0;                 ///< expected rating
  double spread = 0;               ///< standard deviation of the level distribution, same units
  std::array<double, 5> levels{};  ///< probabilities of kLevelNames, summing to 1
};

/// A score and the LLM's last hidden state that it was read from.
struct Reading {
  Score score;
  std::vector<float> hidden;  ///< (D), of the read-out position after the last block, RMS-normalised without weight
};

/// A sentence begun, and the words that may complete it.
struct Completion {
  std::string cue;                 ///< goes on from a text: " The scene is very"
  std::vector<std::string> words;  ///< go on from the cue: " warm"; each is known by its first token
};

/// What a loaded model is.
struct ModelInfo {
  std::string name;             ///< of the model folder
  std::string hash;             ///< 12 hexadecimal digits over LLM, vision, fusion, prompt, preprocessing, precision, scorer version
  Precision precision = Precision::kF32;  ///< kF32 or kBF16, as chosen
  double scale_low = 1;
  double scale_high = 7;
  std::string data_note;        ///< the fusion file's word on what it was trained on and what it cannot tell; may be empty
};

/// A profile's image-free prefix: its KV cache and the suffix's state before the first fusion layer. Depends on the
/// person and the model only. A cheap handle: copies share one immutable state, and threads may share it.
class PreparedProfile {
 public:
  struct State;
  /// For the library's own use; Pmllm::prepare() makes one. `state` is not null.
  explicit PreparedProfile(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  /// For the library's own use: the tensors.
  const State& state() const noexcept { return *state_; }
  /// The profile as the LLM reads it.
  const std::string& text() const noexcept;
  /// Bytes of memory the state holds.
  std::size_t bytes() const noexcept;

 private:
  std::shared_ptr<const State> state_;
};

/// A photo's vision tokens. A cheap handle like PreparedProfile.
class VisionTokens {
 public:
  struct State;
  /// For the library's own use; Pmllm::encode() makes one. `state` is not null.
  explicit VisionTokens(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  /// For the library's own use: the tensors.
  const State& state() const noexcept { return *state_; }
  /// Bytes of memory the tokens hold.
  std::size_t bytes() const noexcept;

 private:
  std::shared_ptr<const State> state_;
};

struct FrozenLlm;

/// A frozen LLM, a frozen vision encoder and trained fusion modules, ready to score. const members are thread-safe.
/// Scores are equal bit for bit on one machine for one thread count and precision. What else is scored in the same call
/// moves a score by less than 1e-5 of its value (on the machines measured: not at all).
class Pmllm {
 public:
  /// Loads a model folder (contracts.md, "Model folder"). Errors: kNotFound (folder or part missing), kMismatch (hash,
  /// length, shape, or fusion modules trained for another pair), kBadFormat, kUnsupported (family), kCancelled.
  static Pmllm load(const std::filesystem::path& folder, const PmllmOptions& options = {}, const Cancel* cancel = nullptr);

  Pmllm(Pmllm&&) noexcept;
  Pmllm& operator=(Pmllm&&) noexcept;
  ~Pmllm();

  /// What was loaded: name, hash, scale; lives as long as this object.
  const ModelInfo& info() const noexcept;

  /// The frozen LLM by itself, for Completer and LocalChat: it may outlive this object. Never null.
  const std::shared_ptr<const FrozenLlm>& llm() const noexcept;

  /// Runs the prefix once. Errors: kLimitExceeded (more than 256 profile tokens; refused, never cut).
  PreparedProfile prepare(const Profile& profile) const;

  /// The photo at the size the vision encoder reads: what encode() would make of it. For callers that decode and resize
  /// in a pool of their own and want to hold small images only.
  Image fit(const Image& photo) const;

  /// Runs the vision encoder; photos of any size, those that fit() made are taken as they are.
  /// Errors: kInvalidArgument (an empty image), kCancelled (looked at between chunks).
  std::vector<VisionTokens> encode(std::span<const Image> photos, const Cancel* cancel = nullptr) const;

  /// The photo's vision tokens averaged: the encoder's pooled features (D_v). Error: kInvalidArgument (state of another
  /// model).
  std::vector<float> pooled(const VisionTokens& photo) const;

  /// What the frozen vision encoder's own classifier sees in a photo: probabilities of its classes (1000 of ImageNet),
  /// summing to 1, in the order of class_names(). Softmax over the logits of the mean token. The photo is seen as the
  /// fusion file's policy fits it, perhaps squeezed. Error: kInvalidArgument (state of another model).
  std::vector<float> class_probabilities(const VisionTokens& photo) const;

  /// The lines of the model folder's part "class_names": one a class, its names separated by ", " ("tabby, tabby cat").
  /// Empty if the model has no such part. Read at every call. Errors: kNotFound, kIo, kMismatch (hash), kBadFormat
  /// (another number of lines than classes).
  std::vector<std::string> class_names() const;

  /// Many photos for one person. Costs the suffix only. Scores are in the order of `photos`; an empty span gives none.
  /// Errors: kInvalidArgument (state of another model), kCancelled.
  std::vector<Score> score(const PreparedProfile& profile, std::span<const VisionTokens> photos,
                           const Cancel* cancel = nullptr) const;

  /// Same, with the hidden states; the scores are those of score().
  std::vector<Reading> read(const PreparedProfile& profile, std::span<const VisionTokens> photos,
                            const Cancel* cancel = nullptr) const;

  /// One photo for many people. Costs the suffix only.
  std::vector<Score> score(std::span<const PreparedProfile> profiles, const VisionTokens& photo,
                           const Cancel* cancel = nullptr) const;

  /// What the frozen LLM alone, without photo and fusion, would write next: for each completion the logits of its words
  /// after text and cue. `text` is read once. No number depends on what else is asked. Special tokens are not
  /// recognised. Errors: kInvalidArgument (no text, cue, word or an empty one); kLimitExceeded (text and cue are longer
  /// than the LLM's context), kCancelled.
  std::vector<std::vector<double>> word_logits(std::string_view text, std::span<const Completion> completions,
                                               const Cancel* cancel = nullptr) const;

  /// What the LLM with the photo fused in answers to a question: for each photo the probabilities of the digits 0 to 9,
  /// among themselves, where the answer begins, without a profile. The fusion modules were trained for the rating alone,
  /// so whether a model can answer other questions has to be measured. Errors: kInvalidArgument (no question, state of
  /// another model), kUnsupported (a tokenizer that has no token for a digit), kLimitExceeded, kCancelled.
  std::vector<std::array<double, 10>> digit_probabilities(std::string_view question,
                                                          std::span<const VisionTokens> photos,
                                                          const Cancel* cancel = nullptr) const;

 private:
  struct Impl;
  explicit Pmllm(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace paa
