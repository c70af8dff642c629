#include "json_number.h"
#include "paa/eval/steering.h"

namespace paa::eval {
namespace {

Json text_json(const SteeredText& text) {
  return {{"about", text.text},
          {"plcc", json_number(text.plcc)},
          {"srocc", json_number(text.srocc)},
          {"slope", json_number(text.slope)},
          {"distance", json_number(text.distance)}};
}

Json row_json(const SteeringRow& row) {
  Json texts = Json::array();
  for (const auto& text : row.texts) texts.push_back(text_json(text));
  return {{"row", row.name},
          {"held_out_traits", row.traits == TraitUse::kHeldOut},
          {"held_out_wordings", row.wordings == WordingUse::kHeldOut},
          {"plcc", json_interval(row.plcc, "texts")},
          {"srocc", json_interval(row.srocc, "texts")},
          {"slope", json_interval(row.slope, "texts")},
          {"distance", json_interval(row.distance, "texts")},
          {"right_direction", json_number(row.right)},
          {"texts", std::move(texts)}};
}

Json category_json(const CategorySteering& category) {
  return {{"trait", category.trait},
          {"photos", category.photos},
          {"without", json_number(category.without)},
          {"liked", json_number(category.liked)},
          {"disliked", json_number(category.disliked)},
          {"likes", category.likes},
          {"dislikes", category.dislikes}};
}

}  // namespace

Json steering_to_json(const SteeringReport& report) {
  Json json = {{"set", report.set},
               {"scale", {report.scale.low, report.scale.high}},
               {"protocol", "steering"},
               {"seed", report.options.seed},
               {"texts", report.options.texts},
               {"resamples", report.options.resamples},
               {"counts", {{"photos", report.photos}}},
               {"rows", Json::array()},
               {"categories", Json::array()}};
  for (const auto& row : report.rows) json["rows"].push_back(row_json(row));
  for (const auto& category : report.categories) json["categories"].push_back(category_json(category));
  return json;
}

}  // namespace paa::eval
