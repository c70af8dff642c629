#include "paa/eval/interview_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "json_number.h"
#include "paa/core/error.h"
#include "paa/dlllm/feature_fusion.h"
#include "paa/eval/metrics.h"
#include "paa/eval/protocol.h"
#include "paa/interview/interviewer.h"
#include "paa/interview/preference_concepts.h"
#include "paa/person/spoken_profile.h"

namespace paa::eval {
namespace {

// Streams of one seed.
constexpr std::uint64_t kTasteStream = std::uint64_t{1} << 60, kAnswerStream = kTasteStream + 1;
constexpr std::size_t kLeastTastes = 3, kMostTastes = 4;

constexpr const char* kFallback = "fallback concepts";
constexpr const char* kConcepts = "and concepts of the interview";
constexpr const char* kDirected = "and their direction";
constexpr const char* kSpoken = "fallback, preferences told to P-MLLM";
constexpr const char* kAll = "concepts, direction, told to P-MLLM";
constexpr const char* kPerfect = "the same, read without a fault";

const std::string& family_of(const TasteTrait& trait) { return trait.family.empty() ? trait.key : trait.family; }

// Three or four tastes that people can be told apart by: their photos differ in them, and no two are of one family.
Taste planted_taste(const TasteVocabulary& vocabulary, const TraitTable& traits, Random& random) {
  const std::size_t count = kLeastTastes + random.below(kMostTastes - kLeastTastes + 1);
  Taste taste;
  std::set<std::string> families;
  for (const std::size_t trait : random.permutation(vocabulary.traits.size())) {
    if (taste.items.size() == count) break;
    const TasteTrait& one = vocabulary.traits[trait];
    if (!traits.present(trait) || topic_of_trait(one).empty() || !families.insert(family_of(one)).second) continue;
    const double weight = random.below(2) == 0 ? 1 : 0.5;
    taste.items.push_back({trait, random.below(2) == 0 ? weight : -weight});
  }
  return taste;
}

struct Subject {
  PersonQuery query;
  std::vector<std::vector<std::uint32_t>> supports;  // by draw, the largest
};

double shifted(const RatingTable& table, const TraitTable& traits, const Taste& taste, const TasteShift& shift,
               const Rating& rating) {
  const double per_point = (table.scale.high - table.scale.low) / 6;
  const double moved = static_cast<double>(rating.value) + per_point * taste_shift(taste, traits.row(rating.photo), shift);
  const double step = table.scale.step;
  const double rounded = step > 0 ? table.scale.low + std::round((moved - table.scale.low) / step) * step : moved;
  return std::clamp(rounded, table.scale.low, table.scale.high);
}

class Study {
 public:
  Study(const RatingTable& table, const TraitTable& traits, InterviewStudyModels models, const InterviewStudyOptions& options)
      : table_(table), traits_(traits), models_(std::move(models)), options_(options) {
    if (models_.rows.rows() != table.photos.size() || traits.photo_count() != table.photos.size()) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: {} photos, but features of {} and traits of {}", table.name,
                                                           table.photos.size(), models_.rows.rows(), traits.photo_count()));
    }
    if (options.people < 2 || options.k.empty() || options.draws < 1 ||
        !std::is_sorted(options.k.begin(), options.k.end()) || options.k.front() < 0) {
      throw Error(ErrorCode::kInvalidArgument, "a study of interviews needs two people, one draw and rising numbers of ratings");
    }
    report_.set = table.name;
    report_.options = options;
  }

  InterviewReport run() {
    choose_people();
    hold_interviews();
    rate_concepts();
    tell_model();
    for (const char* name : {kFallback, kConcepts, kDirected, kSpoken, kAll, kPerfect}) report_.rows.push_back({name, {}, {}, {}});
    for (const int k : options_.k) predict(k);
    return std::move(report_);
  }

 private:
  void choose_people() {
    const KShotPlan plan = plan_k_shot(table_, {std::max(1, options_.k.back()), options_.draws, options_.seed});
    for (std::size_t i = 0; i < std::min(options_.people, plan.queries.size()); ++i) {
      subjects_.push_back({plan.queries[i], plan.supports[i]});
    }
  }

  void hold_interviews() {
    const TasteVocabulary& vocabulary = TasteVocabulary::standard();
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      throw_if_cancelled(options_.cancel);
      Random random(options_.seed, kTasteStream + 2 * i);
      SimulatedPerson speaker(planted_taste(vocabulary, traits_, random), vocabulary, static_cast<Manner>(i % 4),
                              options_.seed + kAnswerStream + 2 * i);
      InterviewState state = hold_interview(speaker, models_.guide, models_.reader, options_.plan, i, options_.cancel);
      const FoundTastes found = compare(speaker, state.preferences);
      report_.interviews.push_back({subjects_[i].query.person, std::move(speaker), std::move(state), found});
      if (options_.progress) options_.progress(i + 1, subjects_.size());
    }
    std::vector<double> recall, precision;
    for (const auto& held : report_.interviews) {
      recall.push_back(static_cast<double>(held.found.found) / static_cast<double>(held.found.planted));
      precision.push_back(held.found.preferences == 0 ? std::nan("")
                                                      : static_cast<double>(held.found.right) /
                                                            static_cast<double>(held.found.preferences));
    }
    report_.recall = bootstrap_mean(recall);
    report_.precision = bootstrap_mean(precision);
  }

  // All people's concepts in one call: a content is read once for all of them.
  void rate_concepts() {
    std::vector<Concept> all;
    std::map<std::string, std::size_t> places;
    for (const auto& held : report_.interviews) {
      heard_.push_back(concepts_from(held.state.preferences));
      perfect_.push_back(concepts_from(perfect_preferences(held.speaker)));
      for (const auto* concepts : {&heard_.back(), &perfect_.back()}) {
        for (const auto& subject : *concepts) {
          if (places.try_emplace(subject.name, all.size()).second) all.push_back(what_is_rated(subject));
        }
      }
    }
    concept_places_ = std::move(places);
    concepts_ = all.size();
    if (concepts_ > 0) digits_ = models_.rate(all);
  }

  // P-MLLM's scores of all photos with what was heard, and with what was said.
  void tell_model() {
    std::vector<Profile> profiles;
    std::vector<ProfilePhoto> pairs;
    for (const auto& held : report_.interviews) {
      for (const auto& preferences : {held.state.preferences, perfect_preferences(held.speaker)}) {
        Profile profile;
        const std::string text = stated_tastes_text(preferences);
        if (!text.empty()) profile.about = text;
        for (std::uint32_t photo = 0; photo < table_.photos.size(); ++photo) {
          pairs.push_back({static_cast<std::uint32_t>(profiles.size()), photo});
        }
        profiles.push_back(std::move(profile));
      }
    }
    told_ = models_.scorer(profiles, pairs);
  }

  // The table's photos for one person: concepts at the end, and the score in front if `told` is 0 (heard) or 1 (perfect).
  FeatureRows rows_for(std::size_t person, const std::vector<Concept>& own, int told) const {
    FeatureRows rows{models_.rows.columns + own.size(), {}};
    for (std::size_t photo = 0; photo < table_.photos.size(); ++photo) {
      rows.append(models_.rows.row(photo));
      if (told >= 0) {
        const std::size_t profile = 2 * person + static_cast<std::size_t>(told);
        rows.values[photo * rows.columns] = static_cast<float>(told_[profile * table_.photos.size() + photo].mean);
      }
      for (const auto& subject : own) {
        rows.values.push_back(digits_[photo * concepts_ + concept_places_.at(subject.name)]);
      }
    }
    return rows;
  }

  double srocc_of(std::size_t person, FeatureFusion& fusion, const FeatureRows& rows,
                  std::span<const std::uint32_t> support) const {
    const Taste& taste = report_.interviews[person].speaker.taste();
    std::vector<Observation> observations;
    for (const auto rating : support) {
      const Rating& known = table_.ratings[rating];
      observations.push_back({VerdictKind::kStars, known.photo, known.photo,
                              shifted(table_, traits_, taste, options_.shift, known)});
    }
    fusion.fit(rows, observations);
    std::vector<double> truth;
    std::vector<std::uint32_t> photos;
    for (const auto rating : subjects_[person].query.ratings) {
      truth.push_back(shifted(table_, traits_, taste, options_.shift, table_.ratings[rating]));
      photos.push_back(table_.ratings[rating].photo);
    }
    return srocc(truth, fusion.means(rows_at(rows, photos)));
  }

  // Mean over draws.
  double srocc_at(std::size_t person, const std::vector<Concept>& own, int told, int k) const {
    const FeatureRows rows = rows_for(person, own, told);
    FeatureFusion fusion(with_own_concepts(models_.population, own));
    if (k == 0) return srocc_of(person, fusion, rows, {});
    double sum = 0;
    for (const auto& support : subjects_[person].supports) {
      throw_if_cancelled(options_.cancel);
      sum += srocc_of(person, fusion, rows, std::span(support).first(static_cast<std::size_t>(k)));
    }
    return sum / static_cast<double>(options_.draws);
  }

  static std::vector<Concept> without_direction(std::vector<Concept> concepts) {
    for (auto& subject : concepts) subject.stated = 0;
    return concepts;
  }

  void predict(int k) {
    std::vector<std::vector<double>> by_row(report_.rows.size());
    for (std::size_t person = 0; person < subjects_.size(); ++person) {
      const double values[] = {srocc_at(person, {}, -1, k),
                               srocc_at(person, without_direction(heard_[person]), -1, k),
                               srocc_at(person, heard_[person], -1, k),
                               srocc_at(person, {}, 0, k),
                               srocc_at(person, heard_[person], 0, k),
                               srocc_at(person, perfect_[person], 1, k)};
      for (std::size_t row = 0; row < by_row.size(); ++row) by_row[row].push_back(values[row]);
    }
    for (std::size_t row = 0; row < by_row.size(); ++row) {
      report_.rows[row].srocc.push_back(bootstrap_mean(by_row[row]));
      report_.rows[row].gain.push_back(bootstrap_difference(by_row[row], by_row.front()));
      report_.rows[row].people.push_back(std::move(by_row[row]));
      if (row == 0) by_row.front() = report_.rows.front().people.back();
    }
  }

  const RatingTable& table_;
  const TraitTable& traits_;
  InterviewStudyModels models_;
  InterviewStudyOptions options_;
  InterviewReport report_;
  std::vector<Subject> subjects_;
  std::vector<std::vector<Concept>> heard_, perfect_;
  std::map<std::string, std::size_t> concept_places_;
  std::size_t concepts_ = 0;
  std::vector<float> digits_;
  std::vector<Score> told_;
};

