"""What holds for any input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as npst

import vitrine
from tests.python.conftest import Pixels

slices = st.builds(slice, st.none(), st.none(), st.sampled_from([None, 1, 2, 3, -1, -2]))
shapes = st.tuples(st.integers(1, 24), st.integers(1, 24), st.sampled_from([1, 3, 4]))
pictures = npst.arrays(np.uint8, shapes)
offsets = st.floats(-30, 30)
quads = st.tuples(*[offsets] * 8).map(
    lambda d: [(100 + d[0], 100 + d[1]), (300 + d[2], 100 + d[3]), (300 + d[4], 250 + d[5]), (100 + d[6], 250 + d[7])]
)


@given(pictures, slices, slices)
def test_any_view_of_any_picture_comes_back_the_same(picture: Pixels, rows: slice, columns: slice) -> None:
    """numpy in, numpy out."""
    view = picture[rows, columns]
    np.testing.assert_array_equal(np.asarray(vitrine.Image(view)).reshape(view.shape), view)


@given(pictures)
@settings(max_examples=40)
def test_png_keeps_every_picture(picture: Pixels) -> None:
    """decode after encode changes nothing."""
    image = vitrine.Image(picture)
    back = vitrine.decode_image(image.encode(format="png"))
    assert vitrine.convert(back, image.format) == image


@given(quads, st.permutations(range(4)))
def test_order_corners_ignores_the_order(quad: list[tuple[float, float]], order: list[int]) -> None:
    """Four points are four points."""
    assert vitrine.order_corners([quad[i] for i in order]) == vitrine.order_corners(quad)


@given(quads, st.tuples(st.integers(1, 5000), st.integers(1, 5000)))
def test_there_and_back_through_a_homography(quad: list[tuple[float, float]], size: tuple[int, int]) -> None:
    """A corner moves by less than a millionth of a pixel."""
    matrix = vitrine.scene_from_artwork(quad, size)
    corners = np.array(quad, dtype=np.float64)
    there = vitrine.map_points(np.linalg.inv(matrix).astype(np.float64), corners)
    np.testing.assert_allclose(vitrine.map_points(matrix, there), corners, atol=1e-6)


@given(quads)
@settings(max_examples=20, deadline=None)
def test_a_mockup_equals_its_scene_outside_the_box(quad: list[tuple[float, float]]) -> None:
    """Whatever the corners."""
    wall = np.random.default_rng(1).integers(60, 200, (360, 420, 3)).astype(np.uint8)
    mockup = np.array(vitrine.mockup(np.zeros((20, 30, 3), dtype=np.uint8), wall, quad=quad))
    x, y, width, height = vitrine.Quad(quad).bounds((420, 360))
    mockup[y : y + height, x : x + width] = wall[y : y + height, x : x + width]
    np.testing.assert_array_equal(mockup, wall)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_decoders(data: bytes) -> None:
    """Anything that is no picture is an error with a code."""
    with pytest.raises(vitrine.InvalidImageError):
        vitrine.decode_image(data)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_template_reader(data: bytes) -> None:
    """Anything that is no template is an error with a code."""
    with pytest.raises((vitrine.CorruptDataError, vitrine.ImageTooLargeError)):
        vitrine.decode_template(data)
