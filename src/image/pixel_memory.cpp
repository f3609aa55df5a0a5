#include "image/pixel_memory.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace vitrine {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20U;

void* map(std::size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

// A mapping starts at a small page; what lies before the first large one, and behind the last byte, is given back.
std::uint8_t* map_aligned(std::size_t bytes) {
  auto* begin = static_cast<std::uint8_t*>(map(bytes + kLargePage));
  const std::size_t before = (kLargePage - reinterpret_cast<std::uintptr_t>(begin) % kLargePage) % kLargePage;
  if (before > 0) ::munmap(begin, before);
  if (before < kLargePage) ::munmap(begin + before + bytes, kLargePage - before);
  return begin + before;
}

}  // namespace

std::shared_ptr<std::uint8_t> pixel_memory(std::size_t bytes) {
  if (bytes < kLargePage) {
    // calloc, because fresh pages come zeroed for nothing.
    auto* memory = static_cast<std::uint8_t*>(std::calloc(bytes > 0 ? bytes : 1, 1));
    if (memory == nullptr) throw std::bad_alloc();
    return {memory, [](std::uint8_t* old) { std::free(old); }};
  }
  if (bytes > SIZE_MAX - 2 * kLargePage) throw std::bad_alloc();
  // Whole ones to the end: a patch of a scene is one and a half, and the half would come in 400 small ones.
  const std::size_t whole = (bytes + kLargePage - 1) / kLargePage * kLargePage;
  std::uint8_t* memory = map_aligned(whole);
#ifdef MADV_HUGEPAGE
  ::madvise(memory, whole, MADV_HUGEPAGE);
#endif
  return {memory, [whole](std::uint8_t* old) { ::munmap(old, whole); }};
}

}  // namespace vitrine
