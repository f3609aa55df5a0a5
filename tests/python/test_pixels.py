"""bindings/pixels.cpp: everything that is taken where an image is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

import vitrine
from tests.python.conftest import Pixels, gradient

RGBA = gradient(channels=4)


class Wrapped:
    """Something that numpy can make an array of, as tensors of other libraries are."""

    def __init__(self, array: Pixels) -> None:
        self._array = array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Pixels:
        return self._array


VIEWS = {
    "plain": RGBA,
    "rows backwards": RGBA[::-1],
    "columns backwards": RGBA[:, ::-1],
    "both backwards": RGBA[::-1, ::-1],
    "every second column": RGBA[:, ::2],
    "every third row": RGBA[::3],
    "a crop": RGBA[5:20, 7:30],
    "channels backwards": RGBA[..., ::-1],
    "three of four channels": RGBA[..., :3],
    "three of four channels backwards": RGBA[..., 2::-1],
    "one channel": RGBA[..., 1],
    "one channel with its axis": RGBA[..., 1:2],
    "Fortran order": np.asfortranarray(RGBA),
    "transposed": RGBA.transpose(1, 0, 2),
    "one row repeated": np.broadcast_to(RGBA[:1], RGBA.shape),
    "one pixel": RGBA[:1, :1],
    "one wide row": RGBA[:1],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_an_array_of_any_strides_is_taken_as_numpy_sees_it(view: Pixels) -> None:
    """Strides do not show in the picture."""
    np.testing.assert_array_equal(
        np.asarray(vitrine.Image(view)), view.squeeze(axis=2) if view.shape[2:] == (1,) else view
    )


def test_a_read_only_array_is_taken(pixels: Pixels) -> None:
    """It is only read."""
    pixels.flags.writeable = False
    assert vitrine.Image(pixels).size == (48, 32)


def test_an_image_does_not_follow_its_array(pixels: Pixels) -> None:
    """It is a value: later changes of the array are not seen."""
    image = vitrine.Image(pixels)
    before = pixels.copy()
    pixels[:] = 0
    np.testing.assert_array_equal(np.asarray(image), before)


@pytest.mark.parametrize(
    ("dtype", "cure"),
    [
        (np.float32, "255"),
        (np.float64, "255"),
        (np.bool_, "astype"),
        (np.uint16, "257"),
        (np.int8, "uint8"),
        (np.int64, "uint8"),
    ],
)
def test_an_array_of_another_type_is_refused_with_a_cure(dtype: type, cure: str) -> None:
    """No guess is made about what floats mean."""
    with pytest.raises(ValueError, match=cure):
        vitrine.Image(np.zeros((4, 4, 3), dtype=dtype))


@pytest.mark.parametrize("shape", [(5,), (4, 4, 2), (4, 4, 5), (2, 4, 4, 3), (3, 40, 40)])
def test_an_array_of_another_shape_is_refused_with_its_shape(shape: tuple[int, ...]) -> None:
    """The message shows what came."""
    with pytest.raises(ValueError, match=str(shape[0])):
        vitrine.Image(np.zeros(shape, dtype=np.uint8))


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (0, 0)])
def test_an_empty_array_is_refused(shape: tuple[int, ...]) -> None:
    """A picture has pixels."""
    with pytest.raises(ValueError, match="positive"):
        vitrine.Image(np.zeros(shape, dtype=np.uint8))


def test_what_becomes_an_array_is_taken(pixels: Pixels) -> None:
    """Duck typing by __array__."""
    assert vitrine.Image(Wrapped(pixels)) == vitrine.Image(pixels)


def test_an_image_is_taken_as_itself(artwork: vitrine.Image) -> None:
    """No copy, no change."""
    assert np.shares_memory(np.asarray(vitrine.Image(artwork)), np.asarray(artwork))


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", "La", "RGBa", "RGBX"]
)
def test_a_pillow_image_of_any_mode_is_taken(mode: str) -> None:
    """Its size survives whatever the mode."""
    assert vitrine.Image(Pillow.new(mode, (7, 5))).size == (7, 5)


def test_a_pillow_image_keeps_its_pixels(pixels: Pixels) -> None:
    """RGB is taken as it is."""
    np.testing.assert_array_equal(np.asarray(vitrine.Image(Pillow.fromarray(pixels))), pixels)


def test_a_pillow_image_with_alpha_keeps_it() -> None:
    """RGBA is taken as it is."""
    np.testing.assert_array_equal(np.asarray(vitrine.Image(Pillow.fromarray(RGBA))), RGBA)


def test_a_pillow_palette_with_a_transparent_colour_has_alpha() -> None:
    """The palette's hole is a hole."""
    picture = Pillow.new("P", (4, 4), 3)
    picture.info["transparency"] = 3
    assert vitrine.has_transparency(picture)


def test_a_pillow_palette_has_its_colours() -> None:
    """Indices are looked up."""
    picture = Pillow.new("P", (4, 4), 1)
    picture.putpalette([0, 0, 0, 10, 200, 30])
    assert tuple(np.asarray(vitrine.Image(picture))[0, 0]) == (10, 200, 30)


def test_a_pillow_image_of_16_bits_is_scaled() -> None:
    """White stays white and mid grey mid grey; nothing is cut off."""
    picture = Pillow.fromarray(np.array([[0, 32896, 65535]], dtype=np.uint16))
    np.testing.assert_array_equal(np.asarray(vitrine.Image(picture)), [[0, 128, 255]])


def test_a_black_and_white_pillow_image_is_black_and_white() -> None:
    """Ones become 255."""
    assert np.asarray(vitrine.Image(Pillow.new("1", (2, 2), 1))).min() == 255


def test_a_path_is_read(artwork_file: Path, artwork: vitrine.Image) -> None:
    """As a Path."""
    assert vitrine.Image(artwork_file) == artwork


def test_a_path_may_be_text(artwork_file: Path, artwork: vitrine.Image) -> None:
    """As a str."""
    assert vitrine.Image(str(artwork_file)) == artwork


def test_a_path_may_be_anything_with_fspath(artwork_file: Path, artwork: vitrine.Image) -> None:
    """As any os.PathLike."""
    with os.scandir(artwork_file.parent) as entries:
        assert vitrine.Image(next(entries)) == artwork


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_encoded_bytes_are_decoded(kind: Any, artwork_file: Path, artwork: vitrine.Image) -> None:
    """Bytes-like objects hold a file."""
    assert vitrine.Image(kind(artwork_file.read_bytes())) == artwork


def test_a_memoryview_with_two_axes_holds_pixels(pixels: Pixels) -> None:
    """Only a flat one is a file."""
    view = memoryview(pixels)  # type: ignore[arg-type]
    assert vitrine.Image(view).size == (48, 32)


def test_bytes_that_are_no_image_are_refused() -> None:
    """Trouble in the world, with a code."""
    with pytest.raises(vitrine.InvalidImageError):
        vitrine.Image(b"not a picture")


def test_empty_bytes_are_refused() -> None:
    """Nothing is no picture."""
    with pytest.raises(vitrine.InvalidImageError):
        vitrine.Image(b"")


@pytest.mark.parametrize("value", [None, 5, object(), {"a": 1}])
def test_anything_else_is_a_type_error(value: Any) -> None:
    """The caller passed the wrong thing."""
    with pytest.raises(TypeError):
        vitrine.Image(value)
