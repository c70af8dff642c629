// paa rank: all photos, best first, as a table or as a page to look at.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <functional>
#include <memory>

#include "commands.h"
#include "console.h"
#include "gallery_page.h"
#include "interrupt.h"
#include "paa/core/file.h"
#include "personal_run.h"
#include "profile_options.h"
#include "rank_table.h"
#include "score_stream.h"
#include "scoring_options.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Order photos, the best for a person first";
constexpr const char* kFooter = R"(
Prints a table, or with --html writes one page that holds everything it shows, thumbnails too: it needs no network and
can be sent to others. With several --profile each person has a column; the order is the first person's. With --person
it is the order of somebody who has rated photos (see paa rate), with reasons.

Exit status: 0 all photos ranked, 1 something failed (the others are ranked all the same), 2 wrong usage, 130 Ctrl-C.

Examples:
  paa rank photos/
  paa rank --profile anna.json --profile ben.json --html gallery.html photos/
  paa rank --person anna-ratings.json --html gallery.html photos/
)";

// Two device pixels for each of the page's widest column on a desktop.
constexpr int kThumbnailSide = 640;

struct Options {
  explicit Options(CLI::App& app) : people(app, ProfileFiles::kAny) { add_scoring_options(app, scoring); }

  ScoringOptions scoring;
  PersonalOptions personal;
  ProfileOptions people;
  std::filesystem::path html;
};

// Found out before the work, not after it. A device or a folder must not be replaced by a page.
void check_target(const std::filesystem::path& html) {
  std::error_code ignored;
  if (std::filesystem::exists(html, ignored) && !std::filesystem::is_regular_file(html, ignored)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: is not a file; --html needs a file to write", html.string()));
  }
}

// Photos as they come, into the ranking that is being made.
std::function<void(ScoredPhoto)> collector(Ranking& ranking, std::size_t total) {
  return [&ranking, total, done = std::size_t{0}](ScoredPhoto photo) mutable {
    if (photo.failed()) complain(photo.error);
    (photo.failed() ? ranking.failures : ranking.photos).push_back(std::move(photo));
    show_progress(++done, total);
  };
}

Ranking rank_by_ratings(const Options& options, const FoundPhotos& found, const ScoreStreamOptions& stream) {
  const Cancel* cancel = cancel_on_signal();
  PersonalRun run(options.personal, options.scoring, found.photos, cancel);
  const auto learned = run.scorer().model().fusion().observations();
  Ranking ranking{run.info(), {{run.name(), profile_text(run.person().profile)}}, {}, {}, learned};
  predict_photos(run, found.photos, stream, cancel, collector(ranking, found.photos.size()));
  return ranking;
}

Ranking rank_by_profiles(const Options& options, const FoundPhotos& found, const ScoreStreamOptions& stream) {
  const auto people = options.people.people();
  const Cancel* cancel = cancel_on_signal();
  const Pmllm model = load_model(options.scoring, cancel);
  Ranking ranking{model.info(), {}, {}, {}, {}};
  std::vector<PreparedProfile> prepared;
  for (const auto& person : people) {
    prepared.push_back(model.prepare(person.profile));
    ranking.people.push_back({person.name, prepared.back().text()});
  }

  score_photos(model, prepared, found.photos, stream, cancel, collector(ranking, found.photos.size()));
  return ranking;
}

Ranking rank_photos(const Options& options, const FoundPhotos& found) {
  const ScoreStreamOptions stream{options.scoring.jobs, options.html.empty() ? 0 : kThumbnailSide};
  Ranking ranking = options.personal.person.empty() ? rank_by_profiles(options, found, stream)
                                                    : rank_by_ratings(options, found, stream);
  wipe_progress();
  std::stable_sort(ranking.photos.begin(), ranking.photos.end(), [](const ScoredPhoto& a, const ScoredPhoto& b) {
    return a.scores.front().mean > b.scores.front().mean;
  });
  return ranking;
}

int rank(const Options& options) {
  if (!options.personal.person.empty() && options.people.given()) {
    throw CLI::ValidationError("--person", "holds the profile itself; give either --person or --profile and the person's flags");
  }
  const FoundPhotos found = photos_of(options.scoring);
  if (options.html.empty()) {
    const Ranking ranking = rank_photos(options, found);
    print(rank_table(ranking));
    return ranking.failures.empty() ? 0 : 1;
  }
  check_target(options.html);
  AtomicFile file(options.html);
  const Ranking ranking = rank_photos(options, found);
  if (ranking.photos.empty()) throw Error(ErrorCode::kNotFound, "no photo could be scored, so no page was written");
  file.write(gallery_page(ranking));
  file.commit();
  complain(fmt::format("wrote {} ({} photos)", options.html.string(), ranking.photos.size()));
  return ranking.failures.empty() ? 0 : 1;
}

}  // namespace

Command add_rank(CLI::App& paa) {
  auto* app = paa.add_subcommand("rank", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>(*app);
  add_personal_options(*app, options->personal, false);
  app->add_option("--html", options->html, "Write a page instead of a table")->option_text("FILE");
  return {app, [options] { return rank(*options); }};
}

}  // namespace paa::cli
