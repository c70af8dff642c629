// paa data check: what is in a public set of ratings, and whether it can be used.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "paa/data/data_check.h"
#include "paa/data/read_ratings.h"
#include "plain_line.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Look into the sets of ratings that training and evaluation use";
constexpr const char* kCheckDescription = "Read one set and report what is in it, what was left out and why";
constexpr const char* kCheckFooter = R"(
Sets: para, lapis, flickr-aes, real-cur, eva, oasis. None comes with this program; ROOT is the folder that you unpacked
the set to.

Reports people, photos and ratings (also of each split), ratings per person and per photo, how far people agree (ICC(1):
the part of a single rating's variance that lies in the photo), the difference between two ratings of the same photo by
the same person where the set has a retest, rows left out with the reason and the first of them, and photos without a
file. --json writes the same as one JSON object.

Exit status: 0 the set can be used, 1 it cannot (a table is missing or damaged: file, line and column are named; there
is no rating; there is not one photo), 2 wrong usage, 130 Ctrl-C.

Example:
  paa data check ~/data/oasis --set oasis
)";

struct Options {
  std::filesystem::path root;
  std::string set;
  bool json = false;
};

std::string or_none(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "not defined";
}

std::string describe_splits(const DataCheck& check) {
  std::string text;
  for (std::size_t i = 0; i < check.splits.size(); ++i) {
    const auto& [people, photos, ratings] = check.splits[i];
    if (people + photos == 0) continue;
    text += fmt::format("  {:<12} {:>7} people  {:>7} photos  {:>9} ratings by these people of these photos\n",
                        static_cast<Split>(i) == Split::kNone ? "no split" : to_string(static_cast<Split>(i)), people,
                        photos, ratings);
  }
  return text;
}

std::string describe_spread(const char* what, const CountSpread& spread) {
  return fmt::format("{:<20} {} to {}, median {}\n", what, spread.min, spread.max, spread.median);
}

std::string describe_noise(const DataCheck& check) {
  std::string text =
      fmt::format("mean rating          {}\nICC(1)               {}\n", or_none(check.mean), or_none(check.icc));
  if (check.retests > 0) {
    text += fmt::format("retest               {} photos rated twice by {} other people, mean difference {}\n",
                        check.retests, check.retest_people, or_none(check.retest_mae));
  }
  return text;
}

std::string describe_losses(const DataCheck& check) {
  std::string text;
  if (check.left_out.empty()) text += "left out             nothing\n";
  for (const auto& [reason, count, example] : check.left_out) {
    text += fmt::format("left out             {}: {}; the first: {}\n", count, plain_line(reason), plain_line(example));
  }
  if (check.missing_photos == 0) return text + "photo files          all are there\n";
  return text + fmt::format("photo files          {} of {} are missing; the first: {}\n", check.missing_photos,
                            check.photos, plain_line(check.missing_example));
}

std::string describe(const DataCheck& check) {
  const auto& [low, high, step] = check.scale;
  const std::string steps = step > 0 ? fmt::format(" in steps of {}", step) : "";
  return fmt::format("{}: {} ratings of {} photos by {} people, from {} to {}{}\n", check.name, check.ratings,
                     check.photos, check.people, low, high, steps) +
         describe_splits(check) +
         fmt::format("something is said of {} people; {} photos have a category, {} a theme\n",
                     check.people_with_profile, check.photos_with_category, check.photos_with_theme) +
         describe_spread("ratings per person", check.per_person) +
         describe_spread("ratings per photo", check.per_photo) + describe_noise(check) + describe_losses(check);
}

int check(const Options& options) {
  const Cancel* cancel = cancel_on_signal();
  const DataCheck found = check_data(read_ratings(options.root, options.set), cancel);
  print(options.json ? to_text(data_check_to_json(found)) + "\n" : describe(found));
  for (const auto& problem : found.problems) complain(problem);
  return found.problems.empty() ? 0 : 1;
}

std::vector<std::string> set_names() {
  const auto names = rating_set_names();
  return {names.begin(), names.end()};
}

}  // namespace

Command add_data(CLI::App& paa) {
  auto* app = paa.add_subcommand("data", kDescription);
  app->require_subcommand(1);
  auto* check_app = app->add_subcommand("check", kCheckDescription);
  check_app->footer(kCheckFooter);
  auto options = std::make_shared<Options>();
  check_app->add_option("ROOT", options->root, "The folder of the set")->required()->check(CLI::ExistingDirectory);
  check_app->add_option("--set", options->set, "Which set it is")
      ->option_text("NAME")
      ->required()
      ->check(CLI::IsMember(set_names()));
  check_app->add_flag("--json", options->json, "One JSON object instead of text");
  return {app, [options] { return check(*options); }};
}

}  // namespace paa::cli
