#include "vitrine/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include "base/descriptor.h"
#include "base/file_error.h"
#include "base/folder_sync.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// A name that nobody else uses; opened with 0666 so that the user's umask applies, as it would to any new file.
int create_beside(const std::filesystem::path& target, std::string& name) {
  std::random_device random;
  for (int attempt = 0; attempt < 16; ++attempt) {
    name = (folder_of(target) / ("." + target.filename().string().substr(0, 200) + "." + std::to_string(random()) + ".part")).string();
    const int number = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (number >= 0) return number;
    if (errno != EEXIST) break;
  }
  name.clear();
  throw_file_error("write", target);
}

}  // namespace

Bytes read_file(const std::filesystem::path& path, std::size_t most) {
  const Descriptor file = open_to_read(path);
  const std::size_t size = size_within(file, path, most);
  Bytes bytes(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(file.get(), bytes.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_file_error("read", path);
    if (count == 0) break;  // somebody truncated it meanwhile
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

struct AtomicFile::State {
  static std::filesystem::path refuse_folder(std::filesystem::path path) {
    std::error_code unreachable;  // if so, creating the file says why
    if (std::filesystem::is_directory(path, unreachable)) throw_is_folder(path);
    return path;
  }

  std::filesystem::path target;
  std::string temporary;
  Descriptor file;

  explicit State(std::filesystem::path path)
      : target(refuse_folder(std::move(path))), file(create_beside(target, temporary)) {}
  ~State() {
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void finish_file() {
    struct stat old {};
    if (::stat(target.c_str(), &old) == 0 && ::fchmod(file.get(), old.st_mode & 07777) != 0)
      throw_file_error("write", target);
    if (::fsync(file.get()) != 0 || file.close() != 0)
      throw_file_error("write", target);
  }
};

AtomicFile::AtomicFile(std::filesystem::path path) : state_(std::make_unique<State>(std::move(path))) {}
AtomicFile::~AtomicFile() = default;

void AtomicFile::write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(state_->file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_file_error("write", state_->target);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void AtomicFile::commit() {
  state_->finish_file();
  if (::rename(state_->temporary.c_str(), state_->target.c_str()) != 0) throw_file_error("write", state_->target);
  state_->temporary.clear();
  sync_folder(folder_of(state_->target));
}

bool AtomicFile::commit_if_absent() {
  state_->finish_file();
  if (::link(state_->temporary.c_str(), state_->target.c_str()) != 0) {
    if (errno == EEXIST) return false;
    throw_file_error("write", state_->target);
  }
  sync_folder(folder_of(state_->target));
  return true;
}

void write_file_atomically(const std::filesystem::path& path, ByteView bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace vitrine
