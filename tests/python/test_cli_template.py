"""vitrine template."""

from __future__ import annotations

from pathlib import Path

import vitrine
from tests.python.command import vitrine_command


def test_a_template_is_written(scene_file: Path, artwork: vitrine.Image, tmp_path: Path) -> None:
    """It renders as the scene does."""
    done = vitrine_command("template", scene_file, "--out", "room.vitrine", cwd=tmp_path)
    assert (done.code, done.out) == (0, "room.vitrine\n")
    assert vitrine.load_template(tmp_path / "room.vitrine").render(artwork) == vitrine.mockup(artwork, scene_file)


def test_json_tells_its_regions(scene_file: Path, tmp_path: Path) -> None:
    """One document."""
    done = vitrine_command("template", scene_file, "--out", "room.vitrine", "--json", cwd=tmp_path)
    assert (done.document["width"], done.document["regions"][0]["shows"]) == (160, "hole")


def test_corners_may_be_given(wall_file: Path, tmp_path: Path) -> None:
    """Nothing is searched then."""
    vitrine_command("template", wall_file, "--quad", "9,9", "99,9", "99,99", "9,99", "--out", "w.vitrine", cwd=tmp_path)
    assert vitrine.load_template(tmp_path / "w.vitrine").regions[0].quad == vitrine.quad_of((9, 9, 90, 90))


def test_corners_outside_the_scene_are_bad_input(wall_file: Path, tmp_path: Path) -> None:
    """The sentence names the scene."""
    quad = "900,900 990,900 990,990 900,990"
    done = vitrine_command("template", wall_file, "--quad", quad, "--out", "w.vitrine", cwd=tmp_path)
    assert (done.code, "wall.png" in done.err, (tmp_path / "w.vitrine").exists()) == (3, True, False)


def test_nothing_suitable_is_exit_code_4(wall_file: Path, tmp_path: Path) -> None:
    """No template is written."""
    done = vitrine_command("template", wall_file, "--min-confidence", 1, "--out", "w.vitrine", cwd=tmp_path)
    assert (done.code, "wall.png" in done.err, (tmp_path / "w.vitrine").exists()) == (4, True, False)


def test_an_error_is_a_document_too(tmp_path: Path) -> None:
    """A reader of JSON always finds one."""
    done = vitrine_command("template", "missing.png", "--out", "w.vitrine", "--json", cwd=tmp_path)
    assert (done.code, done.document["error"]["code"]) == (3, "not_found")
