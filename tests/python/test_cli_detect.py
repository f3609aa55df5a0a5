"""vitrine detect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import vitrine
from tests.python.command import vitrine_command
from tests.python.conftest import HOLE


def test_json_has_the_form_of_the_design(scene_file: Path, tmp_path: Path) -> None:
    """Scenes, with regions, best first."""
    entry = vitrine_command("detect", scene_file, "--json", cwd=tmp_path).document["scenes"][0]
    assert (entry["file"], entry["width"], entry["height"], entry["reason"]) == (str(scene_file), 160, 120, None)


def test_a_region_has_all_its_fields(scene_file: Path, tmp_path: Path) -> None:
    """Quad, confidence, label, what shows it, who found it."""
    region = vitrine_command("detect", scene_file, "--json", cwd=tmp_path).document["scenes"][0]["regions"][0]
    np.testing.assert_allclose(region["quad"], np.asarray(HOLE), atol=0.5)
    assert (region["shows"], region["detector"], 0.5 <= region["confidence"] <= 1) == ("hole", "surface", True)


def test_a_table_is_for_people(scene_file: Path, tmp_path: Path) -> None:
    """One line for a region, not wrapped."""
    done = vitrine_command("detect", scene_file, cwd=tmp_path)
    assert (done.code, "hole" in done.out, str(scene_file) in done.out) == (0, True, True)


def test_an_abstention_has_its_reason(wall_file: Path, tmp_path: Path) -> None:
    """Exit code 4."""
    done = vitrine_command("detect", wall_file, "--min-confidence", 1, "--json", cwd=tmp_path)
    entry = done.document["scenes"][0]
    assert (done.code, entry["regions"], bool(entry["reason"])) == (4, [], True)


def test_a_bad_file_does_not_stop_the_others(scene_file: Path, tmp_path: Path) -> None:
    """Its entry has an error; the next one its regions."""
    (tmp_path / "bad.png").write_bytes(b"not a picture")
    done = vitrine_command("detect", "bad.png", scene_file, "--json", cwd=tmp_path)
    bad, good = done.document["scenes"]
    assert (done.code, bad["error"]["code"], bad["regions"], len(good["regions"]) > 0) == (3, "invalid_image", [], True)


def test_annotate_draws_the_regions(scene_file: Path, tmp_path: Path) -> None:
    """Into a file of the scene's size."""
    vitrine_command("detect", scene_file, "--annotate", "regions.png", cwd=tmp_path)
    assert vitrine.read_image(tmp_path / "regions.png") == vitrine.detect(scene_file).annotated()


def test_annotate_of_several_scenes_fills_a_folder(scene_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """One picture a scene, an abstention's too."""
    vitrine_command("detect", scene_file, wall_file, "--annotate", "drawn", cwd=tmp_path)
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["room.png", "wall.png"]


def test_annotate_of_several_scenes_needs_a_folder(scene_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """Two pictures do not fit into one file."""
    done = vitrine_command("detect", scene_file, wall_file, "--annotate", "drawn.png", cwd=tmp_path)
    assert (done.code, "folder" in done.err) == (2, True)


def test_annotate_does_not_overwrite_the_scene(scene_file: Path, tmp_path: Path) -> None:
    """Nor by way of a folder."""
    before = scene_file.read_bytes()
    done = vitrine_command("detect", scene_file, "--annotate", tmp_path, cwd=tmp_path)
    assert (done.code, scene_file.read_bytes() == before) == (2, True)


@pytest.mark.parametrize("detector", ["surface", "mock"])
def test_a_detector_is_chosen_by_name(detector: str, scene_file: Path, tmp_path: Path) -> None:
    """The answer tells whose it is."""
    done = vitrine_command("detect", scene_file, "--detector", detector, "--json", cwd=tmp_path)
    assert done.document["scenes"][0]["regions"][0]["detector"] == detector
