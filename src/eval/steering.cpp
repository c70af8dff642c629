#include "paa/eval/steering.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "paa/core/error.h"
#include "paa/eval/metrics.h"
#include "score_sheet.h"

namespace paa::eval {
namespace {

// Streams of one seed: a row's texts do not depend on how many the other rows have.
constexpr std::uint64_t kRowStream = std::uint64_t{1} << 61;
constexpr std::uint64_t kCategoryStream = kRowStream + 16;

// A vocabulary in which so many draws in a row tell no test photos apart has no trait that does.
constexpr int kMostDraws = 1000;

constexpr const char* kCategories[] = {"animals", "people", "objects", "scenes"};

struct Kind {
  const char* name;
  TraitUse traits;
  WordingUse wordings;
};
constexpr Kind kKinds[] = {
    {"trained traits, trained wordings", TraitUse::kTraining, WordingUse::kTraining},
    {"trained traits, held-out wordings", TraitUse::kTraining, WordingUse::kHeldOut},
    {"held-out traits, trained wordings", TraitUse::kHeldOut, WordingUse::kTraining},
    {"held-out traits, held-out wordings", TraitUse::kHeldOut, WordingUse::kHeldOut},
};

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Least squares; `across` is not constant.
double slope_of(const std::vector<double>& across, const std::vector<double>& up) {
  const double across_mean = mean_of(across), up_mean = mean_of(up);
  double products = 0, squares = 0;
  for (std::size_t i = 0; i < across.size(); ++i) {
    products += (across[i] - across_mean) * (up[i] - up_mean);
    squares += (across[i] - across_mean) * (across[i] - across_mean);
  }
  return products / squares;
}

bool is_constant(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
}

// A text whose answers begin at a place of the sheet, with what it intends.
struct AskedText {
  std::string text;
  std::vector<double> intended;  // by test photo
  std::size_t begin = 0;
};

struct AskedCategory {
  CategorySteering steering;
  std::vector<bool> is_member;  // by test photo
  std::vector<std::size_t> likes, dislikes;
};

// Every row asks, then the model answers, then every row is evaluated.
class Steering {
 public:
  Steering(const RatingTable& table, const TraitTable& traits, const SteeringOptions& options)
      : table_(table), traits_(traits), options_(options) {
    if (options.texts < 1 || options.resamples < 1) {
      throw Error(ErrorCode::kInvalidArgument, "measuring steering needs at least one text and one resample");
    }
    if (traits.photo_count() != table.photos.size()) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("the traits of {} photos were given; {} has {}",
                                                           traits.photo_count(), table.name, table.photos.size()));
    }
    for (std::uint32_t i = 0; i < table.photos.size(); ++i) {
      if (table.photos[i].split == Split::kTest) photos_.push_back(i);
    }
    if (photos_.size() < 2) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("{}: steering is measured on test photos; there are {}", table.name, photos_.size()));
    }
  }

  SteeringReport run(const ProfileScorer& scorer) {
    const std::size_t without = ask({});
    for (std::size_t i = 0; i < std::size(kKinds); ++i) asked_.push_back(ask_texts(kKinds[i], kRowStream + i));
    Random random(options_.seed, kCategoryStream);
    for (const char* key : kCategories) ask_category(key, random);
    sheet_.answer(scorer);

    without_ = scores(without);
    SteeringReport report{table_.name, table_.scale, options_, photos_.size(), {}, {}};
    for (std::size_t i = 0; i < std::size(kKinds); ++i) report.rows.push_back(row(kKinds[i], asked_[i]));
    for (const auto& category : categories_) report.categories.push_back(evaluated(category));
    return report;
  }

 private:
  std::size_t ask(const Profile& profile) {
    const std::uint32_t asked = sheet_.add(profile);
    const std::size_t begin = sheet_.ask(asked, photos_.front());
    for (std::size_t i = 1; i < photos_.size(); ++i) sheet_.ask(asked, photos_[i]);
    return begin;
  }

  std::size_t ask_about(const std::string& text) {
    Profile profile;
    profile.about = text;
    return ask(profile);
  }

  std::vector<double> scores(std::size_t begin) const { return sheet_.predictions(begin, photos_.size()).mean; }

  std::vector<double> intended(const Taste& taste) const {
    const double points = (table_.scale.high - table_.scale.low) / 6;
    std::vector<double> shifts;
    for (const auto photo : photos_) shifts.push_back(taste_shift(taste, traits_.row(photo)) * points);
    return shifts;
  }

  AskedText draw(const Kind& kind, Random& random) {
    for (int i = 0; i < kMostDraws; ++i) {
      const Taste taste = draw_taste(vocabulary_, traits_, kind.traits, random);
      AskedText text{{}, intended(taste), 0};
      if (is_constant(text.intended)) continue;
      text.text = taste_text(taste, vocabulary_, random, kind.wordings);
      text.begin = ask_about(text.text);
      return text;
    }
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: no taste about {} tells its {} test photos apart", table_.name, kind.name, photos_.size()));
  }

  std::vector<AskedText> ask_texts(const Kind& kind, std::uint64_t stream) {
    Random random(options_.seed, stream);
    std::vector<AskedText> texts;
    for (int i = 0; i < options_.texts; ++i) texts.push_back(draw(kind, random));
    return texts;
  }

  void ask_category(const char* key, Random& random) {
    const auto trait = vocabulary_.find(key);
    if (!trait || !traits_.present(*trait)) return;
    AskedCategory category{{key, 0, {}, {}}, {}, {}, {}};
    // A photo of the category has 1 and another 0 before they are standardised.
    for (const auto photo : photos_) category.is_member.push_back(traits_.row(photo)[*trait] > 0);
    auto& members = category.steering.photos;
    members = static_cast<std::size_t>(std::count(category.is_member.begin(), category.is_member.end(), true));
    if (members == 0 || members == photos_.size()) return;
    const auto ask_for = [&](double weight, std::vector<std::string>& texts, std::vector<std::size_t>& begins) {
      for (int i = 0; i < kCategoryTexts; ++i) {
        texts.push_back(taste_text({{{*trait, weight}}}, vocabulary_, random, WordingUse::kHeldOut));
        begins.push_back(ask_about(texts.back()));
      }
    };
    ask_for(1, category.steering.likes, category.likes);
    ask_for(-1, category.steering.dislikes, category.dislikes);
    categories_.push_back(std::move(category));
  }

  SteeredText evaluated(const AskedText& asked) const {
    std::vector<double> shift = scores(asked.begin), distance;
    for (std::size_t i = 0; i < shift.size(); ++i) {
      shift[i] -= without_[i];
      distance.push_back(std::abs(shift[i]));
    }
    return {asked.text, plcc(asked.intended, shift), srocc(asked.intended, shift), slope_of(asked.intended, shift),
            mean_of(distance)};
  }

  SteeringRow row(const Kind& kind, const std::vector<AskedText>& asked) const {
    SteeringRow row{kind.name, kind.traits, kind.wordings, {}, {}, {}, {}, {}, 0};
    double right = 0;
    for (const auto& text : asked) {
      row.texts.push_back(evaluated(text));
      right += row.texts.back().slope > 0;
    }
    row.right = right / static_cast<double>(asked.size());
    const auto interval = [&](double SteeredText::*figure) {
      std::vector<double> values;
      for (const auto& text : row.texts) values.push_back(text.*figure);
      return bootstrap_mean(values, {options_.resamples, 0.95, options_.seed});
    };
    row.plcc = interval(&SteeredText::plcc);
    row.srocc = interval(&SteeredText::srocc);
    row.slope = interval(&SteeredText::slope);
    row.distance = interval(&SteeredText::distance);
    return row;
  }

  static double contrast(const std::vector<double>& scores, const std::vector<bool>& is_member) {
    double inside = 0, outside = 0, members = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      (is_member[i] ? inside : outside) += scores[i];
      members += is_member[i];
    }
    return inside / members - outside / (static_cast<double>(scores.size()) - members);
  }

  CategorySteering evaluated(const AskedCategory& asked) const {
    CategorySteering category = asked.steering;
    const auto mean_contrast = [&](const std::vector<std::size_t>& begins) {
      double sum = 0;
      for (const auto begin : begins) sum += contrast(scores(begin), asked.is_member);
      return sum / static_cast<double>(begins.size());
    };
    category.without = contrast(without_, asked.is_member);
    category.liked = mean_contrast(asked.likes);
    category.disliked = mean_contrast(asked.dislikes);
    return category;
  }

  const TasteVocabulary& vocabulary_ = TasteVocabulary::standard();
  const RatingTable& table_;
  const TraitTable& traits_;
  const SteeringOptions options_;
  std::vector<std::uint32_t> photos_;  // to test with
  ScoreSheet sheet_;
  std::vector<std::vector<AskedText>> asked_;  // by kind
  std::vector<AskedCategory> categories_;
  std::vector<double> without_;  // score of each test photo without a profile
};

}  // namespace

SteeringReport evaluate_steering(const RatingTable& table, const TraitTable& traits, const ProfileScorer& scorer,
                                 const SteeringOptions& options) {
  return Steering(table, traits, options).run(scorer);
}

}  // namespace paa::eval
