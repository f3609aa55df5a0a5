"""Hostile files: one sentence that names the file, the documented exit code, no partial output."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import vitrine
from tests.python.command import Outcome, vitrine_command
from tests.python.conftest import gradient

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
PRIVILEGES = "-dac_override,-dac_read_search"
WITHOUT_PRIVILEGE = ["setpriv", f"--bounding-set={PRIVILEGES}", f"--inh-caps={PRIVILEGES}"] if os.geteuid() == 0 else []
"""Takes from root what lets it read and write everything."""


def can_mount() -> bool:
    """True if this machine lets us mount a disk of our own."""
    try:
        return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def encoded(mode: str = "RGB", format: str = "PNG", **options: object) -> bytes:
    """A picture of 48 x 32 that Pillow wrote."""
    file = io.BytesIO()
    Pillow.fromarray(gradient()).convert(mode).save(file, format, **options)
    return file.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def enormous_png() -> bytes:
    """60,000 x 60,000 pixels that compress to a few hundred kilobytes, claimed honestly."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    row = bytes(7501)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row * 100) for _ in range(600)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


def corrupt_png() -> bytes:
    """A PNG with one byte of its pixels changed."""
    data = bytearray(encoded())
    data[len(data) // 2] ^= 0x40
    return bytes(data)


BAD: dict[str, Callable[[], bytes]] = {
    "empty.png": lambda: b"",
    "text.png": lambda: b"This is no picture at all, whatever its name says.",
    "truncated.png": lambda: encoded()[:-200],
    "truncated.jpg": lambda: encoded(format="JPEG")[:-300],
    "truncated.webp": lambda: encoded(format="WEBP")[:-100],
    "corrupt.png": corrupt_png,
    "only_header.jpg": lambda: b"\xff\xd8\xff\xe0",
    "enormous.png": enormous_png,
    "gif.png": lambda: encoded("P", "GIF"),
    "tiff.jpg": lambda: encoded(format="TIFF"),
}

GOOD: dict[str, Callable[[], bytes]] = {
    "png_named.jpg": encoded,
    "jpeg_named.png": lambda: encoded(format="JPEG"),
    "no_suffix": encoded,
    "cmyk.jpg": lambda: encoded("CMYK", "JPEG"),
    "palette.png": lambda: encoded("P"),
    "sixteen.png": lambda: sixteen_bit_png(),
    "animated.webp": lambda: animated_webp(),
    "one_pixel.png": lambda: one_of(1, 1),
    "line.png": lambda: one_of(1, 10_000),
    "transparent.png": lambda: encoded_alpha_zero(),
}


def sixteen_bit_png() -> bytes:
    """Grey, two bytes a pixel."""
    file = io.BytesIO()
    Pillow.fromarray(gradient(channels=1)[..., 0].astype(np.uint16) * 257).save(file, "PNG")
    return file.getvalue()


def animated_webp() -> bytes:
    """Two frames."""
    file = io.BytesIO()
    frames = [Pillow.new("RGB", (48, 32), colour) for colour in ("red", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def one_of(width: int, height: int) -> bytes:
    """Black, of any size."""
    return vitrine.Image(np.zeros((height, width, 3), dtype=np.uint8)).encode(format="png")


def encoded_alpha_zero() -> bytes:
    """Nothing to see."""
    return vitrine.Image(np.zeros((20, 20, 4), dtype=np.uint8)).encode(format="png")


def check_refused(done: Outcome, code: int, name: str, folder: Path) -> None:
    """One sentence on standard error that names the file; nothing on standard output and nothing written."""
    assert done.code == code, done.err
    assert name in done.err
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert done.out == ""
    assert not (folder / "m.jpg").exists()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_artwork_is_refused(name: str, scene_file: Path, tmp_path: Path) -> None:
    """Exit code 3."""
    (tmp_path / name).write_bytes(BAD[name]())
    done = vitrine_command("mockup", name, "--scene", scene_file, "--out", "m.jpg", cwd=tmp_path)
    check_refused(done, 3, name, tmp_path)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_scene_is_refused(name: str, artwork_file: Path, tmp_path: Path) -> None:
    """Exit code 3."""
    (tmp_path / name).write_bytes(BAD[name]())
    done = vitrine_command("mockup", artwork_file, "--scene", name, "--out", "m.jpg", cwd=tmp_path)
    check_refused(done, 3, name, tmp_path)


@pytest.mark.parametrize("name", GOOD)
def test_an_unusual_artwork_is_placed(name: str, scene_file: Path, tmp_path: Path) -> None:
    """Odd is not bad: wrong suffix, CMYK, 16 bit, animated, tiny."""
    (tmp_path / name).write_bytes(GOOD[name]())
    done = vitrine_command("mockup", name, "--scene", scene_file, "--out", "m.jpg", cwd=tmp_path)
    assert (done.code, vitrine.read_image(tmp_path / "m.jpg").size) == (0, (160, 120))


def test_a_missing_file_is_bad_input(scene_file: Path, tmp_path: Path) -> None:
    """Exit code 3."""
    done = vitrine_command("mockup", "none.png", "--scene", scene_file, "--out", "m.jpg", cwd=tmp_path)
    check_refused(done, 3, "none.png", tmp_path)


def test_a_folder_as_a_scene_is_bad_input(artwork_file: Path, tmp_path: Path) -> None:
    """Exit code 3."""
    (tmp_path / "folder").mkdir()
    done = vitrine_command("mockup", artwork_file, "--scene", "folder", "--out", "m.jpg", cwd=tmp_path)
    check_refused(done, 3, "folder", tmp_path)


def test_a_file_without_permission_is_refused(scene_file: Path, tmp_path: Path) -> None:
    """Exit code 6."""
    locked = tmp_path / "locked.png"
    locked.write_bytes(encoded())
    locked.chmod(0)
    done = vitrine_command(
        "mockup", "locked.png", "--scene", scene_file, "--out", "m.jpg", cwd=tmp_path, under=WITHOUT_PRIVILEGE
    )
    check_refused(done, 6, "locked.png", tmp_path)


def test_an_output_folder_without_permission_is_refused(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """Exit code 6."""
    (tmp_path / "locked").mkdir(mode=0o500)
    done = vitrine_command(
        "mockup", artwork_file, "--scene", scene_file, "--out", "locked/m.jpg", cwd=tmp_path, under=WITHOUT_PRIVILEGE
    )
    check_refused(done, 6, "locked/m.jpg", tmp_path)


@pytest.mark.skipif(not can_mount(), reason="needs user namespaces, to mount a small disk")
def test_a_full_disk_is_refused(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """Exit code 6, and the disk is as empty as before."""
    (tmp_path / "disk").mkdir()
    # The disk is gone with the process: what is on it then is printed by the shell that mounted it.
    script = 'mount -t tmpfs -o size=4k tmpfs disk && "$@"; code=$?; ls disk; exit $code'
    done = vitrine_command(
        "mockup", artwork_file, "--scene", scene_file, "--out", "disk/m.png", cwd=tmp_path,
        under=[*NAMESPACE, "sh", "-c", script, "sh"],
    )  # fmt: skip
    check_refused(done, 6, "disk/m.png", tmp_path)


def test_a_damaged_template_is_bad_input(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """Exit code 3."""
    data = bytearray(vitrine.prepare(scene_file).encode())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "room.vitrine").write_bytes(data)
    done = vitrine_command("mockup", artwork_file, "--scene", "room.vitrine", "--out", "m.jpg", cwd=tmp_path)
    check_refused(done, 3, "room.vitrine", tmp_path)


@pytest.mark.parametrize(
    "quad",
    [
        "nan,0 9,0 9,9 0,9",
        "0,0 90,90 90,0 0,90",
        "900,900 990,900 990,990 900,990",
        "0,0 50,0 90,0 0,90",
        "1,1 1,1 1,1 1,1",
    ],
    ids=["not a number", "crossing", "outside", "on a line", "one point"],
)
def test_an_unusable_quad_is_bad_input(quad: str, artwork_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """Exit code 3, with the scene that it does not fit."""
    done = vitrine_command("mockup", artwork_file, "--scene", wall_file, "--quad", quad, "--out", "m.jpg", cwd=tmp_path)
    check_refused(done, 3, "wall.png", tmp_path)


def test_an_output_folder_that_is_missing_is_bad_input(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """For a file; a folder would be made."""
    done = vitrine_command("mockup", artwork_file, "--scene", scene_file, "--out", "no/m.jpg", cwd=tmp_path)
    check_refused(done, 3, "no/m.jpg", tmp_path)


def test_an_output_suffix_that_we_do_not_write_is_refused(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """No JPEG is written into a .gif."""
    done = vitrine_command("mockup", artwork_file, "--scene", scene_file, "--out", "m.gif", cwd=tmp_path)
    assert (done.code, "m.gif" in done.err, (tmp_path / "m.gif").exists()) == (3, True, False)
