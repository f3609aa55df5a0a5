"""bindings/detect.cpp, and the conformance of a detector written in Python."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import vitrine
from tests.python.conftest import HOLE
from vitrine import Abstention, Region
from vitrine.typing import ImageLike

Factory = Callable[[], vitrine.Detector]


class OwnDetector(vitrine.Detector):
    """Answers every scene with HOLE."""

    seen: vitrine.Image

    def detect(self, scene: ImageLike, *, context: vitrine.Context | None = None) -> vitrine.Detection:
        if context is not None:
            context.check()
        self.seen = vitrine.Image(scene)
        return vitrine.Detection([Region(HOLE, label="mine", detector="own")])


DETECTORS: dict[str, Factory] = {
    "surface": vitrine.make_surface_detector,
    "fixed": lambda: vitrine.make_fixed_detector([HOLE]),
    "mock": vitrine.make_mock_detector,
    "python": OwnDetector,
    "chain of a python one": lambda: vitrine.make_chain_detector([OwnDetector()]),
}


@pytest.fixture(params=DETECTORS.values(), ids=list(DETECTORS))
def detector(request: pytest.FixtureRequest) -> vitrine.Detector:
    """Each detector in turn."""
    factory: Factory = request.param
    return factory()


def through_the_library(
    detector: vitrine.Detector, scene: ImageLike, context: vitrine.Context | None = None
) -> vitrine.Detection:
    """Calls the C++ interface, which calls a Python detector's method in turn."""
    return vitrine.Detector.detect(detector, scene, context=context)


def test_a_detector_answers_with_usable_regions(detector: vitrine.Detector, scene: vitrine.Image) -> None:
    """Conformance: the best region lies in the scene."""
    vitrine.require_usable(through_the_library(detector, scene)[0].quad, scene.size)


def test_a_detector_notices_a_cancelled_context(detector: vitrine.Detector, scene: vitrine.Image) -> None:
    """Conformance: nothing is answered after a cancel."""
    context = vitrine.Context()
    context.cancel()
    with pytest.raises(vitrine.CancelledError):
        through_the_library(detector, scene, context)


def test_a_detector_gives_the_same_answer_twice(detector: vitrine.Detector, scene: vitrine.Image) -> None:
    """Conformance: same scene, same answer."""
    assert through_the_library(detector, scene).regions == through_the_library(detector, scene).regions


def test_the_surface_detector_finds_a_hole(scene: vitrine.Image) -> None:
    """To a fraction of a pixel."""
    found = vitrine.detect(scene)
    np.testing.assert_allclose(np.asarray(found[0].quad), np.asarray(HOLE), atol=0.5)


def test_a_plain_wall_gives_no_region(wall: vitrine.Image) -> None:
    """Finding nothing is no error, and has a reason."""
    found = vitrine.detect(wall, min_confidence=0.99)
    assert (len(found), bool(found), found.reason != "") == (0, False, True)


def test_a_detection_reads_as_its_regions(scene: vitrine.Image) -> None:
    """It is iterated like a list."""
    found = vitrine.detect(scene)
    assert list(found) == found.regions


def test_a_detection_knows_its_scene(scene: vitrine.Image) -> None:
    """That is what its picture is drawn on."""
    assert vitrine.detect(scene).scene == scene


def test_a_detection_shows_its_picture_in_a_notebook(scene: vitrine.Image) -> None:
    """A PNG with the regions drawn on the scene."""
    picture = vitrine.detect(scene)._repr_png_()
    assert picture is not None
    assert vitrine.decode_image(picture).size == scene.size


def test_the_picture_differs_from_the_scene(wall: vitrine.Image) -> None:
    """Something is drawn."""
    found = vitrine.make_fixed_detector([HOLE]).detect(wall)
    assert found.annotated() != wall


def test_a_detection_made_by_hand_has_no_picture() -> None:
    """There is no scene to draw on."""
    assert vitrine.Detection([Region(HOLE)])._repr_png_() is None


