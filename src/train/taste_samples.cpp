#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <c10/core/InferenceMode.h>

#include "paa/core/ordered_prefetch.h"
#include "paa/image/decode.h"
#include "paa/image/statistics.h"
#include "paa/taste/read_taste.h"
#include "pmllm/class_names.h"
#include "training_set.h"

namespace paa {
namespace {

// Random streams, apart from those of the steps.
constexpr std::uint64_t kRealStream = std::uint64_t{4} << 40, kSimulatedStream = std::uint64_t{5} << 40;

// Tastes are read off so many ratings at least, and as many are left as targets.
constexpr std::size_t kFewestRatings = 20;

// Points of the scale that a point of 1..7 is.
double points(const RatingScale& scale) { return (scale.high - scale.low) / 6; }

// Some texts say the fields of a training person too, and some hold a sentence that is beside the point: people write
// so.
std::string text_of(std::string about, const Profile& fields, const ProfileWording& wording,
                    const std::vector<std::string>& asides, Random& random) {
  Profile profile = random.uniform() < 0.4 ? fields : Profile();
  if (!asides.empty() && random.uniform() < 0.25) {
    const std::string& aside = asides[random.below(asides.size())];
    about = random.below(2) == 0 ? aside + " " + about : about + (about.ends_with('.') ? " " : ". ") + aside;
  }
  profile.about = std::move(about);
  return profile_text(profile, wording);
}

class RealTasteSamples final : public SampleSource {
 public:
  struct Person {
    std::uint32_t text = 0;
    std::vector<std::uint32_t> ratings;  // targets: indices into the table
    double offset = 0;                   // the person's mean difference from the others
  };

  RealTasteSamples(const TrainingRatings& ratings, std::vector<Person> people)
      : ratings_(ratings), people_(std::move(people)) {}

  TrainingSample draw(std::uint64_t, Random& random) const override {
    const Person& person = people_[random.below(people_.size())];
    const Rating& rating = ratings_.table().ratings[person.ratings[random.below(person.ratings.size())]];
    TrainingSample sample{person.text, rating.photo, {}};
    add_rating(sample.target, rating.value - person.offset, ratings_.table().scale, 1);
    return sample;
  }

 private:
  const TrainingRatings& ratings_;
  std::vector<Person> people_;
};

class SimulatedTasteSamples final : public SampleSource {
 public:
  SimulatedTasteSamples(const TrainingRatings& ratings, const TraitTable& traits, std::vector<StatedText> statements,
                        double strength)
      : ratings_(ratings), traits_(traits), statements_(std::move(statements)), strength_(strength) {}

  TrainingSample draw(std::uint64_t, Random& random) const override {
    const StatedText& statement = statements_[random.below(statements_.size())];
    const std::uint32_t photo = ratings_.photos()[random.below(ratings_.photos().size())];
    const double shift = taste_shift(statement.taste, traits_.row(photo)) * strength_ * points(ratings_.table().scale);
    return {statement.text, photo, ratings_.target(photo, shift)};
  }

