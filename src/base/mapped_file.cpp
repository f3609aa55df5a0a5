#include "base/mapped_file.h"

#include <sys/mman.h>

#include "base/descriptor.h"
#include "base/file_error.h"

namespace vitrine {

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path, std::size_t most) {
  const Descriptor file = open_to_read(path);
  const std::size_t size = size_within(file, path, most);
  if (size == 0) return std::shared_ptr<const MappedFile>(new MappedFile({}));
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) throw_file_error("read", path);
  const ByteView bytes(static_cast<const std::uint8_t*>(memory), size);
  return std::shared_ptr<const MappedFile>(new MappedFile(bytes));
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

}  // namespace vitrine
