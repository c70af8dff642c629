#pragma once
// What a training step learns from: a text about a person, a photo, and how such a person rates it.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "paa/core/random.h"
#include "paa/data/rating_table.h"
#include "paa/taste/taste.h"

namespace paa {

/// Probabilities of the five levels, worst first.
using LevelTarget = std::array<float, 5>;

struct TrainingSample {
  std::uint32_t text = 0;  ///< index into Texts::all()
  std::uint32_t photo = 0;
  LevelTarget target{};
};

/// Adds one rating to a distribution: it lies between two levels, and each gets the share of its nearness.
void add_rating(LevelTarget& target, double rating, const RatingScale& scale, float weight);

/// The distinct texts of a training. The first is the generic one.
class Texts {
 public:
  explicit Texts(std::string generic) { add(std::move(generic)); }

  std::uint32_t add(std::string text) {
    const auto [place, is_new] = index_.try_emplace(std::move(text), static_cast<std::uint32_t>(all_.size()));
    if (is_new) all_.push_back(place->first);
    return place->second;
  }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::vector<std::string> all_;
  std::map<std::string, std::uint32_t> index_;
};

/// The ratings of the training people for each training photo; what every kind of sample is made of.
class TrainingRatings {
 public:
  /// Errors: kInvalidArgument if no photo or no person is marked for training, or none has a rating.
  explicit TrainingRatings(const RatingTable& table);

  const RatingTable& table() const { return table_; }
  /// Training photos with at least one rating by a training person, ascending.
  const std::vector<std::uint32_t>& photos() const { return photos_; }
  /// Indices into table().ratings.
  const std::vector<std::uint32_t>& of_photo(std::uint32_t photo) const { return of_photo_[photo]; }
  /// Same, of a training person for training photos.
  const std::vector<std::uint32_t>& of_person(std::uint32_t person) const { return of_person_[person]; }
  /// The mean of the photo's ratings.
  double mean(std::uint32_t photo) const { return mean_[photo]; }

  /// The distribution of the photo's ratings, each moved by `shift` rating points and kept on the scale.
  LevelTarget target(std::uint32_t photo, double shift) const;

 private:
  const RatingTable& table_;
  std::vector<std::uint32_t> photos_;
  std::vector<std::vector<std::uint32_t>> of_photo_, of_person_;
  std::vector<double> mean_;
};

/// One kind of samples. Immutable; const access is thread-safe.
class SampleSource {
 public:
  virtual ~SampleSource() = default;
  /// The `index`-th sample of this kind in the whole training; `random` is the step's own.
  virtual TrainingSample draw(std::uint64_t index, Random& random) const = 0;
};

/// Nothing said, every training photo once in a random order, then again in another.
std::unique_ptr<SampleSource> generic_samples(const TrainingRatings& ratings, std::uint64_t seed);

/// The fields of a person and the mean target of all training people whose text is the same, each pair of text and
/// photo equally often. Texts by `wording`. Error: kInvalidArgument if no training person has a profile.
std::unique_ptr<SampleSource> demographic_samples(const TrainingRatings& ratings, const ProfileWording& wording,
                                                  Texts& texts);

/// A text and the taste that it states.
struct StatedText {
  std::uint32_t text = 0;  ///< index into Texts::all()
  Taste taste;
};

/// Kinds of samples side by side in a batch, each with its share.
class SampleMix {
 public:
  void add(double share, std::unique_ptr<SampleSource> source) { parts_.push_back({share, std::move(source)}); }

  /// The `count` samples of a step. Depends on the seed and the step's number only.
  std::vector<TrainingSample> draw(std::uint64_t step, std::size_t count, Random& random) const;

 private:
  struct Part {
    double share;
    std::unique_ptr<SampleSource> source;
  };
  std::vector<Part> parts_;
};

}  // namespace paa
