#pragma once
// The methods that a study compares, beside what the caller adds.

#include <string>
#include <vector>

#include "paa/data/rating_table.h"
#include "paa/dlllm/features.h"
#include "paa/dlllm/population.h"
#include "paa/eval/study.h"

namespace paa::eval {

// Each refers to its arguments, which must outlive it. Rows: one for each photo of the table. All are deterministic.

/// One value for all: the training people's mean rating.
StudyMethod constant_method(const std::string& name, const RatingTable& table);

/// A prediction for each photo, the same for everybody.
StudyMethod generic_method(const std::string& name, std::vector<double> scores);

/// A prediction for each person and photo, whatever was rated: scores[person][photo].
StudyMethod personal_method(const std::string& name, std::vector<std::vector<double>> scores);

/// FeatureFusion with this population on rows of population_columns().
StudyMethod fusion_method(const std::string& name, Population population, FeatureRows rows);

/// The same, with the k ratings that next_questions asks for, of a library of the pool's photos and those to predict,
/// instead of k drawn ones: what asking well is worth.
StudyMethod asking_method(const std::string& name, Population population, FeatureRows rows);

/// GaussianProcess, as fusion_method.
StudyMethod gaussian_process_method(const std::string& name, Population population, FeatureRows rows);

/// BoostedTrees, as fusion_method. Error: kUnsupported (built without XGBoost).
StudyMethod boosted_trees_method(const std::string& name, Population population, FeatureRows rows);

/// The oracle of other people: the training people's mean rating of the very photo.
StudyMethod people_method(const std::string& name, const RatingTable& table);

/// The rating that the training person with the nearest profile (gender, education, age) gave to the very photo.
StudyMethod nearest_person_method(const std::string& name, const RatingTable& table);

/// Conventional deep learning: a linear head over a network's features, trained on everybody's mean ratings of the
/// training photos, then fine-tuned to a person by steps of Adam (Kingma & Ba 2015) on the squared error of the
/// support. Step size and number of steps are those with the least error for validation people. rows: the features,
/// standardised here over training photos. Errors: kInvalidArgument (no training photo).
StudyMethod fine_tuned_method(const std::string& name, const RatingTable& table, const FeatureRows& features);

}  // namespace paa::eval