std::string interval_text(const Interval& interval) {
  return fmt::format("{:6.3f} [{:6.3f}, {:6.3f}]", interval.mean, interval.low, interval.high);
}

Json taste_json(const SimulatedPerson& person) {
  Json items = Json::array();
  const TasteVocabulary& vocabulary = TasteVocabulary::standard();
  for (const auto& item : person.taste().items) {
    items.push_back({{"trait", vocabulary.traits[item.trait].key}, {"weight", item.weight}});
  }
  return items;
}

}  // namespace

InterviewState hold_interview(SimulatedPerson& speaker, const Guide& guide, AnswerReader& reader, const InterviewPlan& plan,
                              std::uint64_t id, const Cancel* cancel) {
  InterviewState state;
  state.id = fmt::format("simulated-{}", id);
  state.language = guide.language;
  GuidedInterviewer interviewer(guide);
  while (time_to_end(state, guide, plan, 0) == InterviewEnd::kOpen) {
    const Aim aim = next_aim(state, guide, plan);
    const InterviewQuestion question{state.last_turn + 1, interviewer.ask(aim, state), aim.kind, aim.stage, aim.topic, aim.photos};
    state.apply(question_event(question), state.id);
    state.apply(answer_event(question.turn, speaker.answer(question), 0), state.id);
    const Turn& turn = state.turns.back();
    state.apply(preferences_event(question.turn, with_evidence(reader.read(turn, state.id, cancel), turn.answer)), state.id);
  }
  return state;
}

