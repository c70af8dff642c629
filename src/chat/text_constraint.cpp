#include "paa/chat/text_constraint.h"

#include <fmt/format.h>

#include <utility>

#include "choice_cursor.h"
#include "decimal_cursor.h"
#include "paa/core/error.h"

namespace paa {
namespace {

class OneOf final : public TextConstraint {
 public:
  explicit OneOf(std::shared_ptr<const SortedChoices> choices) : choices_(std::move(choices)), cursor_(*choices_) {}

  std::unique_ptr<TextConstraint> clone() const override { return std::make_unique<OneOf>(*this); }
  bool take(char byte) override { return cursor_.take(*choices_, byte); }
  bool complete() const override { return cursor_.complete(*choices_); }

 private:
  std::shared_ptr<const SortedChoices> choices_;
  ChoiceCursor cursor_;
};

class IntegerBetween final : public TextConstraint {
 public:
  explicit IntegerBetween(DecimalRange range) : range_(range) {}

  std::unique_ptr<TextConstraint> clone() const override { return std::make_unique<IntegerBetween>(*this); }
  bool take(char byte) override { return cursor_.take(range_, byte); }
  bool complete() const override { return cursor_.complete(range_); }

 private:
  DecimalRange range_;
  DecimalCursor cursor_;
};

}  // namespace

std::unique_ptr<TextConstraint> one_of(std::vector<std::string> choices) {
  if (choices.empty()) throw Error(ErrorCode::kInvalidArgument, "one_of: no choices; give at least one");
  SortedChoices sorted = sorted_choices(std::move(choices));
  if (sorted.front().empty()) {
    throw Error(ErrorCode::kInvalidArgument, "one_of: a choice is empty; give each at least one byte");
  }
  return std::make_unique<OneOf>(std::make_shared<const SortedChoices>(std::move(sorted)));
}

std::unique_ptr<TextConstraint> integer_between(std::int64_t low, std::int64_t high) {
  if (low > high) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("integer_between: low is {}, above high, which is {}; swap them", low, high));
  }
  return std::make_unique<IntegerBetween>(DecimalRange{low, high, 0});
}

}  // namespace paa