def test_annotating_a_detection_without_scene_says_what_to_do() -> None:
    """The message names the function that takes one."""
    with pytest.raises(ValueError, match="annotate"):
        vitrine.Detection([Region(HOLE)]).annotated()


def test_an_empty_detection_abstains() -> None:
    """Without being told so."""
    assert vitrine.Detection().abstention is Abstention.no_candidate


def test_a_detection_cannot_answer_and_abstain() -> None:
    """One of the two."""
    with pytest.raises(ValueError, match="abstains"):
        vitrine.Detection([Region(HOLE)], abstention="not_sure")


def test_a_detection_tells_what_it_is() -> None:
    """repr() of none gives the reason."""
    assert repr(vitrine.Detection(reason="Too dark.")) == "<vitrine.Detection: none. Too dark.>"


def test_a_python_detector_is_used_by_the_pipeline(scene: vitrine.Image) -> None:
    """prepare() places where it says."""
    assert vitrine.prepare(scene, detector=OwnDetector()).regions[0].label == "mine"


def test_a_python_detector_may_be_forgotten_by_python(scene: vitrine.Image) -> None:
    """The chain keeps it alive."""
    chain = vitrine.make_chain_detector([OwnDetector()])
    assert chain.detect(scene)[0].detector == "own"


def test_a_python_detector_may_keep_the_scene(scene: vitrine.Image) -> None:
    """It gets an image of its own, not borrowed pixels."""
    detector = OwnDetector()
    vitrine.prepare(scene, detector=detector)
    assert detector.seen == scene


def test_a_python_detector_without_detect_says_what_is_missing(scene: vitrine.Image) -> None:
    """The name of the method."""

    class Empty(vitrine.Detector):
        pass

    with pytest.raises(NotImplementedError, match="detect"):
        Empty().detect(scene)


def test_a_python_detector_that_returns_something_else_is_a_type_error(scene: vitrine.Image) -> None:
    """The message names what came."""

    class Odd(vitrine.Detector):
        def detect(self, scene: ImageLike, *, context: vitrine.Context | None = None) -> vitrine.Detection:
            return "here"  # type: ignore[return-value]

    with pytest.raises(TypeError, match="str"):
        vitrine.prepare(scene, detector=Odd())


def test_a_chain_goes_on_behind_one_that_abstains(scene: vitrine.Image) -> None:
    """The second one answers."""
    chain = vitrine.make_chain_detector([vitrine.make_mock_detector(regions=[]), OwnDetector()])
    assert chain.detect(scene)[0].label == "mine"


def test_an_empty_chain_is_refused() -> None:
    """It could never answer."""
    with pytest.raises(ValueError, match="detector"):
        vitrine.make_chain_detector([])


def test_the_mock_abstains_with_the_reason_it_was_given(scene: vitrine.Image) -> None:
    """For tests of what comes then."""
    assert vitrine.make_mock_detector(regions=[], reason="Not today.").detect(scene).reason == "Not today."


def test_a_policy_leaves_out_what_is_too_small() -> None:
    """And names the rule."""
    tiny = vitrine.Detection([Region([(0, 0), (2, 0), (2, 2), (0, 2)])])
    kept = vitrine.apply_policy(vitrine.RegionPolicy(min_area=0.5), tiny, (100, 100))
    assert kept.abstention is Abstention.filtered


def test_a_policy_keeps_what_is_good() -> None:
    """In the order it came."""
    found = vitrine.Detection([Region(HOLE)])
    assert vitrine.apply_policy(vitrine.RegionPolicy(), found, (160, 120)).regions == found.regions


def test_annotate_draws_on_any_picture(wall: vitrine.Image) -> None:
    """The scene is given beside the detection."""
    assert vitrine.annotate(wall, vitrine.Detection([Region(HOLE)])).size == wall.size


def test_surface_options_out_of_range_are_refused() -> None:
    """A confidence above 1 cannot be."""
    with pytest.raises(ValueError, match="1.5"):
        vitrine.make_surface_detector(vitrine.SurfaceOptions(min_confidence=1.5))
