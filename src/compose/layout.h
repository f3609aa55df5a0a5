#pragma once

#include <memory>
#include <optional>

#include "compose/mixing.h"
#include "compose/paint.h"
#include "compose/placement_geometry.h"
#include "vitrine/compose/compositor.h"

namespace vitrine {

/// Where a placement lands in a scene, and how its pixels are made there. Measures the cloth if the look asks for ink.
class Layout {
 public:
  /// Borrows `room`. The placement is one that require_placement() lets pass.
  Layout(const Template& room, const Placement& placement);

  const Region& region() const { return prepared_->region; }
  const PlacementGeometry& geometry() const { return geometry_; }  ///< Of a flat surface.
  const UnitFit& unit() const { return unit_; }                    ///< The same along a surface that bends.
  const std::optional<Bend>& bend() const { return bend_; }        ///< Empty: it is flat.
  const Quad& shown() const { return shown_; }                     ///< What is painted of a flat surface.
  bool whole_region() const { return whole_region_; }              ///< White is painted around the artwork.
  const Rect& target() const { return target_; }                   ///< Scene pixels that may change.

  /// Set up but for the mockup and what is shown. Borrows the layout.
  Paint paint(const Look& look) const;

 private:
  const PreparedRegion* prepared_;
  std::unique_ptr<const Mixing> mixing_;  // on the heap: the bend borrows from it
  std::optional<Bend> bend_;
  UnitFit unit_;
  PlacementGeometry geometry_;
  bool whole_region_;
  Quad shown_;
  Rect target_;
};

}  // namespace vitrine
