#pragma once
// The concepts that photos are rated on where no interview told which ones matter to a person.

#include <vector>

#include "paa/person/concept.h"

namespace paa {

/// Ten concepts, with anchors for models that read definitions and anchor words for those that complete a sentence.
/// The first four are those that Iigaya et al. 2021 ("Aesthetic preference for art can be predicted from a mixture of
/// low- and high-level visual features", Nature Human Behaviour 5) found to carry aesthetic preference beside low-level
/// features: concrete or abstract, dynamic or still, hot or cold, positive or negative valence. The others are
/// dimensions that theories of preference name: natural or man-made (Kaplan & Kaplan 1989), old or modern (as in
/// nostalgia; Sedikides & Wildschut 2018), danger and open space (prospect and refuge; Appleton 1975), company (the
/// need to belong; Baumeister & Leary 1995) and tenderness (the baby schema; Lorenz 1943, Kringelbach et al. 2016).
/// Thread-safe.
const std::vector<Concept>& standard_concepts();

}  // namespace paa
