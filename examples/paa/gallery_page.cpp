#include "gallery_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "gallery_style.h"
#include "html_text.h"
#include "paa/core/base64.h"
#include "paa/core/version.h"

namespace paa::cli {
namespace {

constexpr int kPersonColours = 4;
// A narrower part of the bar has no room for its number.
constexpr double kSmallestLabelledShare = 0.15;

bool compares_people(const Ranking& ranking) { return ranking.people.size() > 1; }

std::string person_class(std::size_t person) { return fmt::format("person p{}", person % kPersonColours); }

// "Anna", "Anna and Ben", "Anna, Ben and Cleo", escaped.
std::string names_text(const std::vector<RankedPerson>& people) {
  std::string text;
  for (std::size_t i = 0; i < people.size(); ++i) {
    text += i == 0 ? "" : i + 1 == people.size() ? " and " : ", ";
    text += html_text(people[i].name);
  }
  return text;
}

std::string percent(double share) { return fmt::format("{:.0f}", share * 100); }

// For each photo, its place in each person's order, from 1; equal scores keep the order of the page.
std::vector<std::vector<std::size_t>> ranks_of(const Ranking& ranking) {
  std::vector<std::vector<std::size_t>> ranks(ranking.photos.size(), std::vector<std::size_t>(ranking.people.size()));
  for (std::size_t person = 0; person < ranking.people.size(); ++person) {
    std::vector<std::size_t> order(ranking.photos.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return ranking.photos[a].scores[person].mean > ranking.photos[b].scores[person].mean;
    });
    for (std::size_t place = 0; place < order.size(); ++place) ranks[order[place]][person] = place + 1;
  }
  return ranks;
}

std::string head(const Ranking& ranking) {
  const std::string script =
      compares_people(ranking) ? fmt::format("; script-src 'sha256-{}'", sha256_base64(kGalleryScript)) : "";
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'{}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="paa {}">
<title>Photos ranked for {}</title>
<style>{}</style>
</head>
)",
                     script, version(), names_text(ranking.people), kGalleryStyle);
}

std::string people_list(const Ranking& ranking) {
  std::string items;
  for (std::size_t i = 0; i < ranking.people.size(); ++i) {
    items += fmt::format("<li class=\"{}\"><span class=\"name\"><bdi>{}</bdi></span><p><bdi>{}</bdi></p></li>\n",
                         person_class(i), html_text(ranking.people[i].name), html_text(ranking.people[i].text));
  }
  return fmt::format("<ul class=\"people\" aria-label=\"People\">\n{}</ul>\n", items);
}

std::string note(const Ranking& ranking) {
  if (ranking.model.data_note.empty()) return {};
  return fmt::format("<aside class=\"note\"><h2>What these scores can and cannot tell</h2><p>{}</p></aside>\n",
                     html_text(ranking.model.data_note));
}

std::string legend(const ModelInfo& model) {
  std::string levels;
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    levels += fmt::format("<span><i class=\"l{}\"></i>{}</span>", i, kLevelNames[i]);
  }
  return fmt::format(
      "<div class=\"legend\"><p>Scores run from {:g} to {:g}. Dot: predicted rating; band: its spread (±). "
      "Bar: probability of each level, in per cent.</p>{}</div>\n",
      model.scale_low, model.scale_high, levels);
}

std::string sort_buttons(const Ranking& ranking) {
  if (!compares_people(ranking)) return {};
  std::string buttons;
  for (std::size_t i = 0; i < ranking.people.size(); ++i) {
    buttons += fmt::format("<button type=\"button\" class=\"{}\" aria-pressed=\"{}\"><bdi>{}</bdi></button>",
                           person_class(i), i == 0, html_text(ranking.people[i].name));
  }
  return fmt::format("<div class=\"sort\" role=\"group\" aria-label=\"Whose order\" hidden>Best first for {}</div>\n",
                     buttons);
}

std::string summary(const Ranking& ranking) {
  const std::size_t count = ranking.photos.size();
  const std::string photos = fmt::format("{} photo{}, best first", count, count == 1 ? "" : "s");
  const std::string origin =
      ranking.verdicts ? fmt::format("Learned from {} thing{} this person said of photos.", *ranking.verdicts,
                                     *ranking.verdicts == 1 ? "" : "s")
                       : "Predicted from the profile alone, without any rating.";
  if (!compares_people(ranking)) return fmt::format("{}. {}", photos, origin);
  return fmt::format("{} for <bdi>{}</bdi>. {}", photos, html_text(ranking.people.front().name), origin);
}

std::string header(const Ranking& ranking) {
  return fmt::format("<header>\n<h1>Photos ranked for {}</h1>\n<p class=\"quiet\">{}</p>\n{}{}{}{}</header>\n",
                     names_text(ranking.people), summary(ranking), people_list(ranking), note(ranking),
                     legend(ranking.model), sort_buttons(ranking));
}

// The score with its spread on the model's scale, cut off at the scale's ends.
std::string track(const Score& score, const ModelInfo& model) {
  const auto place = [&](double rating) {
    return std::clamp((rating - model.scale_low) / (model.scale_high - model.scale_low), 0.0, 1.0) * 100;
  };
  return fmt::format(
      "<div class=\"track\" aria-hidden=\"true\" "
      "style=\"--at:{:.1f}%;--from:{:.1f}%;--to:{:.1f}%\"><i></i><b></b></div>"
      "<div class=\"ends\" aria-hidden=\"true\"><span>{:g}</span><span>{:g}</span></div>",
      place(score.mean), place(score.mean - score.spread), 100 - place(score.mean + score.spread), model.scale_low,
      model.scale_high);
}

