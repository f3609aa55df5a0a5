"""A detector in Python, used by the C++ pipeline."""

# [sample]
import vitrine
from vitrine.typing import ImageLike


class MiddleOfTheWall(vitrine.Detector):
    """Where nothing else is found: the middle of the picture."""

    def detect(self, scene: ImageLike, *, context: vitrine.Context | None = None) -> vitrine.Detection:
        width, height = vitrine.Image(scene).size
        middle = vitrine.quad_of((width // 3, height // 4, width // 3, height // 3))
        return vitrine.Detection([vitrine.Region(middle, label="wall", confidence=0.6, detector="middle")])


detector = vitrine.make_chain_detector([vitrine.make_surface_detector(), MiddleOfTheWall()])
vitrine.mockup("art.png", "room.jpg", detector=detector).save("mockup.jpg")
# [/sample]
