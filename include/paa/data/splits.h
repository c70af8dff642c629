#pragma once
// Who and what is kept for testing, where a set does not say so itself.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "paa/data/rating_table.h"

namespace paa {

/// How many people and photos are drawn for testing and validation; the rest is for training. A plain value.
struct SplitPlan {
  std::size_t test_people = 0, validation_people = 0;
  /// Only people with this many ratings, ends included, are drawn as test people.
  std::size_t min_test_ratings = 0, max_test_ratings = std::numeric_limits<std::size_t>::max();
  double test_photos = 0, validation_photos = 0;  ///< parts of all photos, 0..1
  std::uint64_t seed = 1;
};

/// The plan for a set, after the protocols in use (it says how many, never which: published lists differ from ours, and
/// so do figures made with them):
///
///   flickr-aes  37 test workers of those with 105 to 171 ratings (Ren et al. 2017: 173/37), a tenth of the photos
///   para        40 test users; photos as PARA-Giaa*.csv say, else a tenth
///   lapis       37 test people; photos as LAPIS_GIAA_*.csv say, else a tenth. Published work trains on 521 of the
///               other 531 people; which ten it leaves out is not said, so none is left out here.
///   real-cur    everything is for testing: 14 albums are too few to train on
///   eva         a tenth of the people (109) and of the photos: there is no common protocol
///   oasis       nothing is drawn: the set has its own splits
///
/// Errors: kInvalidArgument for an unknown name.
SplitPlan default_split_plan(std::string_view set);

/// Draws a split for all people if none of them has one, and for all photos if none of them has one; splits that a set
/// brings along stay as they are. The same table, plan and seed give the same split on every machine; people and
/// photos are drawn independently of each other. Errors: kInvalidArgument if the plan asks for more people or photos
/// than there are.
void assign_splits(RatingTable& table, const SplitPlan& plan);

}  // namespace paa
