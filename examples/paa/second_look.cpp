#include "second_look.h"

#include <chrono>

namespace paa::cli {

SecondLook::SecondLook(const PersonalRun& run, const FoundPhotos& found, int jobs) : total_(found.photos.size()) {
  seen_ = std::async(std::launch::async, [this, &run, &found, jobs] {
    OwnScorer scorer = run.scorer_anew(found.photos, &cancel_);
    PhotoLibrary library =
        see_library(scorer.scorer->features(), found, jobs, &cancel_, [this](std::size_t done, std::size_t total) {
          done_ = done;
          total_ = total;
        });
    return Seen{std::move(scorer), std::move(library)};
  });
}

SecondLook::~SecondLook() { cancel_.request(); }

bool SecondLook::over() const { return seen_.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

}  // namespace paa::cli
