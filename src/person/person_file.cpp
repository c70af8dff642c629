#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "paa/core/error.h"
#include "paa/core/file.h"
#include "paa/person/person.h"

namespace paa {
namespace {

constexpr auto kPause = std::chrono::milliseconds(10);

std::filesystem::path beside(const std::filesystem::path& path, const char* suffix) {
  std::filesystem::path other = path;
  return other += suffix;
}

[[noreturn]] void fail(const std::filesystem::path& path, const char* action) {
  const int error = errno;
  throw Error(ErrorCode::kIo, fmt::format("{}: {}: {}", path.string(), action, std::strerror(error)));
}

// The lock file stays: who deleted it while another waits would let two in.
class PersonLock {
 public:
  PersonLock(const std::filesystem::path& person, int patience_ms) : path_(beside(person, ".lock")) {
    descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
      const bool no_folder = errno == ENOENT || errno == ENOTDIR;
      if (no_folder) throw Error(ErrorCode::kNotFound, fmt::format("{}: its folder does not exist", person.string()));
      fail(path_, "cannot open");
    }
    try {
      wait(std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms));
      note_holder();
    } catch (...) {
      close(descriptor_);
      throw;
    }
  }
  PersonLock(const PersonLock&) = delete;
  PersonLock& operator=(const PersonLock&) = delete;
  ~PersonLock() { close(descriptor_); }

 private:
  void wait(std::chrono::steady_clock::time_point until) const {
    while (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) fail(path_, "cannot lock");
      if (std::chrono::steady_clock::now() >= until) refuse();
      std::this_thread::sleep_for(kPause);
    }
  }

  // For the message of one who waits in vain.
  void note_holder() const {
    const std::string text = fmt::format("{}\n", getpid());
    if (ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, text.data(), text.size(), 0) < 0) errno = 0;
  }

  [[noreturn]] void refuse() const {
    char holder[32] = {};
    const bool known = pread(descriptor_, holder, sizeof holder - 1, 0) > 0;
    throw Error(ErrorCode::kIo,
                fmt::format("{}: another program is writing the person file{}; try again when it is done",
                            path_.string(), known ? fmt::format(" (process {})", std::atol(holder)) : ""));
  }

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace

Person read_person(const std::filesystem::path& path) {
  JsonLimits limits;
  limits.max_bytes = kMaxPersonBytes;
  return person_from_json(read_json(path, limits), path.string());
}

Person update_person(const std::filesystem::path& path, const std::function<void(Person&)>& change, int patience_ms) {
  const PersonLock lock(path, patience_ms);
  const bool is_new = !std::filesystem::exists(path);
  const Person before = is_new ? Person() : read_person(path);
  Person person = before;
  change(person);
  check_person(person, path.string());
  if (is_new || person != before) write_file(path, person_to_json(person).dump(1) + "\n");
  return person;
}

void delete_person(const std::filesystem::path& path) {
  bool found = false;
  for (const char* suffix : {"", ".interview.jsonl", ".interview.jsonl.damaged", ".lock"}) {
    std::error_code error;
    found |= std::filesystem::remove(beside(path, suffix), error);
    if (error)
      throw Error(ErrorCode::kIo, fmt::format("{}: cannot delete: {}", beside(path, suffix).string(), error.message()));
  }
  if (!found) throw Error(ErrorCode::kNotFound, fmt::format("{}: there is no such person file", path.string()));
}

}  // namespace paa
