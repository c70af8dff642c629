// What examples/c/score.c prints, computed through the C++ library: score_reference MODEL PROFILE.json PHOTO...
#include <cstdio>
#include <exception>

#include "paa/checkpoint/model_folder.h"
#include "paa/image/decode.h"
#include "paa/pmllm/pmllm.h"

int main(int argc, char** argv) try {
  const auto model = paa::Pmllm::load(paa::find_model(argv[1]));
  const auto person = model.prepare(paa::read_profile(argv[2]));
  for (int i = 3; i < argc; ++i) {
    const paa::Image photo = paa::read_image(argv[i]);
    const auto score = model.score(person, model.encode({&photo, 1})).front();
    std::printf("%.4f  %.4f  %s\n", score.mean, score.spread, argv[i]);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "score_reference: %s\n", error.what());
  return 1;
}