 private:
  const TrainingRatings& ratings_;
  const TraitTable& traits_;
  std::vector<StatedText> statements_;
  double strength_;
};

std::vector<float> class_probabilities(const TrainingPhotos& photos, std::uint32_t photo) {
  const at::Tensor row = at::tensor({photos.tokens.row(photo, 0)}, at::kLong);
  const at::Tensor present = photos.tokens.present(row).to(at::kFloat).unsqueeze(-1);
  const at::Tensor pooled = (photos.tokens.tokens(row) * present).sum(1) / present.sum(1);
  const at::Tensor all = at::softmax(photos.vision.classify(pooled), -1).contiguous();
  return {all.const_data_ptr<float>(), all.const_data_ptr<float>() + all.numel()};
}

// The person's mean difference from the other training people.
double offset_of(const TrainingRatings& ratings, const std::vector<std::uint32_t>& own) {
  double sum = 0;
  for (const std::uint32_t i : own) {
    const Rating& rating = ratings.table().ratings[i];
    sum += rating.value - ratings.mean(rating.photo);
  }
  return own.empty() ? 0 : sum / static_cast<double>(own.size());
}

std::vector<TasteEvidence> evidence_of(const TrainingRatings& ratings, const TraitTable& traits,
                                       std::span<const std::uint32_t> some, double offset) {
  std::vector<TasteEvidence> evidence;
  for (const std::uint32_t i : some) {
    const Rating& rating = ratings.table().ratings[i];
    evidence.push_back({(rating.value - ratings.mean(rating.photo) - offset) / points(ratings.table().scale),
                        traits.row(rating.photo).first(TasteVocabulary::standard().traits.size())});
  }
  return evidence;
}

// How tastes are read, as all training people together suggest. What is held out for measuring is not read.
TasteReading fitted_reading(const TrainingRatings& ratings, const TasteVocabulary& vocabulary,
                            const TraitTable& traits) {
  std::vector<std::vector<TasteEvidence>> people;
  for (std::uint32_t person = 0; person < ratings.table().people.size(); ++person) {
    const auto& own = ratings.of_person(person);
    if (!own.empty()) people.push_back(evidence_of(ratings, traits, own, offset_of(ratings, own)));
  }
  TasteReading reading;
  reading.shrinkage = fit_shrinkage(people, vocabulary);
  reading.traits = TraitUse::kTraining;
  return reading;
}

// A taste of likes alone may stand among the interests of a profile. Empty: this one does not.
std::vector<std::string> as_interests(const Taste& taste, const TasteVocabulary& vocabulary, Random& random) {
  std::vector<std::string> interests;
  if (random.uniform() >= 0.3) return interests;
  for (const TasteItem& item : taste.items) {
    if (item.weight < 0) return {};
    const auto& phrases = vocabulary.traits[item.trait].phrases;
    interests.push_back(phrases[random.below(phrases.size())]);
  }
  return interests;
}

}  // namespace

TrainingTraits training_traits(const TrainingRatings& ratings, const TrainingPhotos& photos) {
  const c10::InferenceMode guard;
  const ModelPart* names = photos.folder.find("class_names");
  const std::vector<std::string> class_names = names == nullptr ? std::vector<std::string>() : read_class_names(*names);
  const std::vector<RatedPhoto>& rated = ratings.table().photos;
  std::vector<PhotoFacts> facts(rated.size());
  std::vector<std::vector<float>> probabilities(rated.size());
  const std::vector<std::uint32_t>& indices = ratings.photos();
  OrderedPrefetch<ImageStatistics> statistics(
      indices.size(), [&](std::size_t i) { return image_statistics(read_image(photos.files[indices[i]].file)); }, 8, 2);
  for (const std::uint32_t photo : indices) {
    throw_if_cancelled(photos.cancel);
    if (!class_names.empty()) probabilities[photo] = class_probabilities(photos, photo);
    facts[photo] = {rated[photo].category, rated[photo].theme, probabilities[photo], *statistics.next()};
  }
  TrainingTraits traits{with_classes(TasteVocabulary::standard(), class_names), {}};
  traits.table = TraitTable::build(traits.vocabulary, class_names, facts,
                                   std::vector<std::size_t>(indices.begin(), indices.end()));
  return traits;
}

std::unique_ptr<SampleSource> real_taste_samples(const TrainingRatings& ratings, const TrainingConfig& config,
                                                 const ProfileWording& wording, const TraitTable& traits, Texts& texts,
                                                 std::set<std::uint32_t>& stated) {
  const RatingTable& table = ratings.table();
  const TasteVocabulary& vocabulary = TasteVocabulary::standard();
  const TasteReading reading = fitted_reading(ratings, vocabulary, traits);
  std::vector<RealTasteSamples::Person> people;
  for (std::uint32_t person = 0; person < table.people.size(); ++person) {
    const std::vector<std::uint32_t>& own = ratings.of_person(person);
    if (own.size() < 2 * kFewestRatings) continue;
    const double offset = offset_of(ratings, own);
    for (int number = 0; number < config.wordings_per_person; ++number) {
      Random random(config.seed, kRealStream + (std::uint64_t{person} << 16) + static_cast<std::uint64_t>(number));
      std::vector<std::uint32_t> mixed;
      for (const std::size_t i : random.permutation(own.size())) mixed.push_back(own[i]);
      const auto half = static_cast<std::ptrdiff_t>(mixed.size() / 2);
      const std::vector<std::uint32_t> read(mixed.begin(), mixed.begin() + half);
      const Taste taste = read_taste(evidence_of(ratings, traits, read, offset), vocabulary, reading);
      if (taste.items.empty()) continue;
      const std::string about = taste_text(taste, vocabulary, random, WordingUse::kTraining);
      const std::uint32_t text =
          texts.add(text_of(about, table.people[person].profile, wording, vocabulary.asides, random));
      stated.insert(text);
      people.push_back({text, {mixed.begin() + half, mixed.end()}, offset});
    }
  }
  if (people.empty())
    throw Error(ErrorCode::kInvalidArgument,
                "no training person of " + table.name + " has a taste that can be read off ratings");
  return std::make_unique<RealTasteSamples>(ratings, std::move(people));
}

std::vector<StatedText> simulated_texts(const TrainingRatings& ratings, const TrainingTraits& traits,
                                        std::uint64_t seed, std::uint64_t stream, int count,
                                        const ProfileWording& wording, Texts& texts) {
  const RatingTable& table = ratings.table();
  std::vector<std::uint32_t> trained_people;
  for (std::uint32_t person = 0; person < table.people.size(); ++person) {
    if (!ratings.of_person(person).empty()) trained_people.push_back(person);
  }
  Random random(seed, stream);
  std::vector<StatedText> statements;
  for (int i = 0; i < count; ++i) {
    StatedText statement{0, draw_taste(traits.vocabulary, traits.table, TraitUse::kTraining, random)};
    Profile fields = table.people[trained_people[random.below(trained_people.size())]].profile;
    if (auto interests = as_interests(statement.taste, traits.vocabulary, random); !interests.empty()) {
      if (random.below(2) == 0) fields = {};
      fields.interests = std::move(interests);
      statement.text = texts.add(profile_text(fields, wording));
    } else {
      statement.text = texts.add(text_of(taste_text(statement.taste, traits.vocabulary, random), fields, wording,
                                         traits.vocabulary.asides, random));
    }
    statements.push_back(std::move(statement));
  }
  return statements;
}

std::unique_ptr<SampleSource> simulated_taste_samples(const TrainingRatings& ratings, const TrainingConfig& config,
                                                      const ProfileWording& wording, const TrainingTraits& traits,
                                                      Texts& texts, std::set<std::uint32_t>& stated) {
  auto statements =
      simulated_texts(ratings, traits, config.seed, kSimulatedStream, config.simulated_texts, wording, texts);
  for (const StatedText& statement : statements) stated.insert(statement.text);
  return std::make_unique<SimulatedTasteSamples>(ratings, traits.table, std::move(statements), config.simulated_shift);
}

}  // namespace paa
