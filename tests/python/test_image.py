"""bindings/image.cpp."""

from __future__ import annotations

import gc
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

import vitrine
from tests.python.conftest import Pixels, gradient


def test_size_is_width_and_height(pixels: Pixels) -> None:
    """Rows first in numpy, width first here."""
    assert vitrine.Image(pixels).size == (48, 32)


def test_asarray_gives_the_pixels_back(pixels: Pixels) -> None:
    """There and back changes nothing."""
    np.testing.assert_array_equal(np.asarray(vitrine.Image(pixels)), pixels)


def test_asarray_makes_no_copy(artwork: vitrine.Image) -> None:
    """Two arrays of one image share memory."""
    assert np.shares_memory(np.asarray(artwork), np.asarray(artwork))


def test_the_array_cannot_be_written(artwork: vitrine.Image) -> None:
    """An image does not change behind the back of its other users."""
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(artwork)[0, 0] = 0


def test_the_array_outlives_the_image(pixels: Pixels) -> None:
    """The pixels live as long as somebody looks at them."""
    array = np.asarray(vitrine.Image(pixels))
    gc.collect()
    np.testing.assert_array_equal(array, pixels)


def test_a_grey_image_is_a_flat_array() -> None:
    """No axis of one channel."""
    assert np.asarray(vitrine.Image(gradient(channels=1))).shape == (32, 48)


def test_asarray_converts_when_asked(artwork: vitrine.Image) -> None:
    """A dtype is honoured."""
    assert np.asarray(artwork, dtype=np.float32).dtype == np.float32


def test_a_copy_may_be_written(artwork: vitrine.Image) -> None:
    """np.array() is the caller's own."""
    np.array(artwork)[0, 0] = 0


def test_light_is_an_array_of_floats() -> None:
    """What is not 8 bit stays exact."""
    scene = vitrine.make_procedural_scene(1, size=(96, 64))
    assert np.asarray(scene.light).dtype == np.float32


def test_memoryview_sees_the_shape(artwork: vitrine.Image) -> None:
    """The buffer protocol works for others than numpy."""
    assert memoryview(artwork).shape == (32, 48, 3)  # type: ignore[arg-type]


def test_images_with_equal_pixels_are_equal(pixels: Pixels) -> None:
    """It is a value."""
    assert vitrine.Image(pixels) == vitrine.Image(pixels.copy())


def test_images_that_differ_in_one_pixel_are_not_equal(pixels: Pixels) -> None:
    """Every pixel counts."""
    other = pixels.copy()
    other[-1, -1, -1] ^= 1
    assert vitrine.Image(pixels) != vitrine.Image(other)


