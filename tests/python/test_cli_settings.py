"""Flags, then variables, then vitrine.toml, then defaults."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

import vitrine
from tests.python.command import vitrine_command
from vitrine.cli.settings import shown


def fit_used(artwork: Path, wall: Path, folder: Path, *flags: str, **env: str) -> str:
    """Which fit a mockup was made with."""
    quad = ["20,20", "140,20", "140,60", "20,60"]
    common = ["--scene", wall, "--quad", *quad, "--out", "m.png"]
    vitrine_command("mockup", artwork, *common, *flags, cwd=folder, env=env)
    made = vitrine.read_image(folder / "m.png")
    corners = [tuple(map(float, corner.split(","))) for corner in quad]
    fits = [fit for fit in vitrine.Fit if vitrine.mockup(artwork, wall, quad=corners, fit=fit) == made]
    return fits[0].name


@pytest.fixture
def tall_artwork(tmp_path: Path) -> Path:
    """One that every fit shows differently."""
    path = tmp_path / "tall.png"
    vitrine.make_procedural_artwork(1, "abstract", size=(64, 128)).save(path)
    return path


def test_the_default_is_used(tall_artwork: Path, wall_file: Path, tmp_path: Path) -> None:
    """Where nothing else is said."""
    assert fit_used(tall_artwork, wall_file, tmp_path) == "cover"


def test_the_file_wins_over_the_default(tall_artwork: Path, wall_file: Path, tmp_path: Path) -> None:
    """vitrine.toml in the current folder."""
    (tmp_path / "vitrine.toml").write_text('fit = "contain"\n', encoding="utf-8")
    assert fit_used(tall_artwork, wall_file, tmp_path) == "contain"


def test_a_variable_wins_over_the_file(tall_artwork: Path, wall_file: Path, tmp_path: Path) -> None:
    """VITRINE_FIT."""
    (tmp_path / "vitrine.toml").write_text('fit = "contain"\n', encoding="utf-8")
    assert fit_used(tall_artwork, wall_file, tmp_path, VITRINE_FIT="stretch") == "stretch"


def test_a_flag_wins_over_all(tall_artwork: Path, wall_file: Path, tmp_path: Path) -> None:
    """--fit."""
    assert fit_used(tall_artwork, wall_file, tmp_path, "--fit", "cover", VITRINE_FIT="stretch") == "cover"


@pytest.mark.parametrize(
    ("text", "word"), [('fti = "cover"', "fti"), ('fit = "zoom"', "vitrine.toml"), ("fit = ", "vitrine.toml")]
)
def test_a_wrong_file_is_told(text: str, word: str, scene_file: Path, tmp_path: Path) -> None:
    """Wrong usage, with the key or the file."""
    (tmp_path / "vitrine.toml").write_text(text + "\n", encoding="utf-8")
    done = vitrine_command("detect", scene_file, cwd=tmp_path)
    assert (done.code, word in done.err) == (2, True)


def test_a_wrong_variable_is_told(scene_file: Path, tmp_path: Path) -> None:
    """By its name."""
    done = vitrine_command("detect", scene_file, cwd=tmp_path, env={"VITRINE_MAX_PIXELS": "many"})
    assert (done.code, "VITRINE_MAX_PIXELS" in done.err) == (2, True)


def test_a_limit_can_be_set(scene_file: Path, tmp_path: Path) -> None:
    """More pixels than allowed are bad input."""
    done = vitrine_command("detect", scene_file, cwd=tmp_path, env={"VITRINE_MAX_PIXELS": "100"})
    assert (done.code, "room.png" in done.err) == (3, True)


def test_a_secret_is_never_shown() -> None:
    """Only that there is one."""
    assert shown(SecretStr("k3y")) == "<hidden>"
