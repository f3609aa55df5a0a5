"""bindings/pipeline.cpp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import vitrine
from tests.python.conftest import HOLE

INSIDE = [(50, 40), (110, 40), (110, 80), (50, 80)]


def test_the_one_liner_places_the_artwork_in_the_hole(scene: vitrine.Image) -> None:
    """Red shows where the hole was."""
    red = np.full((8, 8, 3), (255, 0, 0), dtype=np.uint8)
    mockup = vitrine.mockup(red, scene)
    np.testing.assert_allclose(np.asarray(mockup)[60, 80, :3], [255, 0, 0], atol=1)


def test_the_one_liner_takes_paths(artwork_file: Path, scene_file: Path) -> None:
    """As in the README."""
    assert vitrine.mockup(str(artwork_file), scene_file).size == (160, 120)


def test_a_mockup_equals_its_scene_outside_the_region(wall: vitrine.Image, artwork: vitrine.Image) -> None:
    """Bit for bit."""
    mockup = np.array(vitrine.mockup(artwork, wall, quad=INSIDE))
    before = np.array(wall)
    mockup[39:81, 49:111] = before[39:81, 49:111] = 0
    np.testing.assert_array_equal(mockup, before)


def test_corners_land_where_the_quad_says() -> None:
    """A white artwork covers the pixels inside the quad wholly, and none outside."""
    stones = np.random.default_rng(1).integers(60, 200, (120, 160, 3)).astype(np.uint8)
    white = np.full((50, 50, 3), 255, dtype=np.uint8)
    mockup = np.asarray(vitrine.mockup(white, stones, quad=INSIDE, look="flat"))
    changed = (mockup != stones).any(axis=2)
    assert (changed[40:80, 50:110].all(), changed.sum()) == (True, 40 * 60)


def test_a_template_is_a_scene(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """What is prepared is not prepared again."""
    assert vitrine.mockup(artwork, vitrine.prepare(scene)) == vitrine.mockup(artwork, scene)


def test_a_template_file_is_a_scene(scene: vitrine.Image, artwork: vitrine.Image, tmp_path: Path) -> None:
    """Known by its content, not by its name."""
    vitrine.prepare(scene).save(tmp_path / "room.dat")
    assert vitrine.mockup(artwork, tmp_path / "room.dat") == vitrine.mockup(artwork, scene)


def test_a_quad_wins_over_a_template(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """Who gives corners wants them."""
    assert vitrine.mockup(artwork, vitrine.prepare(scene), quad=INSIDE) == vitrine.mockup(artwork, scene, quad=INSIDE)


def test_nothing_suitable_is_an_error_with_a_reason(wall: vitrine.Image, artwork: vitrine.Image) -> None:
    """The detector's own."""
    with pytest.raises(vitrine.NoSuitableRegionError, match="told to find nothing"):
        vitrine.mockup(artwork, wall, detector=vitrine.make_mock_detector(regions=[]))


def test_a_min_confidence_that_nothing_reaches_abstains(scene: vitrine.Image) -> None:
    """Nothing is placed on a guess."""
    with pytest.raises(vitrine.NoSuitableRegionError):
        vitrine.prepare(
            scene,
            detector=vitrine.make_mock_detector(regions=[vitrine.Region(HOLE, confidence=0.6)]),
            min_confidence=0.7,
        )


def test_a_policy_says_what_is_used(scene: vitrine.Image) -> None:
    """By its label."""
    regions = [vitrine.Region(HOLE, label="a"), vitrine.Region(INSIDE, label="b")]
    room = vitrine.prepare(
        scene, detector=vitrine.make_mock_detector(regions=regions), policy=vitrine.RegionPolicy(labels=["b"])
    )
    assert [region.label for region in room.regions] == ["b"]


@pytest.mark.parametrize(
    "quad",
    [
        [(float("nan"), 0), (9, 0), (9, 9), (0, 9)],
        [(0, 0), (9, 9), (9, 0), (0, 9)],
        [(1000, 1000), (1010, 1000), (1010, 1010), (1000, 1010)],
        [(0, 0), (5, 0), (9, 0), (0, 9)],
    ],
    ids=["not a number", "crossing", "outside", "on a line"],
)
def test_an_unusable_quad_is_refused(
    quad: list[tuple[float, float]], wall: vitrine.Image, artwork: vitrine.Image
) -> None:
    """Before anything is drawn."""
    with pytest.raises(ValueError, match="[Cc]orner|[Ss]ide|quad|scene"):
        vitrine.mockup(artwork, wall, quad=quad)


@pytest.mark.parametrize("shape", [(1, 1, 3), (10_000, 1, 3), (1, 10_000, 3)])
def test_an_artwork_of_any_shape_is_placed(shape: tuple[int, int, int], scene: vitrine.Image) -> None:
    """One pixel, or one line of them."""
    assert vitrine.mockup(np.zeros(shape, dtype=np.uint8), scene, fit="contain").size == scene.size


def test_a_fully_transparent_artwork_leaves_the_scene(wall: vitrine.Image) -> None:
    """There is nothing to see."""
    assert vitrine.mockup(np.zeros((9, 9, 4), dtype=np.uint8), wall, quad=INSIDE) == wall


def test_progress_reaches_the_end(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """The last that is heard is 1."""
    heard: list[float] = []
    vitrine.mockup(artwork, scene, context=vitrine.Context(on_progress=heard.append))
    assert heard[-1] == 1


def test_a_batch_makes_every_pair(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """Named after both."""
    other = tmp_path / "art2.png"
    other.write_bytes(artwork_file.read_bytes())
    items = vitrine.run_batch([artwork_file, other], [scene_file], output=tmp_path / "out")
    assert [item.output.name for item in items] == ["art__room.jpg", "art2__room.jpg"]


def test_a_batch_finishes_the_others(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """A missing scene fails alone."""
    items = vitrine.run_batch([artwork_file], [tmp_path / "no.png", scene_file], output=tmp_path / "out")
    assert [item.error for item in items] == [vitrine.ErrorCode.not_found, None]


def test_a_batch_tells_of_each_as_it_is_done(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """On whatever thread."""
    done: list[vitrine.BatchItem] = []
    items = vitrine.run_batch([artwork_file], [scene_file], output=tmp_path / "out", on_done=done.append)
    assert done == items


def test_what_that_callback_raises_ends_the_batch(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """It is not swallowed."""

    def fail(item: vitrine.BatchItem) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        vitrine.run_batch([artwork_file], [scene_file], output=tmp_path / "out", on_done=fail)


def test_a_batch_into_one_file_makes_one(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """Two would not fit."""
    with pytest.raises(ValueError, match="one file"):
        vitrine.run_batch([artwork_file, artwork_file], [scene_file], output=tmp_path / "a.jpg", output_is_folder=False)


def test_an_empty_batch_is_refused(scene_file: Path, tmp_path: Path) -> None:
    """It was surely meant otherwise."""
    with pytest.raises(ValueError, match="artwork"):
        vitrine.run_batch([], [scene_file], output=tmp_path)


def test_a_python_detector_works_in_a_batch(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """Called from the batch's threads."""

    class Own(vitrine.Detector):
        def detect(self, scene: object, *, context: vitrine.Context | None = None) -> vitrine.Detection:
            return vitrine.Detection([vitrine.Region(INSIDE, label="mine")])

    items = vitrine.run_batch([artwork_file], [scene_file], output=tmp_path / "out", detector=Own(), threads=4)
    assert items[0].region is not None
    assert items[0].region.label == "mine"
