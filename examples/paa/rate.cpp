// paa rate: a person says what they think of photos.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "interview_session.h"
#include "page_server.h"
#include "paa/core/clock.h"
#include "paa/core/error.h"
#include "personal_run.h"
#include "profile_options.h"
#include "rate_page.h"
#include "rate_session.h"
#include "said.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Tell what a person thinks of photos: stars, choices, keep or reject";
constexpr const char* kFooter = R"(
Everything said goes into the person file, which is made if there is none: the ratings, and for each photo its SHA-256,
where it lay, and what the model saw in it, so that photos may move or go. A later rating of the same photo takes the
place of an earlier one. If anything is wrong with one of the arguments, nothing is written.

With --serve it opens a page instead, on which the person clicks through the photos that teach most (see `paa ask`):
keys 1 to 7, A or B of two, K to keep, R to throw away, space to skip, U to undo. Each answer is in the person file
before the next photo shows. The address it prints holds a secret: nobody else can open the page.

Exit status: 0 written, 1 nothing was written, 2 wrong usage, 130 Ctrl-C.

Examples:
  paa rate --person anna.json sea.jpg=6 cat.jpg=3
  paa rate --person anna.json --csv ratings.csv            (columns photo and rating)
  paa rate --person anna.json --prefer sea.jpg cat.jpg --keep sea.jpg --reject blurred.jpg
  paa rate --person anna.json --serve 8080 photos/
)";

struct Options {
  explicit Options(CLI::App& app) : profile(app, ProfileFiles::kOne) {}

  ScoringOptions scoring;
  PersonalOptions personal;
  ProfileOptions profile;
  std::vector<std::string> arguments;  // PHOTO=STARS
  std::vector<std::filesystem::path> tables, keep, reject;
  std::vector<std::vector<std::filesystem::path>> preferences;
  std::vector<double> scale;
  int serve = -1;  // port; -1: no page
};

std::vector<Said> said_by(const Options& options) {
  std::vector<Said> said;
  for (const auto& text : options.arguments) said.push_back(parse_stars(text));
  for (const auto& table : options.tables) {
    for (auto& row : read_said(table)) said.push_back(std::move(row));
  }
  for (const auto& pair : options.preferences) {
    said.push_back({VerdictKind::kPreference, pair[0], pair[1], 0, pair[0].string()});
  }
  for (const auto& path : options.keep) said.push_back({VerdictKind::kKeep, path, {}, 0, path.string()});
  for (const auto& path : options.reject) said.push_back({VerdictKind::kReject, path, {}, 0, path.string()});
  return said;
}

void set_scale(Person& person, const std::vector<double>& scale) {
  if (scale.empty() || (person.scale_low == scale[0] && person.scale_high == scale[1])) return;
  if (!person.verdicts.empty()) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("this person's ratings run from {:g} to {:g}; --scale cannot change that", person.scale_low,
                            person.scale_high));
  }
  if (!(scale[0] < scale[1]))
    throw Error(ErrorCode::kInvalidArgument, "--scale needs the lower end first, such as 1 5");
  person.scale_low = scale[0];
  person.scale_high = scale[1];
}

void set_profile(Person& person, const Profile& profile, std::int64_t time) {
  if (profile.empty()) return;
  Json fields = profile_to_json(person.profile);
  if (profile.age) fields.erase("age_range");
  fields.merge_patch(profile_to_json(profile));
  person.profile = profile_from_json(fields, "the profile");
  person.profile_time = time;
}

FoundPhotos photos_to_show(Options& options) {
  options.scoring.paths.assign(options.arguments.begin(), options.arguments.end());
  if (options.scoring.paths.empty()) {
    throw CLI::ValidationError("--serve", "name photos or folders to be asked about");
  }
  return photos_of(options.scoring);
}

// The scale is checked against the file as it stands when it is written, so two programs cannot mix two scales.
Person write_said(const Options& options, const std::vector<Said>& said) {
  const Profile profile = options.profile.people().front().profile;
  return update_person(options.personal.person, [&](Person& person) {
    const std::int64_t time = time_to_say(person);
    set_scale(person, options.scale);
    set_profile(person, profile, time);
    add_evidence(person, evidence_of(said, person.scale_low, person.scale_high, time));
  });
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// So that a photo may move or go: what a model sees in it is put beside the rating. The rating itself is safe already.
void look_at_photos(const Options& options, const Cancel* cancel) {
  try {
    PersonalRun(options.personal, options.scoring, {}, cancel);
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kCancelled) throw;
    complain(fmt::format("the ratings are written, but the photos could not be looked at yet: {}", e.what()));
  }
}