std::string level_bar(const Score& score) {
  std::string parts;
  std::string words;
  for (std::size_t i = 0; i < score.levels.size(); ++i) {
    const double share = score.levels[i];
    parts += fmt::format("<i class=\"l{}\" style=\"--share:{:.4f}\">{}</i>", i, share,
                         share >= kSmallestLabelledShare ? percent(share) : "");
    words += fmt::format("{}{} {} %", i == 0 ? "" : ", ", kLevelNames[i], percent(share));
  }
  return fmt::format("<div class=\"levels\" role=\"img\" aria-label=\"{0}\" title=\"{0}\">{1}</div>", words, parts);
}

std::string reasons_list(const ScoredPhoto& photo) {
  if (!photo.reasons) return {};
  std::string items = fmt::format("<li><span>usual for this person</span> <b>{:.2f}</b></li>", photo.reasons->usual);
  for (const auto& reason : photo.reasons->reasons) {
    items += fmt::format("<li class=\"{}\"><span>{}</span> <b>{:+.2f}</b></li>", reason.points < 0 ? "less" : "more",
                         html_text(reason.text), reason.points);
  }
  return fmt::format("<ul class=\"reasons\" aria-label=\"Why\">{}</ul>", items);
}

std::string score_box(const Ranking& ranking, const ScoredPhoto& photo, std::size_t person) {
  const Score& score = photo.scores[person];
  const std::string name = compares_people(ranking) ? fmt::format("<div class=\"name\"><bdi>{}</bdi></div>",
                                                                  html_text(ranking.people[person].name))
                                                    : "";
  return fmt::format("<div class=\"{}\">{}<div class=\"value\"><b>{:.2f}</b> <span>± {:.2f}</span></div>{}{}{}</div>\n",
                     person_class(person), name, score.mean, score.spread, track(score, ranking.model),
                     level_bar(score), person == 0 ? reasons_list(photo) : "");
}

// The deepest folder that all photos lie under. The page leaves it out: where somebody keeps their photos is nothing to
// send around.
std::filesystem::path shared_folder(const std::vector<ScoredPhoto>& photos) {
  std::filesystem::path shared = photos.empty() ? "" : photos.front().path.parent_path();
  for (const auto& photo : photos) {
    const auto folder = photo.path.parent_path();
    const auto end = std::mismatch(shared.begin(), shared.end(), folder.begin(), folder.end()).first;
    std::filesystem::path start;
    for (auto part = shared.begin(); part != end; ++part) start /= *part;
    shared = start;
  }
  return shared;
}

std::string path_text(const std::filesystem::path& path, const std::filesystem::path& shared) {
  const std::string name = fmt::format("<b><bdi>{}</bdi></b>", html_text(path.filename().string()));
  const auto folder = shared.empty() ? path.parent_path() : path.parent_path().lexically_relative(shared);
  if (folder.empty() || folder == ".") return name;
  return fmt::format("{}<br><span class=\"quiet\"><bdi>{}</bdi></span>", name, html_text(folder.string()));
}

std::string photo_card(const Ranking& ranking, const ScoredPhoto& photo, const std::vector<std::size_t>& ranks,
                       const std::filesystem::path& shared) {
  std::string boxes;
  for (std::size_t person = 0; person < ranking.people.size(); ++person) boxes += score_box(ranking, photo, person);
  return fmt::format(
      "<li class=\"photo\" data-ranks=\"{}\">\n<div class=\"frame\"><img alt=\"{}\" src=\"data:image/jpeg;base64,{}\">"
      "<span class=\"rank\">{}</span></div>\n<p class=\"path\">{}</p>\n<div class=\"scores\">\n{}</div>\n</li>\n",
      fmt::join(ranks, " "), html_text("The photo " + photo.path.filename().string()), base64(photo.thumbnail),
      ranks.front(), path_text(photo.path, shared), boxes);
}

std::string failures(const Ranking& ranking) {
  if (ranking.failures.empty()) return {};
  std::string items;
  for (const auto& photo : ranking.failures) items += fmt::format("<li><bdi>{}</bdi></li>\n", html_text(photo.error));
  return fmt::format("<section class=\"failures\"><h2>Not scored</h2>\n<ul>\n{}</ul></section>\n", items);
}

std::string footer(const ModelInfo& model) {
  return fmt::format("<footer>Made by paa {}. Model {}, {}, version {}.</footer>\n", version(), html_text(model.name),
                     model.precision == Precision::kBF16 ? "bf16" : "fp32", html_text(model.hash));
}

std::string script(const Ranking& ranking) {
  return compares_people(ranking) ? fmt::format("<script>{}</script>\n", kGalleryScript) : "";
}

}  // namespace

std::string gallery_page(const Ranking& ranking) {
  const auto ranks = ranks_of(ranking);
  std::string page = head(ranking) + "<body>\n<main>\n" + header(ranking) + "<ol class=\"photos\">\n";
  const auto shared = shared_folder(ranking.photos);
  for (std::size_t i = 0; i < ranking.photos.size(); ++i) {
    page += photo_card(ranking, ranking.photos[i], ranks[i], shared);
  }
  page += "</ol>\n" + failures(ranking) + footer(ranking.model) + "</main>\n" + script(ranking) + "</body>\n</html>\n";
  return page;
}

}  // namespace paa::cli
