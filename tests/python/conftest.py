"""Pictures that many tests use."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from numpy.typing import NDArray

import vitrine

# Next to the other things that builds and tests leave behind.
set_hypothesis_home_dir(Path(__file__).parents[2] / "build" / "hypothesis")

# What a shell starts in the background ignores Ctrl-C, and so would the programs whose Ctrl-C is tested.
signal.signal(signal.SIGINT, signal.default_int_handler)

Pixels = NDArray[np.uint8]

HOLE = vitrine.Quad([(40, 30), (120, 30), (120, 90), (40, 90)])


def gradient(width: int = 48, height: int = 32, channels: int = 3) -> Pixels:
    """Pixels that all differ from their neighbours, so that a shift or a swap shows."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    return np.asarray((7 * x + 13 * y + 50 * c) % 251, dtype=np.uint8)


@pytest.fixture
def pixels() -> Pixels:
    """An RGB picture, 48 x 32."""
    return gradient()


@pytest.fixture
def artwork(pixels: Pixels) -> vitrine.Image:
    """A small artwork."""
    return vitrine.Image(pixels)


@pytest.fixture
def scene() -> vitrine.Image:
    """A wall with a transparent hole at HOLE: 160 x 120."""
    wall = np.full((120, 160, 4), (120, 140, 90, 255), dtype=np.uint8)
    wall[30:90, 40:120, 3] = 0
    return vitrine.Image(wall)


@pytest.fixture
def wall() -> vitrine.Image:
    """A plain wall with no place for an artwork."""
    return vitrine.Image(np.full((120, 160, 3), (120, 140, 90), dtype=np.uint8))


@pytest.fixture
def artwork_file(artwork: vitrine.Image, tmp_path: Path) -> Path:
    """The artwork as a PNG."""
    path = tmp_path / "art.png"
    artwork.save(path)
    return path


@pytest.fixture
def scene_file(scene: vitrine.Image, tmp_path: Path) -> Path:
    """The scene as a PNG."""
    path = tmp_path / "room.png"
    scene.save(path)
    return path


@pytest.fixture
def wall_file(wall: vitrine.Image, tmp_path: Path) -> Path:
    """The plain wall as a PNG."""
    path = tmp_path / "wall.png"
    wall.save(path)
    return path
