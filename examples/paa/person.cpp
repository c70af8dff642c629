// paa person: look into a person file, pass it on, join two, take things back.

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <memory>

#include "commands.h"
#include "console.h"
#include "paa/core/error.h"
#include "paa/core/file.h"
#include "paa/core/sha256.h"
#include "paa/person/person.h"
#include "person_concepts.h"
#include "person_text.h"
#include "said.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "Look into a person file, pass it on, join two, take things back";
constexpr const char* kFooter = R"(
A person file is one JSON file that belongs to the person: what they said of photos, and what is known of those
photos. It can be read with any editor. merge takes the evidence of further files of the same person (from another
machine, say): the same verdict counts once, a later one holds, nothing is lost. concepts shows what photos are
rated on for this person, with what they said of it, and switches off, on or rewords what came of interviews. forget
takes back all that was said of a photo; older copies do not bring it back. delete removes the file, its lock and an
interview that is not finished.

Exit status: 0 done, 1 failed (the file is as it was), 2 wrong usage.

Examples:
  paa person show --person anna.json
  paa person export --person anna.json --no-paths --out anna-to-send.json
  paa person merge --person anna.json anna-laptop.json
  paa person concepts --person anna.json
  paa person concepts --person anna.json --off crowds --reword boats "old wooden boats"
  paa person forget --person anna.json party.jpg
  paa person delete --person anna.json --yes
)";

struct Options {
  std::filesystem::path person, out;
  std::vector<std::filesystem::path> others;
  std::vector<std::string> photos;
  bool json = false, no_paths = false, yes = false;
};

int show(const Options& options) {
  const Person person = read_person(options.person);
  print(options.json ? to_text(person_summary(person)) + "\n" : person_text(person));
  return 0;
}

int export_person(const Options& options) {
  const std::string text = person_to_json(exported(read_person(options.person), !options.no_paths)).dump(1) + "\n";
  if (options.out.empty()) {
    print(text);
    return 0;
  }
  std::error_code ignored;
  if (std::filesystem::equivalent(options.out, options.person, ignored)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: is the person file itself; name another file", options.out.string()));
  }
  write_file(options.out, text);
  return 0;
}

int merge(const Options& options) {
  std::vector<Person> others;
  for (const auto& path : options.others) others.push_back(read_person(path));
  std::size_t before = 0;
  const Person person = update_person(options.person, [&](Person& ours) {
    before = ours.verdicts.size();
    // A file that is not there yet takes the others' scale.
    if (before == 0 && ours == Person()) ours = others.front();
    for (const auto& theirs : others) ours = merge_persons(ours, theirs);
  });
  print(fmt::format("{}: {} verdicts, {} of them new\n", options.person.string(), person.verdicts.size(),
                    person.verdicts.size() - std::min(before, person.verdicts.size())));
  return 0;
}

// A hash or its beginning, a path as the file has it, or a photo that is there.
std::string find_photo(const Person& person, const std::string& name) {
  std::vector<std::string> found;
  const auto place = place_of_photo(name);
  for (const auto& [sha256, photo] : person.photos) {
    if ((!place.empty() && photo.path == place) || photo.path == name || (name.size() >= 8 && sha256.starts_with(name)))
      found.push_back(sha256);
  }
  std::error_code ignored;
  if (found.empty() && std::filesystem::is_regular_file(name, ignored)) {
    const std::string sha256 = sha256_file(name);
    if (person.photos.contains(sha256)) found.push_back(sha256);
  }
  if (found.empty()) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("{}: the person file knows no such photo; `paa person show` lists them", name));
  }
  if (found.size() > 1) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: stands for {} photos of the person file; name one by its SHA-256: {}", name,
                            found.size(), found.front()));
  }
  return found.front();
}

int forget(const Options& options) {
  read_person(options.person);  // nothing is made where nothing is
  update_person(options.person, [&](Person& person) {
    const std::int64_t time = time_to_say(person);
    std::vector<std::string> photos;
    for (const auto& name : options.photos) photos.push_back(find_photo(person, name));
    for (const auto& photo : photos) forget_photo(person, photo, time);
  });
  print(fmt::format("{}: {} forgotten\n", options.person.string(), options.photos.size() == 1 ? "1 photo" : "photos"));
  return 0;
}

int delete_file(const Options& options) {
  if (!options.yes) {
    throw CLI::ValidationError(
        "--yes", fmt::format("is needed to delete {}: it holds all that this person said", options.person.string()));
  }
  delete_person(options.person);
  print(fmt::format("{}: deleted\n", options.person.string()));
  return 0;
}

}  // namespace

Command add_person(CLI::App& paa) {
  auto* app = paa.add_subcommand("person", kDescription);
  app->footer(kFooter);
  app->require_subcommand(1);
  auto options = std::make_shared<Options>();
  std::vector<Command> actions;
  const auto add = [&](const char* name, const char* description, int (*run)(const Options&)) {
    auto* action = app->add_subcommand(name, description);
    action->add_option("--person", options->person, "The person file")->option_text("FILE.json")->required();
    actions.push_back({action, [options, run] { return run(*options); }});
    return action;
  };
  add("show", "What the file says, in words", show)->add_flag("--json", options->json, "As one JSON object");
  auto* export_ = add("export", "A copy to pass on, without what models saw in photos", export_person);
  export_->add_option("--out", options->out, "The file to write; default: the standard output")->option_text("FILE");
  export_->add_flag("--no-paths", options->no_paths, "Leave out where photos lie");
  add("merge", "Take in the evidence of further files of the same person", merge)
      ->add_option("FILE", options->others, "Person files")
      ->option_text("...")
      ->required();
  actions.push_back(add_person_concepts(*app));
  add("forget", "Take back all that was said of photos", forget)
      ->add_option("PHOTO", options->photos, "Photos, or their SHA-256")
      ->option_text("...")
      ->required();
  add("delete", "Delete the file and what lies beside it", delete_file)
      ->add_flag("--yes", options->yes, "Yes, delete it");
  return {app, [actions] {
            const auto chosen =
                std::find_if(actions.begin(), actions.end(), [](const Command& one) { return one.app->parsed(); });
            return chosen->run();
          }};
}

}  // namespace paa::cli
