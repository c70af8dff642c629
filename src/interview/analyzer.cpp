#include "paa/interview/analyzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "paa/core/error.h"

namespace paa {
namespace {

constexpr std::chrono::milliseconds kLookAtCancel{20};

}  // namespace

std::vector<Preference> with_evidence(std::vector<Preference> preferences, const std::string& answer) {
  std::vector<Preference> kept;
  for (auto& preference : preferences) {
    try {
      check_preference(preference, "preference");
    } catch (const Error&) {
      continue;
    }
    const bool said = std::any_of(kept.begin(), kept.end(), [&](const auto& other) {
      return other.polarity == preference.polarity && same_subject(other.subject, preference.subject);
    });
    if (!said && is_quoted_from(preference.quote, answer)) kept.push_back(std::move(preference));
  }
  return kept;
}

Analyzer::Analyzer(AnswerReader& reader, InterviewLog& log)
    : reader_(reader), log_(log), thread_([this] { work(); }) {}

Analyzer::~Analyzer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  cancel_.request();
  changed_.notify_all();
  thread_.join();
}

void Analyzer::look() {
  {
    const std::lock_guard lock(mutex_);
    looking_ = true;
  }
  changed_.notify_all();
}

void Analyzer::drain(const Cancel* cancel) {
  look();
  std::unique_lock lock(mutex_);
  while (looking_ || busy_) {
    throw_if_cancelled(cancel);
    changed_.wait_for(lock, kLookAtCancel);
  }
}

std::vector<std::string> Analyzer::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

std::optional<int> Analyzer::next_turn() {
  for (const int turn : log_.state()->pending()) {
    if (!failed_.contains(turn)) return turn;
  }
  return std::nullopt;
}

void Analyzer::analyse(int number) {
  const auto state = log_.state();
  const Turn* turn = state->find(number);
  if (turn == nullptr) return;
  auto found = reader_.read(*turn, state->id, &cancel_);
  log_.append(preferences_event(number, with_evidence(std::move(found), turn->answer)));
}

void Analyzer::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto turn = next_turn();
    if (!turn) {
      looking_ = false;
      changed_.notify_all();
      changed_.wait(lock, [&] { return looking_ || stopping_; });
      continue;
    }
    busy_ = true;
    lock.unlock();
    std::string fault;
    try {
      analyse(*turn);
    } catch (const std::exception& e) {
      // A reader that was cancelled by somebody else would be asked again and again.
      fault = e.what();
    }
    lock.lock();
    busy_ = false;
    if (fault.empty() || stopping_) continue;
    failed_.insert(*turn);
    faults_.push_back(fmt::format("answer {} could not be read: {}", *turn, fault));
  }
}

}  // namespace paa
