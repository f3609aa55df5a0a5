#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "vitrine/base/export.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// Decoded images under keys, the ones that were used last, within a budget of bytes: an artwork that goes into many
/// scenes is decoded once. Safe to use from many threads at once.
class VITRINE_EXPORT ImageCache {
 public:
  /// `budget`: the most bytes of pixels that are kept. Images that are in use when they are dropped live on with their
  /// users and are not counted.
  explicit ImageCache(std::size_t budget);
  ~ImageCache();
  ImageCache(const ImageCache&) = delete;
  ImageCache& operator=(const ImageCache&) = delete;

  /// The image under `key`, made by `make` if it is not there; who asks for it meanwhile waits. What `make` throws comes
  /// out here, and nothing is kept of it. An image larger than the budget is handed out but not kept. `make` must not use
  /// the cache.
  Image get(const std::string& key, const std::function<Image()>& make);

  std::size_t bytes() const;   ///< Kept now.
  std::size_t misses() const;  ///< How often `make` was called.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitrine
