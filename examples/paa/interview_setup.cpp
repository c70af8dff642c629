#include "interview_setup.h"

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "paa/chat/http_chat.h"
#include "paa/core/error.h"
#include "paa/interview/contrast_reader.h"
#include "paa/interview/schema_reader.h"
#include "photo_paths.h"

namespace paa::cli {
namespace {

constexpr std::size_t kMostPairs = 3;

std::vector<std::string> readable_in(const std::filesystem::path& folder) {
  std::vector<std::string> paths;
  for (const auto& photo : find_photos(std::span(&folder, 1)).photos) {
    if (photo.error.empty()) paths.push_back(photo.path.string());
  }
  return paths;
}

}  // namespace

std::vector<std::array<std::string, 2>> photo_pairs_of(const std::vector<std::string>& paths) {
  const std::size_t count = std::min(kMostPairs, paths.size() / 2);
  std::vector<std::array<std::string, 2>> pairs;
  for (std::size_t i = 0; i < count; ++i) {
    pairs.push_back({paths[i * paths.size() / (2 * count)], paths[(i + count) * paths.size() / (2 * count)]});
  }
  return pairs;
}

struct InterviewRun::Impl {
  Impl(const InterviewSetup& setup, const Pmllm* loaded, std::vector<std::array<std::string, 2>> photo_pairs,
       const Cancel* cancel)
      : guide(Guide::named(setup.language)) {
    if (setup.chat_url.empty() != setup.chat_model.empty()) {
      throw CLI::ValidationError("--chat", "and --chat-model go together");
    }
    if (setup.chat_url.empty()) {
      if (loaded == nullptr) loaded = &model.emplace(load_model(setup.scoring, cancel));
      reader = std::make_unique<ContrastReader>(*loaded, guide);
      interviewer = std::make_unique<GuidedInterviewer>(guide);
    } else {
      HttpChatOptions server;
      server.url = setup.chat_url;
      server.model = setup.chat_model;
      chat = std::make_unique<HttpChat>(std::move(server));
      reader = std::make_unique<SchemaReader>(*chat, guide);
      interviewer = std::make_unique<FreeInterviewer>(guide, *chat);
    }
    InterviewPlan plan;
    plan.questions = setup.questions;
    plan.minutes = setup.minutes;
    plan.photo_pairs = std::move(photo_pairs);
    interview.emplace(setup.person, guide, *reader, *interviewer, std::move(plan));
  }

  Guide guide;
  std::unique_ptr<HttpChat> chat;
  std::optional<Pmllm> model;
  std::unique_ptr<AnswerReader> reader;
  std::unique_ptr<Interviewer> interviewer;
  std::optional<Interview> interview;
};

void add_interview_options(CLI::App& app, InterviewSetup& setup) {
  app.add_option("--person", setup.person, "The person file; a new one is made if there is none")
      ->option_text("FILE.json")
      ->required();
  add_model_options(app, setup.scoring);
  app.add_option("--photos", setup.photos, "A folder of photos to show two at a time, and ask about")->option_text("FOLDER");
  app.add_option("--language", setup.language, "Of the questions: en, de, or the file of a guide")->option_text("NAME");
  app.add_option("--questions", setup.questions, "At most so many, 4 to 60 (here 16)")
      ->option_text("N")
      ->check(CLI::Range(4, 60));
  app.add_option("--minutes", setup.minutes, "End after so many; 0, the default: whenever the questions are through")
      ->option_text("N")
      ->check(CLI::Range(0, 600));
  app.add_option("--chat", setup.chat_url, "A server whose model asks and reads, which is sent the answers; key: $PAA_CHAT_KEY")
      ->option_text("URL");
  app.add_option("--chat-model", setup.chat_model, "The server's name of the model")->option_text("NAME");
}

InterviewRun::InterviewRun(const InterviewSetup& setup, const Cancel* cancel)
    : impl_(std::make_unique<Impl>(
          setup, nullptr, setup.photos.empty() ? std::vector<std::array<std::string, 2>>() : photo_pairs_of(readable_in(setup.photos)),
          cancel)) {}

InterviewRun::InterviewRun(const InterviewSetup& setup, const Pmllm& model, std::vector<std::array<std::string, 2>> photo_pairs)
    : impl_(std::make_unique<Impl>(setup, &model, std::move(photo_pairs), nullptr)) {}

InterviewRun::~InterviewRun() = default;

const Guide& InterviewRun::guide() const noexcept { return impl_->guide; }
Interview& InterviewRun::interview() noexcept { return *impl_->interview; }

}  // namespace paa::cli
