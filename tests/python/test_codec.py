"""bindings/codec.cpp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import vitrine


def test_read_image_reads_a_file(artwork_file: Path, artwork: vitrine.Image) -> None:
    """PNG in, the same pixels out."""
    assert vitrine.read_image(artwork_file) == artwork


def test_read_image_of_nothing_names_the_file(tmp_path: Path) -> None:
    """One sentence with the path."""
    with pytest.raises(vitrine.NotFoundError, match="missing.png"):
        vitrine.read_image(tmp_path / "missing.png")


def test_read_image_of_a_folder_says_so(tmp_path: Path) -> None:
    """A folder is no picture."""
    with pytest.raises(vitrine.InvalidImageError, match="folder"):
        vitrine.read_image(tmp_path)


def test_limits_hold_before_memory_is_taken(artwork_file: Path) -> None:
    """More pixels than allowed are refused."""
    with pytest.raises(vitrine.ImageTooLargeError):
        vitrine.read_image(artwork_file, vitrine.DecodeOptions(max_pixels=100))


def test_decode_image_takes_bytes(artwork: vitrine.Image) -> None:
    """Encoded and decoded again."""
    assert vitrine.decode_image(artwork.encode(format="png")) == artwork


def test_decode_image_may_reduce() -> None:
    """A preview is no larger than needed."""
    encoded = vitrine.Image(np.zeros((400, 400), dtype=np.uint8)).encode(format="jpeg")
    assert vitrine.decode_image(encoded, vitrine.DecodeOptions(at_least=(50, 50))).size == (50, 50)


def test_probe_image_tells_without_decoding(scene: vitrine.Image) -> None:
    """Size and transparency come from the header."""
    info = vitrine.probe_image(scene.encode(format="png"))
    assert (info.format, info.size, info.alpha) == (vitrine.FileFormat.png, (160, 120), True)


def test_sniff_format_goes_by_content() -> None:
    """The first bytes of a PNG."""
    assert vitrine.sniff_format(b"\x89PNG\r\n\x1a\n" + bytes(8)) is vitrine.FileFormat.png


def test_sniff_format_of_something_else_is_none() -> None:
    """Absence, not an error."""
    assert vitrine.sniff_format(b"GIF89a") is None


def test_suffix_of_a_format() -> None:
    """With its dot."""
    assert vitrine.suffix_of("jpeg") == ".jpg"


def test_media_type_of_a_format() -> None:
    """For HTTP."""
    assert vitrine.media_type_of(vitrine.FileFormat.webp) == "image/webp"


def test_encode_options_leave_the_quality_open() -> None:
    """None is 85, or that of a scene that came as a better JPEG."""
    assert vitrine.EncodeOptions().quality is None