InterviewSetup interview_setup(const Options& options) {
  InterviewSetup setup;
  setup.person = options.personal.person;
  setup.chat_url = options.personal.rater.chat_url;
  setup.chat_model = options.personal.rater.chat_model;
  return setup;
}

int serve(Options& options) {
  if (!options.tables.empty() || !options.preferences.empty() || !options.keep.empty() || !options.reject.empty()) {
    throw CLI::ValidationError("--serve", "takes photos and folders; what is to be said is said on the page");
  }
  const FoundPhotos found = photos_to_show(options);
  const Cancel* cancel = cancel_on_signal();
  if (!options.scale.empty() || !options.profile.people().front().profile.empty()) write_said(options, {});
  RateSession session(options.personal, options.scoring, found, cancel);
  InterviewSession interview(interview_setup(options), session);
  PageServer server(options.serve,
                    {rate_page,
                     [&](const auto& query) {
                       if (query("interview") == "1") return interview.state();
                       if (query("looking") == "1") return session.looking();
                       return session.state({query("mode") == "pairs", query("anyway") != "1"});
                     },
                     [&](const Json& request) {
                       if (request.is_object() && request.contains("interview")) return interview.say(request);
                       session.say(request);
                     },
                     [&](const std::string& photo, int side) { return session.jpeg(photo, side); }});
  print(fmt::format("{}\n", server.address()));
  complain("open this address in a browser on this machine; Ctrl-C ends it");
  server.run(cancel);
  return 0;
}

int rate(Options& options) {
  if (options.serve >= 0) return serve(options);
  const auto said = said_by(options);
  if (said.empty() && options.scale.empty() && options.profile.people().front().profile.empty()) {
    throw CLI::ValidationError(
        "nothing was said: name photos with ratings, such as sea.jpg=6, or --csv, --prefer, --keep, --reject");
  }
  const Cancel* cancel = cancel_on_signal();
  const Person person = write_said(options, said);
  if (!said.empty()) look_at_photos(options, cancel);
  print(fmt::format("{}: {} added, {} in all\n", options.personal.person.string(), counted(said.size(), "verdict"),
                    current_verdicts(person.verdicts).size()));
  return 0;
}

// Two photos each time, whatever follows them.
void add_preferences(CLI::App& app, Options& options) {
  app.add_option_function<std::vector<std::filesystem::path>>(
         "--prefer",
         [&options](const std::vector<std::filesystem::path>& photos) {
           for (std::size_t i = 0; i + 1 < photos.size(); i += 2)
             options.preferences.push_back({photos[i], photos[i + 1]});
         },
         "BETTER WORSE: the first photo is liked more than the second; may be given again")
      ->option_text("A B")
      ->type_size(2)
      ->expected(1, 1000);
}

}  // namespace

Command add_rate(CLI::App& paa) {
  auto* app = paa.add_subcommand("rate", kDescription);
  app->footer(kFooter);
  auto options = std::make_shared<Options>(*app);
  app->add_option("SAID", options->arguments, "A photo and its rating: PHOTO=4; with --serve photos and folders")
      ->option_text("...");
  add_personal_options(*app, options->personal);
  add_model_options(*app, options->scoring);
  app->add_option("--csv", options->tables, "A table with the columns photo and rating")
      ->option_text("FILE")
      ->allow_extra_args(false);
  add_preferences(*app, *options);
  app->add_option("--keep", options->keep, "A photo to keep; may be given several times")
      ->option_text("PHOTO")
      ->allow_extra_args(false);
  app->add_option("--reject", options->reject, "A photo to throw away; may be given several times")
      ->option_text("PHOTO")
      ->allow_extra_args(false);
  app->add_option("--serve", options->serve,
                  "Show these photos on a page, at this port of this machine alone (0: any free one)")
      ->option_text("PORT")
      ->check(CLI::Range(0, 65535));
  app->add_option("--scale", options->scale, "Ends of the person's rating scale (1 7), before the first rating")
      ->option_text("LO HI")
      ->expected(2);
  return {app, [options] { return rate(*options); }};
}

}  // namespace paa::cli
