#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/byte_cache.h"
#include "pipeline/memory_budget.h"
#include "pipeline/source_reader.h"
#include "vitrine/pipeline/pipeline.h"

namespace vitrine {

/// A scene that is ready for any artwork.
struct PreparedRoom {
  Template room;              ///< With the one region that artwork goes to.
  std::vector<Region> found;  ///< All that were found, best first, without masks.
};

/// A mockup that is not stored yet.
struct RenderedMockup {
  Bytes bytes;
  FileFormat format = FileFormat::jpeg;
  Size size{};
  Region region{};
  int regions = 0;
};

/// Makes mockups from sources, within the memory budget; keeps scenes and artworks that were used lately. Borrows the
/// parts. Safe to use from many threads at once.
class MockupMaker {
 public:
  MockupMaker(const PipelineParts& parts, const PipelineOptions& options);

  PreparedScene prepare(const SceneRequest& scene, Context& context);

  /// Finds out that the artwork can be used, before anything is made of it. Returns it as a job should name it from then
  /// on: an address gets its digest and is kept decoded, so that it is fetched once and not for every scene.
  Source require_artwork(const Source& artwork, Context& context);

  RenderedMockup render(const MockupOrder& order, Context& context);

  PipelineUsage usage() const;

 private:
  struct Scene;
  struct Artwork;
  Scene find_scene(const SceneRequest& request, Context& context);
  Artwork find_artwork(const Source& source, Context& context);
  PreparedRoom room(Scene& scene, Context& context);
  Image image(Artwork& artwork, Context& context);
  Detection find_regions(const Scene& scene, Context& context) const;
  PreparedRoom make_room(const Scene& scene, Context& context) const;
  void fill(const Source& source, LocatedSource& located, Context& context) const;

  const PipelineParts& parts_;
  const PipelineOptions& options_;
  SourceReader reader_;
  MemoryBudget budget_;
  ByteCache<PreparedRoom> rooms_;
  ByteCache<Image> artworks_;
};

}  // namespace vitrine
