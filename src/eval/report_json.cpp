#include "json_number.h"
#include "paa/eval/report.h"

namespace paa::eval {
namespace {

Json figures_json(const Figures& figures) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kMetrics; ++i) json[kMetricNames[i]] = json_number(figures[static_cast<Metric>(i)]);
  return json;
}

Json intervals_json(const std::array<Interval, kMetrics>& mean) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kMetrics; ++i) {
    json[kMetricNames[i]] = json_interval(mean[i]);
  }
  return json;
}

Json row_json(const RowResult& row) {
  return {{"row", row.name},
          {"k", row.k},
          {"repeats", row.repeats},
          {"per_person", intervals_json(row.mean)},
          {"pooled", figures_json(row.pooled)},
          {"photo_srocc", json_number(row.photo_srocc)}};
}

Json difference_json(const Difference& difference) {
  return {{"row", difference.row},
          {"minus", difference.minus},
          {"k", difference.k},
          {"per_person", intervals_json(difference.mean)}};
}

// For each person the figures of each row, in the order of "rows".
Json people_json(const EvaluationReport& report) {
  Json people = Json::array();
  for (std::size_t i = 0; i < report.people.size(); ++i) {
    Json rows = Json::array();
    for (const auto& row : report.rows) rows.push_back(figures_json(row.people[i]));
    people.push_back({{"person", report.people[i]}, {"ratings", report.person_ratings[i]}, {"rows", std::move(rows)}});
  }
  return people;
}

}  // namespace

Json report_to_json(const EvaluationReport& report) {
  const ReportOptions& options = report.options;
  Json json = {{"set", report.set},
               {"scale", {report.scale.low, report.scale.high}},
               {"protocol", to_string(report.protocol)},
               {"seed", options.seed},
               {"planted", report.planted.empty() ? Json(nullptr) : Json(report.planted)},
               {"shuffles", options.shuffles},
               {"resamples", options.resamples},
               {"counts",
                {{"people", report.people.size()},
                 {"ratings", report.ratings},
                 {"photos", report.photos},
                 {"people_unranked", report.unranked},
                 {"people_left_out", report.left_out}}},
               {"icc", report.icc ? json_number(*report.icc) : Json(nullptr)},
               {"rows", Json::array()},
               {"differences", Json::array()},
               {"retest", report.retest ? row_json(*report.retest) : Json(nullptr)},
               {"people", people_json(report)}};
  if (report.protocol == Protocol::kKShot) {
    json["k"] = options.k;
    json["draws"] = options.draws;
    json["support_draws"] = options.support_draws;
  }
  for (const auto& row : report.rows) json["rows"].push_back(row_json(row));
  for (const auto& difference : report.differences) json["differences"].push_back(difference_json(difference));
  return json;
}

}  // namespace paa::eval
