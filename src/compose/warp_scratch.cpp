#include "compose/warp_scratch.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace vitrine {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20U;

}  // namespace

void WarpScratch::Free::operator()(void* memory) const { std::free(memory); }

std::unique_ptr<void, WarpScratch::Free> WarpScratch::allocate(std::size_t bytes) {
  std::unique_ptr<void, Free> memory(std::aligned_alloc(kLargePage, bytes));
  if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  madvise(memory.get(), bytes, MADV_HUGEPAGE);  // a wish: without large pages it is only slower
#endif
  // Vectors read past what a window holds and give it no weight, but it must be written once.
  std::memset(memory.get(), 0, bytes);
  return memory;
}

std::int16_t* WarpScratch::texels(std::size_t count) {
  const std::size_t bytes = (count * sizeof(std::int16_t) + kLargePage - 1) / kLargePage * kLargePage;
  if (bytes > texel_bytes_) {
    texels_.reset();
    texel_bytes_ = 0;
    texels_ = allocate(bytes);
    texel_bytes_ = bytes;
  }
  return static_cast<std::int16_t*>(texels_.get());
}

std::unique_ptr<WarpScratch> WarpScratchPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<WarpScratch> scratch = std::move(idle_.back());
      idle_.pop_back();
      return scratch;
    }
  }
  return std::make_unique<WarpScratch>();
}

void WarpScratchPool::give_back(std::unique_ptr<WarpScratch> scratch) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    idle_.push_back(std::move(scratch));
  } catch (const std::bad_alloc&) {
    // It is freed instead, and made again when needed.
  }
}

}  // namespace vitrine
