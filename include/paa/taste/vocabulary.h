#pragma once
// What tastes are about (traits of photos) and how people put them into words.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paa/image/statistics.h"

namespace paa {

/// How a photo's value of a trait is found.
enum class TraitKind {
  kCategory,    ///< 1 if the data set's category or theme of the photo is one of `names`, else 0
  kClassGroup,  ///< from the vision encoder's class probabilities, summed over `classes`
  kStatistic,   ///< `sign` times an image statistic
  kClass,       ///< from the vision encoder's class probabilities, of the class `class_index` against all others
};

/// Consecutive classes of a list of class names; one class if both ends are the same.
struct ClassRange {
  std::string first, last;
};

/// Something photos have more or less of, that a person may like or dislike.
struct TasteTrait {
  std::string key;  ///< "dogs"
  TraitKind kind = TraitKind::kCategory;
  std::string family;               ///< traits of one family say much the same ("dogs", "animals"); by itself, the key
  bool held_out = false;            ///< never trained on, to measure with
  std::vector<std::string> names;   ///< kCategory: compared without regard to ASCII case
  std::vector<ClassRange> classes;  ///< kClassGroup
  ImageStatistic statistic = ImageStatistic::kBrightness;  ///< kStatistic
  double sign = 1;                                         ///< kStatistic: 1 or -1
  std::vector<std::string> phrases;                        ///< plural noun phrases for a high value: "bright photos"
  std::vector<std::string> opposite_phrases;               ///< the same for a low value: "dark photos"; may be empty
  std::size_t class_index = 0;                             ///< kClass: in the list of class names
};

/// Who speaks, and how. A text keeps to one style.
enum class WordingStyle {
  kFirst,  ///< sentences: "I love {x}."
  kThird,  ///< sentences: "Loves {x}."
  kList,   ///< parts of a list: "loves {x}"
};
inline constexpr std::size_t kWordingStyleCount = 3;

/// A template with one "{x}" (or "{X}": with a capital letter) for a trait's phrase.
struct TasteWording {
  std::string text;
  bool like = true;    ///< false: dislike
  bool strong = true;  ///< false: mild
  WordingStyle style = WordingStyle::kFirst;
  bool join_or = false;   ///< several phrases are joined by "or" ("not a fan of cats or dogs") instead of "and"
  bool held_out = false;  ///< never trained on, to measure with
};

/// Traits and wordings. A plain value; in each style in use there is, for like and dislike, strong and mild, at least
/// one wording that is held out and one that is not.
struct TasteVocabulary {
  std::vector<TasteTrait> traits;
  std::vector<TasteWording> wordings;
  std::vector<std::string> asides;  ///< sentences that state no taste: "I live in a small town."

  /// The index of the trait with this key.
  std::optional<std::size_t> find(std::string_view key) const noexcept;

  /// Reads a vocabulary as src/taste/vocabulary.json is written: {"format": "paa-tastes", "version": 1, "traits":
  /// [{"key", "kind": "category" | "class_group" | "statistic", "names" | "classes" ("NAME" or {"from", "to"}) |
  /// "statistic" and "sign", "phrases", "opposite_phrases"?, "family"?, "held_out"?}], "wordings": [{"text",
  /// "polarity": "like" | "dislike", "strength": "strong" | "mild", "style": "first" | "third" | "list", "join": "and"
  /// | "or"?, "held_out"?}], "asides": ["..."]?}. `origin` names the source in errors. Errors: kBadFormat, naming the trait or wording and
  /// the key; kUnsupported (a newer version).
  static TasteVocabulary parse(std::string_view json, std::string_view origin);

  /// The one that comes with the library, in English. Thread-safe.
  static const TasteVocabulary& standard();
};

/// The vocabulary with a trait more for every class name of a vision encoder ("tabby, tabby cat", as Pmllm::class_names
/// gives them): what people like is more varied than any list of ours. Its phrases are made of the class's names
/// ("photos of a tabby", "tabbies"). Held out are the classes of held-out class groups and every seventh of the others.
/// Errors: kMismatch (as classes_of). Without class names the vocabulary comes back as it is.
TasteVocabulary with_classes(const TasteVocabulary& vocabulary, const std::vector<std::string>& class_names);

/// The indices, in the class list `class_names`, of a trait's classes, ascending and each once. A class is named by its
/// whole line ("tub, vat") or by one of its comma-separated names ("tabby"), ASCII case aside. Errors (kMismatch): a
/// name that no class or several have, a range that runs backwards; each named. kInvalidArgument: no class group.
std::vector<std::size_t> classes_of(const TasteTrait& trait, const std::vector<std::string>& class_names);

}  // namespace paa
