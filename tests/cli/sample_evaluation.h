#pragma once
// Evaluations with made-up figures.

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "eval_steering.h"
#include "eval_table.h"
#include "sample_ranking.h"

/// A row in which every figure of every one of two people is `figure`, with an interval of 0.1 around it.
inline paa::eval::RowResult sample_row(std::string name, int k, double figure) {
  paa::eval::RowResult row;
  row.name = std::move(name);
  row.k = k;
  paa::eval::Figures figures;
  figures.fill(figure);
  row.people = {figures, figures};
  row.mean.fill({figure, figure - 0.1, figure + 0.1, 2});
  row.pooled = figures;
  row.photo_srocc = figure;
  return row;
}

inline paa::cli::ModelReport sample_evaluation() {
  using namespace paa::eval;
  paa::cli::ModelReport sample{sample_model(), {}};
  EvaluationReport& report = sample.report;
  report.set = "tiny";
  report.people = {"anna", "ben"};
  report.person_ratings = {9, 10};
  report.ratings = 19;
  report.photos = 12;
  report.rows = {sample_row(kGenericRow, 0, 0.25), sample_row(kProfileRow, 0, 0.5)};
  report.differences = {paired_difference(report.rows[1], report.rows[0])};
  return sample;
}

inline paa::cli::ModelReport sample_k_shot() {
  using namespace paa::eval;
  paa::cli::ModelReport sample = sample_evaluation();
  sample.report.protocol = Protocol::kKShot;
  sample.report.options.k = {10, 25};
  sample.report.rows.push_back(sample_row(kPersonMeanRow, 10, 0.3));
  sample.report.rows.push_back(sample_row(kPersonMeanRow, 25, 0.4));
  return sample;
}

inline paa::cli::SteeredModel sample_steering() {
  using namespace paa::eval;
  paa::cli::SteeredModel sample{sample_model(), {}};
  SteeringReport& report = sample.report;
  report.set = "tiny";
  report.options.texts = 2;
  report.photos = 12;
  const Interval interval{0.7, 0.6, 0.8, 2};
  const std::vector<SteeredText> texts{{"likes <dogs>", 0.8, 0.7, 0.5, 0.2}, {"no boats, please", 0.6, 0.7, 0.9, 0.4}};
  report.rows = {{"trained traits, trained wordings", {}, {}, texts, interval, interval, interval, interval, 1}};
  report.categories = {{"animals", 3, {"I like animals."}, {"I dislike animals."}, 0.25, 1, -0.5}};
  return sample;
}
