#include "vitrine/image/pixel_pool.h"

#include <list>
#include <mutex>
#include <new>
#include <utility>

#include "image/pixel_memory.h"

namespace vitrine {

struct PixelPool::State {
  struct Block {
    std::shared_ptr<std::uint8_t> memory;
    std::size_t bytes;
  };

  explicit State(std::size_t most) : budget(most) {}

  // Much larger blocks are not taken: a thumbnail would hold a poster's memory.
  Block take(std::size_t bytes) {
    {
      const std::lock_guard lock(mutex);
      for (auto block = blocks.begin(); block != blocks.end(); ++block) {
        if (block->bytes < bytes || block->bytes > bytes + bytes / 4) continue;
        Block taken = std::move(*block);
        kept -= taken.bytes;
        blocks.erase(block);
        return taken;
      }
    }
    return {pixel_memory(bytes), bytes};
  }

  void put(const Block& block) {
    std::list<Block> dropped;  // given back to the system behind the lock
    const std::lock_guard lock(mutex);
    blocks.push_front(block);
    kept += block.bytes;
    while (kept > budget) {
      kept -= blocks.back().bytes;
      dropped.splice(dropped.begin(), blocks, std::prev(blocks.end()));
    }
  }

  std::size_t budget;
  std::mutex mutex;
  std::list<Block> blocks;  // what came back last first
  std::size_t kept = 0;
};

PixelPool::PixelPool(std::size_t budget) : state_(std::make_shared<State>(budget)) {}

std::shared_ptr<std::uint8_t> PixelPool::take(std::size_t bytes) const {
  State::Block block = state_->take(bytes);
  std::uint8_t* pixels = block.memory.get();
  return {pixels, [state = state_, block = std::move(block)](std::uint8_t*) {
            try {
              state->put(block);
            } catch (const std::bad_alloc&) {
              // Not kept, then: it goes with the last handle, which is this.
            }
          }};
}

std::size_t PixelPool::bytes() const {
  const std::lock_guard lock(state_->mutex);
  return state_->kept;
}

}  // namespace vitrine