InterviewReport run_interview_study(const RatingTable& table, const TraitTable& traits, InterviewStudyModels models,
                                    const InterviewStudyOptions& options) {
  return Study(table, traits, std::move(models), options).run();
}

Json interview_study_to_json(const InterviewReport& report) {
  Json json = {{"set", report.set},
               {"people", report.interviews.size()},
               {"seed", report.options.seed},
               {"draws", report.options.draws},
               {"k", report.options.k},
               {"points_per_deviation", report.options.shift.points_per_deviation},
               {"recall", json_interval(report.recall)},
               {"precision", json_interval(report.precision)},
               {"rows", Json::array()},
               {"interviews", Json::array()}};
  for (const auto& row : report.rows) {
    Json one = {{"name", row.name}, {"srocc", Json::array()}, {"gain", Json::array()}};
    for (const auto& interval : row.srocc) one["srocc"].push_back(json_interval(interval));
    for (const auto& interval : row.gain) one["gain"].push_back(json_interval(interval));
    json["rows"].push_back(std::move(one));
  }
  for (const auto& held : report.interviews) {
    Json turns = Json::array(), preferences = Json::array();
    for (const auto& turn : held.state.turns) turns.push_back({{"question", turn.question.text}, {"answer", turn.answer}});
    for (const auto& preference : held.state.preferences) preferences.push_back(preference_to_json(preference));
    json["interviews"].push_back({{"person", held.person},
                                  {"manner", to_string(held.speaker.manner())},
                                  {"tastes", taste_json(held.speaker)},
                                  {"turns", std::move(turns)},
                                  {"preferences", std::move(preferences)},
                                  {"planted", held.found.planted},
                                  {"found", held.found.found},
                                  {"stated", held.found.preferences},
                                  {"right", held.found.right}});
  }
  return json;
}

std::string interview_study_text(const InterviewReport& report) {
  std::string text = fmt::format(
      "# {}: {} simulated people, each with three or four planted tastes; seed {}, {} draws\n"
      "# SROCC over people [95 % bootstrap interval over people]; gain: paired, over the fallback\n\n"
      "planted tastes found (recall)        {}\n"
      "preferences that were said (precision) {}\n\n",
      report.set, report.interviews.size(), report.options.seed, report.options.draws, interval_text(report.recall),
      interval_text(report.precision));
  for (std::size_t i = 0; i < report.options.k.size(); ++i) {
    text += fmt::format("{} ratings known\n", report.options.k[i]);
    for (const auto& row : report.rows) {
      text += fmt::format("  {:<38} {}   gain {}\n", row.name, interval_text(row.srocc[i]), interval_text(row.gain[i]));
    }
  }
  return text;
}

}  // namespace paa::eval
