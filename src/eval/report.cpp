#include "paa/eval/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <set>

#include "paa/core/error.h"
#include "paa/eval/baselines.h"
#include "score_sheet.h"

namespace paa::eval {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// A row that the model answers: where its repeats begin on the sheet.
struct AskedRow {
  std::string name;
  int k = 0;
  std::vector<std::size_t> begins;
};

Profile coarse(const Profile& profile) {
  Profile part;
  part.age = profile.age;
  part.age_range = profile.age_range;
  part.gender = profile.gender;
  return part;
}

void check(const ReportOptions& options, Protocol protocol) {
  if (options.shuffles < 1 || options.resamples < 1) {
    throw Error(ErrorCode::kInvalidArgument, "an evaluation needs at least one shuffle and one resample");
  }
  if (protocol != Protocol::kKShot) return;
  if (options.k.empty() || options.k.front() < 1 ||
      std::adjacent_find(options.k.begin(), options.k.end(), std::greater_equal<>()) != options.k.end()) {
    throw Error(ErrorCode::kInvalidArgument, "the support sizes k must be 1 or more and rise");
  }
  if (options.support_reader && (options.support_draws < 1 || options.support_draws > options.draws)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} draws were asked for rows that read the support; there are {}", options.support_draws,
                            options.draws));
  }
}

// Builds a report in two steps: every row asks, then the model answers, then every row is evaluated.
class Evaluator {
 public:
  Evaluator(const RatingTable& table, Protocol protocol, const ReportOptions& options)
      : table_(table), bootstrap_{options.resamples, 0.95, options.seed} {
    check(options, protocol);
    if (protocol == Protocol::kKShot) {
      plan_ = plan_k_shot(table, {options.k.back(), options.draws, options.seed});
      queries_ = plan_.queries;
    } else {
      queries_ = test_queries(table);
    }
    report_.set = table.name;
    report_.scale = table.scale;
    report_.protocol = protocol;
    report_.options = options;
    report_.left_out = plan_.left_out;
    describe_queries();
  }

  EvaluationReport run(const ProfileScorer& scorer) {
    ask_without_profile();
    if (protocol() != Protocol::kGeneric) ask_with_profile();
    if (protocol() == Protocol::kZeroShot) ask_shuffled_and_coarse();
    if (protocol() == Protocol::kKShot) {
      ask_generic_of_known_photos();
      if (options().support_reader) ask_support_profiles();
    }
    sheet_.answer(scorer);
    for (const auto& row : asked_) add_asked(row);
    if (protocol() == Protocol::kKShot) add_person_means();
    add_baselines();
    add_differences();
    if (!table_.retests.empty()) report_.retest = evaluate_retests(table_, bootstrap_);
    return std::move(report_);
  }

 private:
  Protocol protocol() const { return report_.protocol; }
  const ReportOptions& options() const { return report_.options; }

  void describe_queries() {
    std::set<std::uint32_t> photos;
    for (const auto& query : queries_) {
      report_.people.push_back(table_.people[query.person].id);
      report_.person_ratings.push_back(query.ratings.size());
      report_.ratings += query.ratings.size();
      report_.unranked += !can_rank(table_, query);
      for (const auto rating : query.ratings) photos.insert(table_.ratings[rating].photo);
    }
    report_.photos = photos.size();
  }

  void ask(const std::string& name, int k, const std::vector<std::vector<std::uint32_t>>& repeats) {
    AskedRow row{name, k, {}};
    for (const auto& profiles : repeats) row.begins.push_back(sheet_.ask(table_, queries_, profiles));
    asked_.push_back(std::move(row));
  }

  void ask_without_profile() {
    nobody_ = sheet_.add({});
    ask(kGenericRow, 0, {std::vector<std::uint32_t>(queries_.size(), nobody_)});
  }

  void ask_with_profile() {
    for (const auto& query : queries_) own_.push_back(sheet_.add(table_.people[query.person].profile));
    ask(kProfileRow, 0, {own_});
  }

  // profiles[i] goes to another person in each repeat.
  std::vector<std::uint32_t> shuffled(const std::vector<std::uint32_t>& profiles, std::uint64_t repeat) const {
    std::vector<std::uint32_t> moved;
    for (const std::size_t from : shuffled_people(profiles.size(), options().seed, repeat)) {
      moved.push_back(profiles[from]);
    }
    return moved;
  }

  bool can_shuffle() const { return queries_.size() > 1; }

  void ask_shuffled_and_coarse() {
    if (can_shuffle()) {
      std::vector<std::vector<std::uint32_t>> repeats;
      for (int i = 0; i < options().shuffles; ++i) repeats.push_back(shuffled(own_, static_cast<std::uint64_t>(i)));
      ask(kShuffledRow, 0, repeats);
    }
    std::vector<std::uint32_t> part;
    for (const auto& query : queries_) part.push_back(sheet_.add(coarse(table_.people[query.person].profile)));
    ask(kCoarseRow, 0, {part});
  }

  // Photos whose generic score the offsets need: those in supports, and what training people rated.
  void ask_generic_of_known_photos() {
    generic_places_.assign(table_.photos.size(), kNotAsked);
    for (std::size_t photo = 0; photo < table_.photos.size(); ++photo) {
      const Split split = table_.photos[photo].split;
      if (split != Split::kTrain && split != Split::kValidation) continue;
      generic_places_[photo] = sheet_.ask(nobody_, static_cast<std::uint32_t>(photo));
    }
  }

