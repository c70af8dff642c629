// What photos are rated on for a person: read, switched off and on, reworded.

#include "person_concepts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "console.h"
#include "paa/core/error.h"
#include "paa/interview/preference_concepts.h"
#include "paa/person/person.h"
#include "paa/person/spoken_profile.h"
#include "plain_line.h"

namespace paa::cli {
namespace {

struct Options {
  std::filesystem::path person;
  std::vector<std::string> off, on;
  std::vector<std::pair<std::string, std::string>> reworded;
  bool json = false;
};

void change(Person& person, const Options& options) {
  for (const auto& name : options.off) find_concept(person, name).enabled = false;
  for (const auto& name : options.on) find_concept(person, name).enabled = true;
  for (const auto& [name, words] : options.reworded) reword(find_concept(person, name), words, "--reword");
}

std::string concept_text(const Concept& subject, const std::vector<Preference>& preferences) {
  const auto evidence = evidence_of(subject, preferences);
  const char* said = subject.stated > 0   ? " (you like it)"
                     : subject.stated < 0 ? " (you do not like it)"
                     : evidence.empty()   ? ""
                                          : " (you said both)";
  std::string text = fmt::format("{}{}{}\n    {}\n", plain_line(subject.name), said,
                                 subject.enabled ? "" : ", switched off", plain_line(subject.question));
  for (const std::size_t i : evidence) text += fmt::format("    you said: \"{}\"\n", plain_line(preferences[i].quote));
  return text;
}

// The names of what photos are rated on beside the person's own.
std::vector<std::string> standard_names(const Person& person) {
  std::vector<std::string> names;
  for (const Concept& subject : concepts_that_matter(person)) {
    const bool own = std::any_of(person.concepts.begin(), person.concepts.end(),
                                 [&](const Concept& one) { return one.name == subject.name; });
    if (!own) names.push_back(subject.name);
  }
  return names;
}

std::string text_of(const Person& person) {
  const auto preferences = preferences_of(person);
  std::string text;
  for (const Concept& subject : person.concepts) text += concept_text(subject, preferences);
  if (const auto names = standard_names(person); !names.empty()) {
    text += fmt::format("{}As for everybody: {}\n", text.empty() ? "" : "\n", plain_line(fmt::format("{}", fmt::join(names, ", "))));
  }
  return text;
}

Json summary(const Person& person) {
  const auto preferences = preferences_of(person);
  Json all = Json::array();
  for (const Concept& subject : person.concepts) {
    Json one = concept_to_json(subject);
    one["quotes"] = Json::array();
    for (const std::size_t i : evidence_of(subject, preferences)) one["quotes"].push_back(preferences[i].quote);
    all.push_back(std::move(one));
  }
  return {{"own", std::move(all)}, {"standard", standard_names(person)}};
}

int run(const Options& options) {
  Person person = read_person(options.person);  // nothing is made where nothing is
  if (!options.off.empty() || !options.on.empty() || !options.reworded.empty()) {
    person = update_person(options.person, [&](Person& current) { change(current, options); });
  }
  print(options.json ? to_text(summary(person)) + "\n" : text_of(person));
  return 0;
}

}  // namespace

Command add_person_concepts(CLI::App& person) {
  auto* app = person.add_subcommand("concepts", "What photos are rated on, and why; switch off or reword it");
  auto options = std::make_shared<Options>();
  app->add_option("--person", options->person, "The person file")->option_text("FILE.json")->required();
  app->add_option("--off", options->off, "Photos are no longer rated on this")->option_text("CONCEPT...");
  app->add_option("--on", options->on, "They are again")->option_text("CONCEPT...");
  app->add_option_function<std::vector<std::string>>(
         "--reword",
         [options](const std::vector<std::string>& given) {
           for (std::size_t i = 0; i + 1 < given.size(); i += 2) options->reworded.emplace_back(given[i], given[i + 1]);
         },
         "Photos are rated on WORDS in its place; it keeps its name")
      ->option_text("CONCEPT WORDS")
      ->type_size(2)
      ->expected(1, 64);
  app->add_flag("--json", options->json, "As one JSON object");
  return {app, [options] { return run(*options); }};
}

}  // namespace paa::cli
