"""vitrine mockup."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import vitrine
from tests.python.command import vitrine_command

QUAD = ["50,40", "110,40", "110,80", "50,80"]
CORNERS = [(50, 40), (110, 40), (110, 80), (50, 80)]


def test_one_mockup_into_one_file(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """What the README shows first."""
    done = vitrine_command("mockup", artwork_file, "--scene", scene_file, "--out", "m.png", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (0, "m.png\n", "")


def test_the_file_is_the_mockup_of_the_library(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """The command adds nothing of its own."""
    vitrine_command("mockup", artwork_file, "--scene", scene_file, "--out", "m.png", cwd=tmp_path)
    assert vitrine.read_image(tmp_path / "m.png") == vitrine.mockup(artwork_file, scene_file)


def test_many_mockups_into_a_folder(artwork_file: Path, scene_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """Several scenes behind one --scene, as a shell's * gives them."""
    done = vitrine_command(
        "mockup", artwork_file, "--scene", scene_file, wall_file, "--quad", *QUAD, "--out", "made", cwd=tmp_path
    )
    assert done.code == 0
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["art__room.png", "art__wall.jpg"]


def test_scenes_may_be_given_one_by_one(artwork_file: Path, scene_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """--scene twice."""
    done = vitrine_command(
        "mockup", artwork_file, "--scene", scene_file, "--scene", wall_file, "--quad", *QUAD, "--out", "o", cwd=tmp_path
    )
    assert len(done.out.splitlines()) == 2


@pytest.mark.parametrize("quad", [QUAD, [" ".join(QUAD)]], ids=["four words", "one word"])
def test_corners_are_given_in_either_way(quad: list[str], artwork_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """Quoted or not."""
    vitrine_command("mockup", artwork_file, "--scene", wall_file, "--quad", *quad, "--out", "m.png", cwd=tmp_path)
    assert vitrine.read_image(tmp_path / "m.png") == vitrine.mockup(artwork_file, wall_file, quad=CORNERS)


def test_corners_may_lie_outside_the_scene(artwork_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """Negative numbers are no options."""
    quad = ["-10,-10", "90,-10", "90,90", "-10,90"]
    done = vitrine_command(
        "mockup", artwork_file, "--scene", wall_file, "--quad", *quad, "--out", "m.png", cwd=tmp_path
    )
    assert done.code == 0


def test_fit_and_look_are_used(artwork_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """As in the library."""
    vitrine_command(
        "mockup", artwork_file, "--scene", wall_file, "--quad", *QUAD, "--fit", "contain", "--look", "flat",
        "--out", "m.png", cwd=tmp_path,
    )  # fmt: skip
    expected = vitrine.mockup(artwork_file, wall_file, quad=CORNERS, fit="contain", look="flat")
    assert vitrine.read_image(tmp_path / "m.png") == expected


def test_format_and_quality_are_used(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """In a folder the format chooses the suffix."""
    vitrine_command(
        "mockup", artwork_file, "--scene", scene_file, "--format", "webp", "--quality", 40, "--out", "o/", cwd=tmp_path
    )
    encoded = (tmp_path / "o" / "art__room.webp").read_bytes()
    assert encoded == vitrine.mockup(artwork_file, scene_file).encode(format="webp", quality=40)


def test_a_template_is_a_scene(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """What `vitrine template` wrote is used."""
    vitrine.prepare(scene_file).save(tmp_path / "room.vitrine")
    done = vitrine_command("mockup", artwork_file, "--scene", "room.vitrine", "--out", "m.png", cwd=tmp_path)
    assert done.code == 0
    assert vitrine.read_image(tmp_path / "m.png") == vitrine.mockup(artwork_file, scene_file)


def test_json_is_one_document(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """With the place where the artwork went."""
    done = vitrine_command("mockup", artwork_file, "--scene", scene_file, "--out", "m.png", "--json", cwd=tmp_path)
    item = done.document["mockups"][0]
    assert (item["artwork"], item["scene"], item["output"], item["error"]) == (
        str(artwork_file),
        str(scene_file),
        "m.png",
        None,
    )
    np.testing.assert_allclose(item["region"]["quad"], [(40, 30), (120, 30), (120, 90), (40, 90)], atol=0.5)


def test_a_bad_one_does_not_stop_the_others(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """The good mockup is there, the bad file is named, the exit code is the bad one's."""
    done = vitrine_command(
        "mockup", artwork_file, "--scene", "missing.png", scene_file, "--out", "o", "--json", cwd=tmp_path
    )
    assert done.code == 3
    assert [item["error"] and item["error"]["code"] for item in done.document["mockups"]] == ["not_found", None]
    assert "missing.png" in done.err
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["art__room.jpg"]


def test_nothing_suitable_is_exit_code_4(artwork_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """With the reason on standard error, and no file."""
    done = vitrine_command(
        "mockup", artwork_file, "--scene", wall_file, "--min-confidence", 1, "--out", "m.png", cwd=tmp_path
    )
    assert (done.code, done.out, (tmp_path / "m.png").exists()) == (4, "", False)
    assert "wall.png" in done.err


def test_the_input_is_not_overwritten(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """A slip of the hand costs nothing."""
    before = scene_file.read_bytes()
    done = vitrine_command("mockup", artwork_file, "--scene", scene_file, "--out", scene_file, cwd=tmp_path)
    assert (done.code, scene_file.read_bytes() == before) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--fit", "zoom"],
        ["--look", "shiny"],
        ["--detector", "crystal_ball"],
        ["--format", "gif"],
        ["--quality", "0"],
        ["--quality", "high"],
        ["--threads", "-1"],
        ["--min-confidence", "2"],
        ["--quad", "1,2 3,4 5,6"],
        ["--quad", "a,b c,d e,f g,h"],
        ["--unknown"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """Nothing is made, and the wrong word is named."""
    done = vitrine_command("mockup", artwork_file, "--scene", scene_file, "--out", "m.png", *arguments, cwd=tmp_path)
    assert (done.code, done.out, (tmp_path / "m.png").exists()) == (2, "", False)
    assert arguments[0].lstrip("-").replace("-", "") in done.err.replace("-", "").replace("_", "")


def test_two_mockups_do_not_fit_into_one_file(
    artwork_file: Path, scene_file: Path, wall_file: Path, tmp_path: Path
) -> None:
    """Wrong usage, said before anything is made."""
    done = vitrine_command("mockup", artwork_file, "--scene", scene_file, wall_file, "--out", "m.png", cwd=tmp_path)
    assert (done.code, "folder" in done.err) == (2, True)


def test_ctrl_c_is_exit_code_130_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """Sent as soon as the first mockup is there; what is there then can be read."""
    vitrine.make_procedural_artwork(1, "photo", size=(1500, 2000)).save(tmp_path / "art.png")
    scenes = []
    for number in range(12):
        scenes.append(f"room{number}.png")
        vitrine.Image(np.full((1500, 2000, 3), 90 + number, dtype=np.uint8)).save(tmp_path / scenes[-1])
    command = [
        sys.executable, "-c",
        # The signal comes from the batch itself: no clock decides where it strikes.
        "import os, signal, sys, vitrine, vitrine.cli.mockup as m\n"
        "real = vitrine.run_batch\n"
        "def batch(*a, on_done, **k):\n"
        "    def done(item):\n"
        "        on_done(item)\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(*a, on_done=done, **k)\n"
        "m.vitrine.run_batch = batch\n"
        "from vitrine.cli.main import run\n"
        "run()",
        "mockup", "art.png", "--scene", *scenes, "--quad", "100,100 1900,120 1850,1400 120,1380", "--out", "o",
    ]  # fmt: skip
    code = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=180, check=False).returncode
    made = sorted((tmp_path / "o").iterdir())
    assert code == 130
    assert 1 <= len(made) < 12
    assert {vitrine.read_image(path).size for path in made} == {(2000, 1500)}


def test_terminate_leaves_nothing_half_written(tmp_path: Path) -> None:
    """SIGTERM, as from a process manager, is exit code 143."""
    program = (
        "import os, signal, vitrine.cli.main as main, vitrine\n"
        "vitrine.read_image = lambda *a: os.kill(os.getpid(), signal.SIGTERM)\n"
        "main.run()"
    )
    command = [sys.executable, "-c", program, "detect", "room.png"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False).returncode == 143


def test_a_report_says_how_true_it_came_out(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """It lies beside the mockup."""
    done = vitrine_command("mockup", artwork_file, "--scene", scene_file, "--out", "m.png", "--report", cwd=tmp_path)
    assert done.code == 0
    (measured,) = json.loads((tmp_path / "m.png.report.json").read_text())["placements"]
    assert measured["delta_e_median"] < 3


def test_an_artwork_that_is_stretched_is_told(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """The seller should know before the customer does."""
    done = vitrine_command(
        "mockup", artwork_file, "--scene", scene_file, "--quad", "20,20", "220,20", "220,60", "20,60",
        "--fit", "stretch", "--out", "m.png", "--report", cwd=tmp_path,
    )  # fmt: skip
    assert done.code == 0 and "wider or narrower" in done.err


def test_a_blend_is_used(artwork_file: Path, wall_file: Path, tmp_path: Path) -> None:
    """Multiplied it is another picture; a word that is none is refused."""
    for blend in ("normal", "multiply"):
        place = ("--scene", wall_file, "--quad", *QUAD)
        vitrine_command("mockup", artwork_file, *place, "--out", f"{blend}.png", "--blend", blend, cwd=tmp_path)
    assert (tmp_path / "normal.png").read_bytes() != (tmp_path / "multiply.png").read_bytes()
    wrong = vitrine_command("mockup", artwork_file, *place, "--out", "x.png", "--blend", "burn", cwd=tmp_path)
    assert wrong.code == 2
