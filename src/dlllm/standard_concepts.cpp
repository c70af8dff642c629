#include "paa/dlllm/standard_concepts.h"

namespace paa {
namespace {

// One sentence for all of them: a model then reads a photo's description once for the whole set.
constexpr const char* kCue = "The scene is very";

std::vector<Concept> make() {
  return {
      {"concreteness", "How concrete, rather than abstract, is what this photo shows?",
       "abstract: shapes, light or patterns, with nothing that could be named",
       "concrete: plain things that anybody could name and touch", {"abstract", "mysterious", "vague"},
       {"concrete", "real", "solid"}, kCue},
      {"motion", "How much movement is in this photo?", "wholly still: nothing moves or is about to",
       "full of movement: fast action in mid-air", {"still", "static", "quiet"}, {"fast", "dynamic", "moving"}, kCue},
      {"temperature", "How warm a place does this photo show?", "freezing cold: snow and ice",
       "hot: blazing sun or fire", {"cold", "snowy"}, {"hot", "tropical"}, kCue},
      {"valence", "How pleasant is what this photo shows?", "very unpleasant: sad, disgusting or distressing",
       "very pleasant: joyful and delightful", {"sad", "bad", "unpleasant"}, {"happy", "good", "pleasant"}, kCue},
      {"naturalness", "How natural, rather than made by people, is what this photo shows?",
       "wholly made by people: machines, buildings, streets", "untouched nature: no trace of people",
       {"artificial", "industrial", "urban"}, {"natural", "wild", "green"}, kCue},
      {"age", "How old, rather than modern, is the world of this photo?", "of today or the future: the latest things",
       "of long ago: old, worn or historic things", {"modern", "new", "young"}, {"old", "ancient", "historic"}, kCue},
      {"danger", "How dangerous is what this photo shows?", "perfectly safe and peaceful",
       "deadly danger: weapons, violence, fire or beasts of prey", {"safe", "peaceful", "gentle"},
       {"dangerous", "violent", "deadly"}, kCue},
      {"company", "How much company is in this photo?", "lonely: empty places, or one figure alone",
       "crowded: many people together", {"lonely", "empty", "deserted"}, {"crowded", "busy", "lively"}, kCue},
      {"spaciousness", "How wide and open is the space in this photo?", "narrow and closed in, as in a cupboard",
       "wide open to a far horizon", {"narrow", "small", "tight"}, {"wide", "open", "vast"}, kCue},
      {"tenderness", "How tender is what this photo shows?", "hard and harsh: nothing one could feel tender about",
       "very tender: babies, young animals, affection", {"hard", "harsh", "rough"}, {"tender", "soft", "sweet"}, kCue},
  };
}

}  // namespace

const std::vector<Concept>& standard_concepts() {
  static const std::vector<Concept> concepts = make();
  return concepts;
}

}  // namespace paa
