#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "paa/core/error.h"
#include "paa/taste/taste.h"

namespace paa {
namespace {

// How often items that could share a wording do.
constexpr std::uint64_t kShareOneIn = 3;

/// What a wording will say: one phrase, or several of the same direction and strength.
struct Saying {
  bool like = true;
  bool strong = true;
  std::vector<std::string> phrases;
};

void check(const Taste& taste, const TasteVocabulary& vocabulary) {
  if (taste.items.size() > kMaxTasteItems) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a taste has {} items, more than the {} a text speaks of", taste.items.size(), kMaxTasteItems));
  }
  for (std::size_t i = 0; i < taste.items.size(); ++i) {
    const auto& [trait, weight] = taste.items[i];
    if (trait >= vocabulary.traits.size()) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("item {} of a taste is about trait {}, but the vocabulary has {}",
                                                           i, trait, vocabulary.traits.size()));
    }
    if (!(std::abs(weight) <= 1) || weight == 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("item {} of a taste has the weight {}; it must be -1 to 1 and not 0", i, weight));
    }
  }
}

template <class Item>
const Item& pick(const std::vector<Item>& items, Random& random) {
  return items[random.below(items.size())];
}

Saying say(const TasteItem& item, const TasteTrait& trait, Random& random) {
  const bool opposite = !trait.opposite_phrases.empty() && random.below(2) == 1;
  return {(item.weight > 0) != opposite, std::abs(item.weight) >= kStrongTaste,
          {pick(opposite ? trait.opposite_phrases : trait.phrases, random)}};
}

// "dogs and boats" reads well, "light, airy pictures and fish and other sea life" does not.
bool joins_well(const std::string& phrase) {
  return phrase.find(',') == phrase.npos && phrase.find(" and ") == phrase.npos && phrase.find(" or ") == phrase.npos;
}

bool may_share(const Saying& a, const Saying& b) {
  return a.like == b.like && a.strong == b.strong && joins_well(a.phrases.front()) && joins_well(b.phrases.front());
}

std::vector<Saying> sayings_of(const Taste& taste, const TasteVocabulary& vocabulary, Random& random) {
  std::vector<Saying> sayings;
  for (const TasteItem& item : taste.items) {
    Saying next = say(item, vocabulary.traits[item.trait], random);
    if (!sayings.empty() && may_share(sayings.back(), next) && random.below(kShareOneIn) == 0) {
      sayings.back().phrases.push_back(std::move(next.phrases.front()));
    } else {
      sayings.push_back(std::move(next));
    }
  }
  return sayings;
}

std::string joined(const std::vector<std::string>& phrases, bool join_or) {
  std::string text = phrases.front();
  for (std::size_t i = 1; i < phrases.size(); ++i) {
    text += i + 1 < phrases.size() ? ", " : join_or ? " or " : " and ";
    text += phrases[i];
  }
  return text;
}

void capitalise(std::string& text) {
  char& first = text.front();
  if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
}

std::string fill(const TasteWording& wording, const std::vector<std::string>& phrases) {
  const auto at = wording.text.find('{');
  std::string phrase = joined(phrases, wording.join_or);
  if (wording.text[at + 1] == 'X') capitalise(phrase);
  return wording.text.substr(0, at) + phrase + wording.text.substr(at + 3);
}

std::vector<const TasteWording*> fitting(const TasteVocabulary& vocabulary, WordingStyle style, const Saying& saying,
                                         WordingUse use) {
  std::vector<const TasteWording*> wordings;
  for (const TasteWording& wording : vocabulary.wordings) {
    const bool wanted = use == WordingUse::kAny || wording.held_out == (use == WordingUse::kHeldOut);
    if (wanted && wording.style == style && wording.like == saying.like && wording.strong == saying.strong) {
      wordings.push_back(&wording);
    }
  }
  return wordings;
}

std::vector<WordingStyle> styles_of(const TasteVocabulary& vocabulary) {
  std::vector<WordingStyle> styles;
  for (const TasteWording& wording : vocabulary.wordings) {
    if (std::find(styles.begin(), styles.end(), wording.style) == styles.end()) styles.push_back(wording.style);
  }
  return styles;
}

}  // namespace

std::string taste_text(const Taste& taste, const TasteVocabulary& vocabulary, Random& random, WordingUse use) {
  check(taste, vocabulary);
  if (taste.items.empty()) return {};
  const WordingStyle style = pick(styles_of(vocabulary), random);
  const char* separator = style == WordingStyle::kList ? ", " : " ";
  std::string text;
  for (const Saying& saying : sayings_of(taste, vocabulary, random)) {
    const auto wordings = fitting(vocabulary, style, saying, use);
    if (wordings.empty()) {  // only in a vocabulary that did not come from parse()
      throw Error(ErrorCode::kInvalidArgument, "the vocabulary lacks a wording for a taste; see TasteVocabulary");
    }
    text += (text.empty() ? "" : separator) + fill(*pick(wordings, random), saying.phrases);
  }
  return text;
}

}  // namespace paa
