"""bindings/geometry.cpp."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import vitrine

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


def test_a_quad_reads_as_four_corners() -> None:
    """It unpacks like any sequence."""
    assert list(vitrine.Quad(SQUARE)) == SQUARE


def test_a_quad_becomes_an_array() -> None:
    """Four rows of x and y."""
    np.testing.assert_array_equal(np.asarray(vitrine.Quad(SQUARE)), np.array(SQUARE))


def test_a_quad_is_made_of_an_array() -> None:
    """numpy goes in as well as out."""
    assert vitrine.Quad(np.array(SQUARE, dtype=np.float32)) == vitrine.Quad(SQUARE)


def test_corners_are_indexed_from_the_end_too() -> None:
    """-1 is the last one."""
    assert vitrine.Quad(SQUARE)[-1] == (0, 10)


@pytest.mark.parametrize("corners", [SQUARE[:3], [*SQUARE, (1, 1)], [(1, 2, 3)] * 4, "abcd", 7, [None] * 4])
def test_what_is_no_quad_is_refused_with_its_shape(corners: object) -> None:
    """The message says what a quad is."""
    with pytest.raises(ValueError, match="four corners"):
        vitrine.Quad(corners)  # type: ignore[arg-type]


def test_the_area_is_in_square_pixels() -> None:
    """Ten by ten."""
    assert vitrine.Quad(SQUARE).area == 100


def test_a_crossing_quad_is_not_convex() -> None:
    """Its sides meet."""
    assert not vitrine.Quad([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]).is_convex


def test_bounds_are_cut_to_the_image() -> None:
    """What lies outside does not count."""
    assert vitrine.Quad(SQUARE).bounds((6, 100)) == (0, 0, 6, 10)


def test_equal_quads_hash_alike() -> None:
    """They can be keys."""
    assert len({vitrine.Quad(SQUARE), vitrine.Quad(SQUARE)}) == 1


def test_a_quad_survives_pickling() -> None:
    """For worker pools."""
    assert pickle.loads(pickle.dumps(vitrine.Quad(SQUARE))) == vitrine.Quad(SQUARE)


def test_a_quad_shows_its_corners() -> None:
    """repr() can be read."""
    assert repr(vitrine.Quad(SQUARE)) == "Quad((0, 0), (10, 0), (10, 10), (0, 10))"


def test_quad_of_a_rectangle() -> None:
    """Corners are outer edges."""
    assert vitrine.quad_of((1, 2, 3, 4)) == vitrine.Quad([(1, 2), (4, 2), (4, 6), (1, 6)])


def test_order_corners_ignores_the_order_it_is_given() -> None:
    """A quad given backwards comes out clockwise."""
    assert vitrine.order_corners(SQUARE[::-1]) == vitrine.Quad(SQUARE)


def test_order_corners_of_a_dart_is_none() -> None:
    """There is no convex order."""
    assert vitrine.order_corners([(0, 0), (10, 0), (3, 3), (0, 10)]) is None


def test_a_quad_outside_the_scene_is_not_usable() -> None:
    """The sentence tells why."""
    with pytest.raises(ValueError, match="scene"):
        vitrine.require_usable([(100, 100), (110, 100), (110, 110), (100, 110)], (50, 50))


def test_a_quad_overlaps_itself_fully() -> None:
    """The measure is 1 for equal quads."""
    assert vitrine.intersection_over_union(SQUARE, SQUARE) == pytest.approx(1)


def test_target_from_source_takes_corner_to_corner() -> None:
    """The map does what its name says."""
    target = np.array([(5, 5), (25, 8), (22, 30), (4, 28)], dtype=np.float64)
    mapped = vitrine.map_points(vitrine.target_from_source(SQUARE, target), np.array(SQUARE))
    np.testing.assert_allclose(mapped, target, atol=1e-9)


def test_scene_from_artwork_fills_the_quad() -> None:
    """The artwork's far corner lands on the quad's."""
    matrix = vitrine.scene_from_artwork(SQUARE, (200, 100))
    np.testing.assert_allclose(vitrine.map_points(matrix, np.array([[200.0, 100.0]])), [[10, 10]])


def test_a_matrix_of_another_shape_is_refused() -> None:
    """3 x 3 it must be."""
    with pytest.raises(ValueError, match="3, 3"):
        vitrine.map_points(np.eye(4), np.array(SQUARE))


def test_points_of_another_shape_are_refused() -> None:
    """Rows of x and y they must be."""
    with pytest.raises(ValueError, match="n, 2"):
        vitrine.map_points(np.eye(3), np.zeros((2, 3)))


def test_the_ratio_of_a_frontal_rectangle_is_its_own() -> None:
    """Twice as wide as high."""
    wide = vitrine.quad_of((100, 100, 200, 100))
    assert vitrine.aspect_ratio(wide, (400, 300)) == pytest.approx(2)


@pytest.mark.parametrize("size", [(1,), (1, 2, 3), (1.5, 2), "ab", (float("nan"), 1), (1e12, 1)])
def test_what_is_no_size_is_refused(size: object) -> None:
    """The message says what a size is."""
    with pytest.raises(ValueError, match="whole numbers"):
        vitrine.Quad(SQUARE).bounds(size)  # type: ignore[arg-type]
