#include "training_set.h"

namespace paa {

TrainingSet::TrainingSet(const RatingTable& table, const TrainingConfig& config, const FusionConfig& fusion,
                         const TrainingPhotos& photos)
    : ratings_(table), texts_(profile_text({}, fusion.wording)) {
  const SampleShares& shares = config.samples;
  if (shares.generic > 0) mix_.add(shares.generic, generic_samples(ratings_, config.seed));
  if (shares.demographics > 0) mix_.add(shares.demographics, demographic_samples(ratings_, fusion.wording, texts_));
  if (shares.stated_real > 0 || shares.stated_simulated > 0 || config.taste_matching.steps > 0) {
    traits_ = training_traits(ratings_, photos);
  }
  if (shares.stated_real > 0) {
    mix_.add(shares.stated_real, real_taste_samples(ratings_, config, fusion.wording, traits_->table, texts_, stated_));
  }
  if (shares.stated_simulated > 0) {
    mix_.add(shares.stated_simulated,
             simulated_taste_samples(ratings_, config, fusion.wording, *traits_, texts_, stated_));
  }
  std::vector<double> sums(table.photos.size());
  std::vector<int> counts(table.photos.size());
  for (const Rating& rating : table.ratings) {
    if (table.people[rating.person].split != Split::kValidation ||
        table.photos[rating.photo].split != Split::kValidation)
      continue;
    sums[rating.photo] += rating.value;
    ++counts[rating.photo];
  }
  for (std::uint32_t photo = 0; photo < counts.size(); ++photo) {
    if (counts[photo] == 0) continue;
    validation_photos_.push_back(photo);
    validation_means_.push_back(sums[photo] / counts[photo]);
  }
}

}  // namespace paa
