// Uses the installed C++ library from its lowest folder to its highest: a profile becomes words, and a folder without a
// model is refused with the error that says so.

#include <paa/core/error.h>
#include <paa/core/version.h>
#include <paa/person/profile.h>
#include <paa/pmllm/pmllm.h>

#include <cstring>
#include <iostream>

int main() {
  if (std::strcmp(paa::version(), PAA_VERSION_STRING) != 0) {
    std::cerr << "the library is " << paa::version() << ", its headers are " << PAA_VERSION_STRING << '\n';
    return 1;
  }
  paa::Profile profile;
  profile.age = 30;
  profile.gender = "female";
  const std::string text = paa::profile_text(profile);
  if (text.find("a woman, 30 to 34 years old") != 0) {
    std::cerr << "the profile reads: " << text << '\n';
    return 1;
  }
  try {
    paa::Pmllm::load("a folder that does not exist");
    std::cerr << "a model was loaded from nowhere\n";
    return 1;
  } catch (const paa::Error& error) {
    std::cout << error.what() << '\n';
    return error.code() == paa::ErrorCode::kNotFound ? 0 : 1;
  }
}
