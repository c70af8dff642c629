// paa models: what lies in the model folder, and whether it is whole.

#include "paa/checkpoint/model_folder.h"

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>
#include <optional>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "plain_line.h"

namespace paa::cli {
namespace {

constexpr const char* kDescription = "List the models on this machine: parts, sizes, licences";
constexpr const char* kFooter = R"(
Models lie under $PAA_HOME/models, or ~/.cache/paa/models. `paa score` and `paa rank` use the one that --model names,
else $PAA_MODEL, else the default.

Exit status: 0 all is well, 1 a model cannot be read or a part is missing or changed, 2 wrong usage, 130 Ctrl-C.
)";

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::optional<std::filesystem::path> chosen_model() {
  try {
    return find_model();
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string describe(const ModelFolder& model, bool is_chosen) {
  std::uint64_t total = 0;
  for (const auto& part : model.parts) total += part.bytes;
  std::string text = fmt::format("{}{}  {}  {}\n", plain_line(model.name), is_chosen ? " (used by default)" : "",
                                 size_text(total), plain_line(model.path.string()));
  for (const auto& part : model.parts) {
    text += fmt::format("  {:<12} {:>9}  {}  {}\n", plain_line(part.role), size_text(part.bytes),
                        plain_line(part.path.filename().string()),
                        part.licence.empty() ? "no licence stated" : plain_line(part.licence));
    if (!part.source.empty()) text += fmt::format("  {:<12} {:>9}  from {}\n", "", "", plain_line(part.source));
  }
  return text;
}

// What cannot be read is said on stderr; returns whether there was such a folder.
bool complain_of(const std::vector<UnreadableModel>& unreadable) {
  for (const auto& model : unreadable) complain(model.reason);
  return !unreadable.empty();
}

int list() {
  std::vector<UnreadableModel> unreadable;
  const auto models = list_models(&unreadable);
  const auto chosen = chosen_model();
  for (const auto& model : models) {
    std::error_code ignored;
    print(describe(model, chosen && std::filesystem::equivalent(*chosen, model.path, ignored)));
  }
  if (models.empty()) {
    complain(fmt::format("no model under {}; sh examples/quickstart.sh fetches the default one",
                         (paa_home() / "models").string()));
  }
  return complain_of(unreadable) ? 1 : 0;
}

bool verify_one(const ModelFolder& model, const Cancel* cancel) {
  bool is_whole = true;
  for (const auto& check : verify(model, {}, cancel)) {
    is_whole = is_whole && check.state == PartState::kOk;
    print(fmt::format("{}  {:<12} {}\n", plain_line(model.name), plain_line(check.role), to_string(check.state)));
  }
  return is_whole;
}

int verify_models(const std::string& name) {
  std::vector<UnreadableModel> unreadable;
  std::vector<ModelFolder> models;
  if (name.empty()) models = list_models(&unreadable);
  if (models.empty() && unreadable.empty()) models.push_back(read_model_folder(find_model(name)));
  const Cancel* cancel = cancel_on_signal();
  bool is_whole = !complain_of(unreadable);
  for (const auto& model : models) is_whole = verify_one(model, cancel) && is_whole;
  if (!is_whole) complain("a model is not whole; fetch it again with sh examples/quickstart.sh, or repair its folder");
  return is_whole ? 0 : 1;
}

}  // namespace

Command add_models(CLI::App& paa) {
  auto* app = paa.add_subcommand("models", kDescription);
  app->footer(kFooter);
  auto* verify_app = app->add_subcommand("verify", "Compare every part with its length and SHA-256");
  auto name = std::make_shared<std::string>();
  verify_app->add_option("NAME", *name, "The model, or its folder; without it, all models are verified");
  return {app, [verify_app, name] { return verify_app->parsed() ? verify_models(*name) : list(); }};
}

}  // namespace paa::cli
