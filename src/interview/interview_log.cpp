#include "paa/interview/interview_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>

#include "paa/core/clock.h"
#include "paa/core/error.h"
#include "paa/core/file.h"

namespace paa {
namespace {

constexpr int kVersion = 1;

[[noreturn]] void fail(const std::filesystem::path& path, const char* action) {
  throw Error(ErrorCode::kIo, fmt::format("{}: cannot {}: {}", path.string(), action, std::strerror(errno)));
}

std::string new_id() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

Json begin_event(const std::string& language) {
  return {{"event", "begin"}, {"format", "paa-interview"}, {"version", kVersion},
          {"id", new_id()},   {"language", language},      {"time", now_ms()}};
}

InterviewState begun(const Json& event, const std::string& origin) {
  const JsonReader reader(event, origin);
  if (reader.get<std::string>("event") != "begin" || reader.get<std::string>("format") != "paa-interview") {
    reader.fail("event", "is not the beginning of an interview");
  }
  if (const int version = reader.get<int>("version"); version > kVersion) {
    throw Error(ErrorCode::kUnsupported, fmt::format("{}: was written by a newer version of this library ({}, and this one reads {})",
                                                     origin, version, kVersion));
  }
  InterviewState state;
  state.id = reader.get<std::string>("id");
  state.language = reader.get<std::string>("language");
  state.begun = reader.get<std::int64_t>("time");
  reader.refuse_unknown();
  return state;
}

void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, "write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_folder(const std::filesystem::path& path) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::filesystem::path interview_path(const std::filesystem::path& person) {
  return person.string() + ".interview.jsonl";
}

InterviewLog::InterviewLog(const std::filesystem::path& path, const std::string& language) : path_(path) {
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor_ < 0) fail(path, "open");
  try {
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) fail(path, "lock");
      throw Error(ErrorCode::kIo, fmt::format("{}: another process holds this interview; end it there first", path.string()));
    }
    read_all(language);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

InterviewLog::~InterviewLog() { ::close(descriptor_); }

std::shared_ptr<const InterviewState> InterviewLog::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void InterviewLog::read_all(const std::string& language) {
  const std::string text = read_text_file(path_, kMaxInterviewBytes);
  InterviewState state;
  bool any = false;
  std::size_t line_number = 0, at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) break;  // was being written
    const std::string origin = fmt::format("{}:{}", path_.string(), ++line_number);
    Json event;
    try {
      event = parse_json(std::string_view(text).substr(at, end - at), origin);
    } catch (const Error&) {
      // A crash may leave anything in the last line, its end too.
      if (end + 1 == text.size()) break;
      throw;
    }
    if (any) {
      state.apply(event, origin);
    } else {
      state = begun(event, origin);
    }
    any = true;
    at = end + 1;
  }
  if (at < text.size()) keep_aside(text.substr(at));
  size_ = at;
  if (!any) {
    const Json event = begin_event(language);
    state = begun(event, path_.string());
    write(to_text(event) + "\n");
    sync_folder(path_);
  }
  state_ = std::make_shared<const InterviewState>(std::move(state));
}

void InterviewLog::keep_aside(const std::string& rest) {
  const auto aside = path_.string() + ".damaged";
  const int descriptor = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) fail(aside, "open");
  try {
    write_all(descriptor, rest + "\n", aside);
    if (::fsync(descriptor) != 0) fail(aside, "write");
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
  const auto kept = static_cast<off_t>(std::filesystem::file_size(path_) - rest.size());
  if (::ftruncate(descriptor_, kept) != 0 || ::fsync(descriptor_) != 0) fail(path_, "shorten");
  set_aside_ = fmt::format("the last line was not written to its end; its {} bytes are kept in {}", rest.size(), aside);
}

void InterviewLog::write(const std::string& line) {
  try {
    write_all(descriptor_, line, path_);
    if (::fsync(descriptor_) != 0) fail(path_, "write");
  } catch (...) {
    // So that the next line does not follow half a one.
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) throw;
    throw;
  }
  size_ += line.size();
}

void InterviewLog::append(const Json& event) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<InterviewState>(*state_);
  next->apply(event, path_.string());
  write(to_text(event) + "\n");
  state_ = std::move(next);
}

void InterviewLog::remove() {
  const std::lock_guard lock(mutex_);
  std::filesystem::remove(path_);
}

}  // namespace paa
