#include "photo_paths.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "catch.h"

namespace fs = std::filesystem;
using paa::cli::find_photos;
using paa::cli::FoundPhotos;

namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "paa-walk-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  void touch(const std::string& name) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << "x";
  }

  fs::path path;
};

FoundPhotos found_in(const TemporaryFolder& folder) { return find_photos(std::vector{folder.path}); }

std::vector<std::string> names(const FoundPhotos& found, const fs::path& folder) {
  std::vector<std::string> result;
  for (const auto& photo : found.photos) result.push_back(fs::relative(photo.path, folder).string());
  return result;
}

}  // namespace

TEST_CASE("a folder is walked by name, byte by byte, with all below it") {
  const TemporaryFolder folder;
  for (const char* name : {"b.png", "a/2.JPEG", "a/1/x.gif", "B.bmp", "z.ppm", "a.tga", "\xC3\xA4.pgm"})
    folder.touch(name);
  const auto found = found_in(folder);
  CHECK(names(found, folder.path) ==
        std::vector<std::string>{"B.bmp", "a/1/x.gif", "a/2.JPEG", "a.tga", "b.png", "z.ppm", "\xC3\xA4.pgm"});
  CHECK(found.skipped.text().empty());
}

TEST_CASE("arguments keep their order and repeat") {
  const TemporaryFolder folder;
  folder.touch("in/a.png");
  const std::vector<fs::path> arguments = {"missing.txt", folder.path / "in", "missing.txt"};
  const auto found = find_photos(arguments);
  REQUIRE(found.photos.size() == 3);
  CHECK(found.photos[0].path == "missing.txt");
  CHECK(found.photos[1].path == folder.path / "in" / "a.png");
  CHECK(found.photos[2].path == "missing.txt");
}

TEST_CASE("what is skipped is counted by kind") {
  const TemporaryFolder folder;
  for (const char* name :
       {"a.txt", "b.TXT", "c.heic", "plain", ".hidden.png", ".git/x.png", "photo.png", "sub/y.png"}) {
    folder.touch(name);
  }
  fs::create_directory_symlink(folder.path / "sub", folder.path / "link");
  fs::create_symlink(folder.path / "photo.png", folder.path / "linked.png");
  const auto found = found_in(folder);
  CHECK(names(found, folder.path).size() == 3);
  CHECK(found.skipped.text() == "skipped 4 other files (.txt 2, no extension 1, .heic 1), 2 hidden, 1 linked folder");
}

TEST_CASE("a folder linked from itself does not make the walk endless") {
  const TemporaryFolder folder;
  folder.touch("a.png");
  fs::create_directory_symlink(folder.path, folder.path / "again");
  CHECK(found_in(folder).photos.size() == 1);
}

TEST_CASE("a folder that is named is walked even if it is hidden or a link") {
  const TemporaryFolder folder;
  folder.touch(".hidden/a.png");
  fs::create_directory_symlink(folder.path / ".hidden", folder.path / "link");
  const std::vector<fs::path> arguments = {folder.path / ".hidden", folder.path / "link"};
  CHECK(find_photos(arguments).photos.size() == 2);
}

TEST_CASE("a folder that cannot be read is an error in its place") {
  const TemporaryFolder folder;
  folder.touch("a.png");
  folder.touch("closed/b.png");
  fs::permissions(folder.path, fs::perms(0755));
  fs::permissions(folder.path / "closed", fs::perms::none);
  // Root reads everything, so it becomes somebody else for the walk.
  const bool is_root = ::geteuid() == 0;
  if (is_root) REQUIRE(::seteuid(65534) == 0);
  const auto found = found_in(folder);
  if (is_root) REQUIRE(::seteuid(0) == 0);
  fs::permissions(folder.path / "closed", fs::perms::owner_all);
  REQUIRE(found.photos.size() == 2);
  CHECK(found.photos[0].error.empty());
  CHECK(found.photos[1].error.find("closed: cannot read the folder") != std::string::npos);
}

TEST_CASE("a pipe that is named like a photo is not waited for") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder.path / "pipe.png").c_str(), 0600) == 0);
  const auto found = found_in(folder);
  CHECK(found.photos.empty());
  CHECK(found.skipped.text() == "skipped 1 other file (.png 1)");
}
