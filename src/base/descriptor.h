#pragma once

#include <cstddef>
#include <filesystem>

namespace vitrine {

/// An open file of the system's, closed with it.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  int close();

 private:
  int number_;
};

/// Throws Error naming `path`: not_found, permission_denied.
Descriptor open_to_read(const std::filesystem::path& path);

/// The size of a regular file. Throws Error naming `path`: image_too_large past `most`; invalid_image for anything else.
std::size_t size_within(const Descriptor& file, const std::filesystem::path& path, std::size_t most);

}  // namespace vitrine
