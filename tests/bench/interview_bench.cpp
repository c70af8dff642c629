// Whether the Analyzer delays the Interviewer, and how near generation comes to the speed of memory. One JSON object a line.

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "paa/chat/completer.h"
#include "paa/checkpoint/llm_checkpoint.h"
#include "paa/checkpoint/model_folder.h"
#include "paa/core/json.h"
#include "paa/interview/contrast_reader.h"
#include "paa/interview/interview.h"
#include "paa/pmllm/pmllm.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string model, dtype = "bf16";
  int threads = 2, interviews = 10, tokens = 128, rounds = 5;
  std::vector<int> pauses_ms = {0, 1000};  // between a question and its answer
};

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1];
}

/// Understands nothing, at once: an interview without an Analyzer.
class NoReader : public paa::AnswerReader {
 public:
  std::string id() const override { return "none"; }
  std::vector<paa::Preference> read(const paa::Turn&, const std::string&, const paa::Cancel*) override { return {}; }
};

const std::vector<std::string>& answers() {
  static const std::vector<std::string> kAnswers = {
      "I love old wooden boats in the fog, and crowded beaches put me off.",
      "My grandmother's hands. I have that photo on my wall and look at it every day.",
      "Neon signs, I cannot stand them. Quiet harbours I never tire of.",
      "It was early, nobody was there, and the light was soft. I like photos that are quiet.",
      "I do not care for portraits, but animals always make me smile."};
  return kAnswers;
}

// Milliseconds from giving an answer to the next question's first words.
std::vector<double> delays(const Options& options, paa::AnswerReader& reader, int pause_ms) {
  const fs::path folder = fs::temp_directory_path() / ("paa-interview-bench-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const fs::path person = folder / "person.json";
  const paa::Guide& guide = paa::Guide::standard("en");
  paa::GuidedInterviewer interviewer(guide);
  std::vector<double> found;
  for (int i = 0; i < options.interviews; ++i) {
    paa::Interview interview(person, guide, reader, interviewer);
    auto question = interview.question();
    for (std::size_t turn = 0; question; ++turn) {
      std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
      const auto start = Clock::now();
      interview.answer(answers()[turn % answers().size()]);
      double first = -1;
      question = interview.question([&](std::string_view) {
        if (first < 0) first = milliseconds_since(start);
        return true;
      });
      // The summary waits for the Analyzer on purpose.
      if (!question || question->kind == paa::QuestionKind::kSummary) break;
      found.push_back(first < 0 ? milliseconds_since(start) : first);
    }
    interview.finish();
    paa::delete_person(person);
  }
  fs::remove_all(folder);
  return found;
}

void measure_delays(const Options& options, const paa::Pmllm& model) {
  paa::ContrastReader reading(model, paa::Guide::standard("en"));
  NoReader none;
  for (const int pause : options.pauses_ms) {
    for (paa::AnswerReader* reader : {static_cast<paa::AnswerReader*>(&none), static_cast<paa::AnswerReader*>(&reading)}) {
      const auto found = delays(options, *reader, pause);
      std::cout << paa::to_text(paa::Json{{"what", "answer_to_question"}, {"analyzer", reader->id()}, {"pause_ms", pause},
                                          {"questions", found.size()}, {"median_ms", quantile(found, .5)},
                                          {"p95_ms", quantile(found, .95)}, {"worst_ms", quantile(found, 1)}})
                << std::endl;
    }
  }
}

// Bytes of the matrices that one token reads: as stored, or converted where that is less.
std::uint64_t bytes_of(const paa::LlmCheckpoint& llm, std::uint64_t converted_each) {
  std::uint64_t stored = 0, converted = 0;
  for (const paa::TensorInfo& tensor : llm.weights().tensors()) {
    if (tensor.shape.size() != 2 || (tensor.name == "model.embed_tokens.weight" && !llm.config().tied_head)) continue;
    stored += llm.weights().bytes(tensor.name).size();
    converted += static_cast<std::uint64_t>(tensor.elements()) * converted_each;
  }
  return std::min(stored, converted);
}

// Seconds to read a block of memory once, by as many threads, each its part: on average, as the tokens are counted.
double read_seconds(const std::vector<std::uint64_t>& block, int threads) {
  constexpr int kPasses = 32;
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads) * 16);
  const auto read_part = [&](int t) {
    const auto part = block.size() / static_cast<std::size_t>(threads);
    const auto* begin = block.data() + part * static_cast<std::size_t>(t);
    std::uint64_t& sum = sums[static_cast<std::size_t>(t) * 16];
    for (int pass = 0; pass < kPasses; ++pass) sum = std::accumulate(begin, begin + part, sum);
  };
  const auto start = Clock::now();
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) workers.emplace_back(read_part, t);
  for (auto& worker : workers) worker.join();
  const double seconds = milliseconds_since(start) / 1e3 / kPasses;
  if (std::accumulate(sums.begin(), sums.end(), std::uint64_t{0}) == 0) std::cerr << "nothing was read\n";
  return seconds;
}

void measure_generation(const Options& options, const paa::Pmllm& model) {
  const auto llm = paa::LlmCheckpoint::open(paa::read_model_folder(options.model).part("llm").path);
  const std::uint64_t bytes = bytes_of(llm, options.dtype == "bf16" ? 2 : 4);
  const std::vector<std::uint64_t> block(bytes / sizeof(std::uint64_t), 1);
  std::vector<double> speeds, floors;
  for (int round = 0; round < options.rounds; ++round) {
    paa::Completer completer(model);
    completer.complete("The old harbour was quiet", {.max_tokens = 1});  // reads the prompt
    const auto start = Clock::now();
    const auto done = completer.complete("The old harbour was quiet", {.max_tokens = options.tokens});
    speeds.push_back(done.new_tokens * 1e3 / milliseconds_since(start));
    floors.push_back(1 / read_seconds(block, options.threads));
  }
  std::cout << paa::to_text(paa::Json{{"what", "generation"}, {"dtype", options.dtype}, {"threads", options.threads},
                                      {"tokens_per_s", quantile(speeds, .5)}, {"weights_mib", static_cast<double>(bytes) / (1 << 20)},
                                      {"memory_bound_tokens_per_s", quantile(floors, .5)},
                                      {"share_of_memory_bound", quantile(speeds, .5) / quantile(floors, .5)}})
            << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Interview and generation, measured");
  Options options;
  app.add_option("--model", options.model, "Model folder")->required();
  app.add_option("--dtype", options.dtype, "f32 or bf16");
  app.add_option("--threads", options.threads, "Of the model");
  app.add_option("--interviews", options.interviews, "With and without the Analyzer; 0: generation only");
  app.add_option("--tokens", options.tokens, "To generate");
  app.add_option("--rounds", options.rounds, "Of generation");
  CLI11_PARSE(app, argc, argv);
  try {
    paa::PmllmOptions settings;
    settings.threads = options.threads;
    settings.precision = options.dtype == "bf16" ? paa::Precision::kBF16 : paa::Precision::kF32;
    const paa::Pmllm model = paa::Pmllm::load(options.model, settings);
    measure_generation(options, model);
    if (options.interviews > 0) measure_delays(options, model);
  } catch (const paa::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