  std::uint32_t read_support(std::size_t i, std::size_t draw, int k) {
    std::vector<Rating> support;
    for (const auto rating : plan_.support(i, draw, k)) support.push_back(table_.ratings[rating]);
    return sheet_.add(options().support_reader(table_, queries_[i].person, support));
  }

  void ask_support_profiles() {
    for (const int k : options().k) {
      std::vector<std::vector<std::uint32_t>> read, moved;
      for (int draw = 0; draw < options().support_draws; ++draw) {
        auto& profiles = read.emplace_back();
        for (std::size_t i = 0; i < queries_.size(); ++i) {
          profiles.push_back(read_support(i, static_cast<std::size_t>(draw), k));
        }
        if (can_shuffle()) moved.push_back(shuffled(profiles, static_cast<std::uint64_t>(draw)));
      }
      ask(options().support_name, k, read);
      if (can_shuffle()) ask(shuffled_support_name(), k, moved);
    }
  }

  std::string shuffled_support_name() const { return "shuffled " + options().support_name; }

  void add(Row row) { report_.rows.push_back(evaluate(table_, queries_, row, bootstrap_)); }

  void add_asked(const AskedRow& asked) {
    Row row{asked.name, asked.k, {}};
    for (const std::size_t begin : asked.begins) row.repeats.push_back(sheet_.predictions(begin, report_.ratings));
    add(std::move(row));
  }

  void add_person_means() {
    std::vector<double> generic;
    for (const std::size_t place : generic_places_) {
      generic.push_back(place == kNotAsked ? kUndefined : sheet_.at(place).mean);
    }
    const auto population = fit_offsets(table_, generic);
    if (!population) return;
    for (const int k : options().k) {
      Row row{kPersonMeanRow, k, {}};
      for (int draw = 0; draw < options().draws; ++draw) {
        row.repeats.push_back(moved_by_offsets(*population, generic, static_cast<std::size_t>(draw), k));
      }
      add(std::move(row));
    }
  }

  Predictions moved_by_offsets(const OffsetPopulation& population, const std::vector<double>& generic,
                               std::size_t draw, int k) const {
    Predictions predictions = sheet_.predictions(asked_.front().begins.front(), report_.ratings);
    std::size_t at = 0;
    for (std::size_t i = 0; i < queries_.size(); ++i) {
      const PersonOffset person = estimate_offset(table_, population, generic, plan_.support(i, draw, k));
      for (std::size_t j = 0; j < queries_[i].ratings.size(); ++j, ++at) {
        predictions.mean[at] += person.offset;
        predictions.spread[at] = person.spread;
      }
    }
    return predictions;
  }

  void add_baselines() {
    if (auto oracle = people_mean(table_, queries_)) add({kPeopleMeanRow, 0, {std::move(*oracle)}});
    if (protocol() == Protocol::kKShot) return;
    if (auto constant = train_mean(table_, queries_)) add({kTrainMeanRow, 0, {std::move(*constant)}});
  }

  void add_difference(const std::string& name, int k, const std::string& minus, int minus_k) {
    const RowResult* row = report_.find(name, k);
    const RowResult* other = report_.find(minus, minus_k);
    if (row == nullptr || other == nullptr) return;
    report_.differences.push_back(paired_difference(*row, *other, bootstrap_));
  }

  void add_differences() {
    add_difference(kProfileRow, 0, kGenericRow, 0);
    add_difference(kProfileRow, 0, kShuffledRow, 0);
    add_difference(kCoarseRow, 0, kGenericRow, 0);
    if (protocol() != Protocol::kKShot) return;
    for (const int k : options().k) {
      add_difference(kPersonMeanRow, k, kGenericRow, 0);
      add_difference(options().support_name, k, shuffled_support_name(), k);
      add_difference(options().support_name, k, kGenericRow, 0);
    }
  }

  static constexpr std::size_t kNotAsked = std::numeric_limits<std::size_t>::max();

  const RatingTable& table_;
  BootstrapOptions bootstrap_;
  KShotPlan plan_;
  std::vector<PersonQuery> queries_;
  ScoreSheet sheet_;
  std::vector<AskedRow> asked_;  // the generic row first
  std::vector<std::uint32_t> own_;
  std::uint32_t nobody_ = 0;
  std::vector<std::size_t> generic_places_;
  EvaluationReport report_;
};

}  // namespace

const char* to_string(Protocol protocol) noexcept {
  switch (protocol) {
    case Protocol::kKShot: return "k-shot";
    case Protocol::kGeneric: return "generic";
    case Protocol::kZeroShot: break;
  }
  return "zero-shot";
}

const RowResult* EvaluationReport::find(const std::string& name, int k) const {
  for (const auto& row : rows) {
    if (row.name == name && row.k == k) return &row;
  }
  return nullptr;
}

EvaluationReport evaluate_protocol(const RatingTable& table, Protocol protocol, const ProfileScorer& scorer,
                                   const ReportOptions& options) {
  return Evaluator(table, protocol, options).run(scorer);
}

}  // namespace paa::eval
