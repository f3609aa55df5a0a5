#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "vitrine/base/export.h"

namespace vitrine {

/// Memory for pixels that comes back when an image is dropped and goes into the next one: the system takes longer to hand
/// out and clear 48 MiB of fresh pages than we take to decode a tenth of a picture into them. Set DecodeOptions::pool
/// where many large pictures of similar size are decoded one after the other. Safe to use from many threads at once.
class VITRINE_EXPORT PixelPool {
 public:
  /// `budget`: the most bytes that it keeps while nobody uses them; what came back last is kept.
  explicit PixelPool(std::size_t budget);

  /// Memory of at least `bytes`, with anything in it. It may outlive the pool. Throws std::bad_alloc.
  std::shared_ptr<std::uint8_t> take(std::size_t bytes) const;

  std::size_t bytes() const;  ///< Kept now.

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace vitrine
