#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "compose/artwork_levels.h"
#include "compose/filter_tables.h"
#include "compose/row_fetch.h"

namespace vitrine {

/// Memory of one thread at work on a tile, kept for the next tile. Large pages where the system has them: the window is
/// then touched without a fault for every 4 KiB.
class WarpScratch {
 public:
  /// At least `count` values for a window; what they hold is left from before. Throws std::bad_alloc.
  std::int16_t* texels(std::size_t count);

  std::vector<float> rgba;  ///< The tile.
  FilterTables tables;
  RowFetch ahead;  ///< What the next tile will read.
  ArtworkLevels::Scratch levels;

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  static std::unique_ptr<void, Free> allocate(std::size_t bytes);

  std::unique_ptr<void, Free> texels_;
  std::size_t texel_bytes_ = 0;
};

/// Scratch lent to whoever asks, as much as there are askers at once, and kept until the pool goes. Safe from many threads.
class WarpScratchPool {
 public:
  /// A scratch, given back to the pool when this goes; the pool must outlive it.
  class Loan {
   public:
    explicit Loan(WarpScratchPool& pool) : pool_(pool), scratch_(pool.take()) {}
    ~Loan() { pool_.give_back(std::move(scratch_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    WarpScratch& operator*() const { return *scratch_; }
    WarpScratch* operator->() const { return scratch_.get(); }

   private:
    WarpScratchPool& pool_;
    std::unique_ptr<WarpScratch> scratch_;
  };

 private:
  std::unique_ptr<WarpScratch> take();
  void give_back(std::unique_ptr<WarpScratch> scratch) noexcept;

  std::mutex mutex_;
  std::vector<std::unique_ptr<WarpScratch>> idle_;
};

}  // namespace vitrine
