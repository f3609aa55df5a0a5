"""vitrine generate."""

from __future__ import annotations

from pathlib import Path

import pytest

import vitrine
from tests.python.command import vitrine_command


def test_an_artwork_is_made(tmp_path: Path) -> None:
    """Of the size that was asked for."""
    vitrine_command("generate", "line art of a fern", "--out", "a.png", "--size", "120x160", cwd=tmp_path)
    assert vitrine.read_image(tmp_path / "a.png").size == (120, 160)


def test_a_scene_is_made(tmp_path: Path) -> None:
    """Into the format of the suffix."""
    vitrine_command("generate", "a room", "--kind", "scene", "--out", "s.jpg", "--size", "160x120", cwd=tmp_path)
    assert vitrine.probe_image((tmp_path / "s.jpg").read_bytes()).format is vitrine.FileFormat.jpeg


def test_the_cost_is_told(tmp_path: Path) -> None:
    """In micro-USD for machines."""
    done = vitrine_command("generate", "text", "--out", "a.png", "--size", "64x64", "--json", cwd=tmp_path)
    assert (done.document["cost_micro_usd"], done.document["output"]) == (0, "a.png")


def test_the_same_seed_makes_the_same_picture(tmp_path: Path) -> None:
    """Byte for byte."""
    common = ["--size", "64x64", "--seed", 5]
    vitrine_command("generate", "pattern", "--out", "a.png", *common, cwd=tmp_path)
    vitrine_command("generate", "pattern", "--out", "b.png", *common, cwd=tmp_path)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    "arguments", [["--size", "big"], ["--size", "0x10"], ["--kind", "song"], ["--generator", "nobody"]]
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    """Nothing is written."""
    done = vitrine_command("generate", "x", "--out", "a.png", *arguments, cwd=tmp_path)
    assert (done.code, (tmp_path / "a.png").exists()) == (2, False)
