#pragma once
// Tastes read off a person's ratings and said in words: what a support becomes before P-MLLM reads it.

#include <cstdint>

#include "paa/data/rating_table.h"
#include "paa/eval/report.h"
#include "paa/taste/trait_table.h"

namespace paa::eval {

/// A reader for ReportOptions::support_reader. The profile says the tastes (read_taste over all traits of the standard
/// vocabulary, held out or not, with the shrinkage that fit_shrinkage finds among the training people) in wordings that
/// no training has seen, and nothing else: no age, no gender. Nobody's ratings of test photos are looked at, nor any of
/// a test person but the support: residuals are taken from the training people's mean. A support that shows no taste
/// gives an empty profile.
///
/// `traits`: a row for each photo of the table (see photo_traits); those of photos for training and validation are used.
/// The reader holds a copy of it, and nothing of `table`. `seed`: of the wordings; the same ratings and seed give the
/// same text. Errors: kInvalidArgument (another number of rows than photos, or of traits than the vocabulary's).
SupportReader stated_tastes(const RatingTable& table, TraitTable traits, std::uint64_t seed = 0);

}  // namespace paa::eval
