#pragma once
// What a language model may write, byte by byte: one of some texts, a whole number, JSON that follows a schema.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "paa/core/json.h"

namespace paa {

/// A set of texts and the bytes taken so far, always the beginning of at least one of them: whoever takes any byte that
/// fits is never stuck. The texts are finite and their lengths bounded, so that writing one always ends. It knows
/// nothing of tokens (see TokenMask). Const access is thread-safe; a clone shares nothing that changes.
class TextConstraint {
 public:
  virtual ~TextConstraint() = default;

  /// An independent copy that has taken the same bytes. Cheap: it shares what does not change.
  virtual std::unique_ptr<TextConstraint> clone() const = 0;
  /// Whether a valid text goes on with this byte; if so it is taken, else the state is as it was. Throws nothing but
  /// std::bad_alloc.
  virtual bool take(char byte) = 0;
  /// Whether what was taken is a whole valid text. Longer ones may begin with it: 1 and 12.
  virtual bool complete() const = 0;

 protected:
  TextConstraint() = default;
  TextConstraint(const TextConstraint&) = default;
  TextConstraint& operator=(const TextConstraint&) = default;
};

/// One of the texts, byte for byte. Error: kInvalidArgument if there are none, or one is empty. Thread-safe.
std::unique_ptr<TextConstraint> one_of(std::vector<std::string> choices);

/// A whole number from `low` to `high`, both included, as std::to_string writes it. Error: kInvalidArgument if
/// low > high. Thread-safe.
std::unique_ptr<TextConstraint> integer_between(std::int64_t low, std::int64_t high);

/// JSON that follows a schema, without white space outside strings. The keywords it knows:
///
/// | of | keywords | where they are absent |
/// |---|---|---|
/// | any value | title, description, $schema: ignored | |
/// | any value | enum, const: strings, numbers, true, false, null, as to_text writes them; beside them only type | |
/// | any value | anyOf, alone | |
/// | type object | properties, required, additionalProperties false | none, none, false |
/// | type array | items, minItems, maxItems | items needed, 0, 16 |
/// | type string | minLength, maxLength, in code points | 0, 200 |
/// | type integer | minimum, maximum | -10^9, 10^9 |
/// | type number | minimum, maximum, within +-9*10^9 | -10^9, 10^9 |
/// | type boolean, null | | |
///
/// An object's keys come in the order of their bytes, which is the order that Json keeps them in. Strings are
/// well-formed UTF-8 with any escape of JSON; an escape is one code point, and so is a pair of surrogates. A number has
/// at most 6 digits after the point and no exponent. So the texts are bounded in length by the schema.
///
/// Errors, all of which name the place in the schema ("$.properties.x.pattern"): kUnsupported (another keyword, type or
/// bound), kInvalidArgument (a keyword's value of the wrong type; a schema that no value follows, such as minItems
/// above maxItems, with defaults counted), kLimitExceeded (nested deeper than 16; a length above 1,000,000).
/// Thread-safe.
std::unique_ptr<TextConstraint> json_of(const Json& schema);

}  // namespace paa