def test_an_image_is_not_hashable(artwork: vitrine.Image) -> None:
    """Hashing megapixels by accident would be slow."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(artwork)


def test_repr_tells_size_and_format(artwork: vitrine.Image) -> None:
    """Enough to see what it is."""
    assert repr(artwork) == "<vitrine.Image 48 x 32 rgb8>"


def test_an_image_survives_pickling(artwork: vitrine.Image) -> None:
    """For worker pools."""
    assert pickle.loads(pickle.dumps(artwork)) == artwork


def test_a_damaged_pickle_is_refused(artwork: vitrine.Image) -> None:
    """No pixel is invented."""
    with pytest.raises(ValueError, match="damaged"):
        artwork.__class__.__new__(vitrine.Image).__setstate__(  # type: ignore[attr-defined]
            ((100, 100), vitrine.PixelFormat.rgb8, b"short")
        )


def test_save_and_read_a_png(artwork: vitrine.Image, tmp_path: Path) -> None:
    """PNG keeps every bit."""
    artwork.save(tmp_path / "a.png")
    assert vitrine.read_image(tmp_path / "a.png") == artwork


def test_save_tells_the_format_it_chose(artwork: vitrine.Image, tmp_path: Path) -> None:
    """The suffix decides."""
    assert artwork.save(tmp_path / "a.webp") is vitrine.FileFormat.webp


def test_save_takes_a_format_as_a_word(artwork: vitrine.Image, tmp_path: Path) -> None:
    """The format may differ from the suffix if one insists."""
    artwork.save(tmp_path / "a.dat", format="png")
    assert vitrine.sniff_format((tmp_path / "a.dat").read_bytes()) is vitrine.FileFormat.png


def test_save_into_a_missing_folder_names_the_path(artwork: vitrine.Image, tmp_path: Path) -> None:
    """The sentence says what to do."""
    with pytest.raises(vitrine.NotFoundError, match="nowhere"):
        artwork.save(tmp_path / "nowhere" / "a.png")


def test_a_quality_out_of_range_is_refused(artwork: vitrine.Image) -> None:
    """Misuse, not trouble."""
    with pytest.raises(ValueError, match="101"):
        artwork.encode(format="jpeg", quality=101)


def test_an_opaque_image_is_encoded_as_jpeg(artwork: vitrine.Image) -> None:
    """The rule without a format: JPEG unless there is transparency."""
    assert vitrine.sniff_format(artwork.encode()) is vitrine.FileFormat.jpeg


def test_a_transparent_image_is_encoded_as_png(scene: vitrine.Image) -> None:
    """Transparency is kept."""
    assert vitrine.sniff_format(scene.encode()) is vitrine.FileFormat.png


def test_a_notebook_gets_a_png(artwork: vitrine.Image) -> None:
    """Jupyter shows it as it is."""
    assert vitrine.decode_image(artwork._repr_png_()) == artwork


def test_a_notebook_gets_a_large_picture_reduced() -> None:
    """At most 1024 pixels a side."""
    large = vitrine.Image(np.zeros((600, 3000), dtype=np.uint8))
    assert vitrine.decode_image(large._repr_png_()).width == 1024


def test_to_pil_gives_the_same_pixels(artwork: vitrine.Image) -> None:
    """Pillow sees what numpy sees."""
    np.testing.assert_array_equal(np.asarray(artwork.to_pil()), np.asarray(artwork))


def test_to_pil_without_pillow_names_the_cure(artwork: vitrine.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is no riddle."""
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ImportError, match="pip install pillow"):
        artwork.to_pil()


def test_resize_to_a_size(artwork: vitrine.Image) -> None:
    """Width first."""
    assert vitrine.resize(artwork, (12, 20)).size == (12, 20)


def test_resize_to_nothing_is_refused(artwork: vitrine.Image) -> None:
    """Both sides are positive."""
    with pytest.raises(ValueError, match="positive"):
        vitrine.resize(artwork, (0, 5))


def test_fit_within_keeps_the_ratio() -> None:
    """The longer side decides."""
    assert vitrine.fit_within((400, 200), (100, 100)) == (100, 50)


def test_fit_within_never_enlarges() -> None:
    """Small pictures stay as they are."""
    assert vitrine.fit_within((40, 20), (100, 100)) == (40, 20)


def test_convert_adds_an_opaque_alpha(artwork: vitrine.Image) -> None:
    """rgb to rgba."""
    assert not vitrine.has_transparency(vitrine.convert(artwork, "rgba8"))


def test_flatten_lays_a_hole_on_the_ground(scene: vitrine.Image) -> None:
    """The hole shows the grey that was asked for."""
    assert (np.asarray(vitrine.flatten(scene, 200))[60, 80] == 200).all()


def test_has_transparency_sees_a_hole(scene: vitrine.Image) -> None:
    """One pixel would do."""
    assert vitrine.has_transparency(scene)


def test_crop_takes_the_rectangle(pixels: Pixels) -> None:
    """x, y, width, height."""
    np.testing.assert_array_equal(np.asarray(vitrine.crop(pixels, (3, 4, 10, 5))), pixels[4:9, 3:13])


def test_a_crop_that_reaches_outside_is_refused(artwork: vitrine.Image) -> None:
    """No pixel is invented."""
    with pytest.raises(ValueError, match="outside"):
        vitrine.crop(artwork, (40, 0, 20, 20))
