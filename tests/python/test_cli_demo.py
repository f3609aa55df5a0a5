"""vitrine demo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import vitrine
from tests.python.command import Outcome, vitrine_command
from vitrine.cli.contact_sheet import contact_sheet
from vitrine.cli.lettering import lettering


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Path]:
    """The demo with a scene, an artwork and a broken file of the user's."""
    folder = tmp_path_factory.mktemp("demo")
    vitrine.make_procedural_scene(12, "hole", size=(400, 300)).image.save(folder / "my_room.png")
    noise = np.random.default_rng(3).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    vitrine.Image(noise).save(folder / "my_art.png")
    (folder / "broken.jpg").write_bytes(b"broken")
    done = vitrine_command("demo", "my_room.png", "my_art.png", "broken.jpg", "--out", "out", "--json", cwd=folder)
    return done, folder / "out"


def test_there_are_at_least_twelve_mockups(shown: tuple[Outcome, Path]) -> None:
    """All of them can be read."""
    done, _ = shown
    sizes = [vitrine.read_image(done_path).width for done_path in mockup_files(shown)]
    assert (len(sizes) >= 12, min(sizes) > 0, done.err.count("Traceback")) == (True, True, 0)


def mockup_files(shown: tuple[Outcome, Path]) -> list[Path]:
    """The files that the JSON names."""
    done, out = shown
    return [out.parent / mockup["output"] for mockup in done.document["mockups"]]


def test_there_is_a_contact_sheet(shown: tuple[Outcome, Path]) -> None:
    """All of them at a glance."""
    assert vitrine.read_image(shown[1] / "contact_sheet.jpg").width > 1000


def test_a_picture_with_a_place_is_used_as_a_scene(shown: tuple[Outcome, Path]) -> None:
    """And that is said."""
    done, _ = shown
    assert "'my_room.png' is used as a scene" in done.err
    assert {mockup["scene"] for mockup in done.document["mockups"]} >= {"my_room"}


def test_a_picture_without_a_place_is_used_as_an_artwork(shown: tuple[Outcome, Path]) -> None:
    """And that is said."""
    done, _ = shown
    assert "'my_art.png' is used as an artwork" in done.err
    assert {mockup["artwork"] for mockup in done.document["mockups"]} >= {"my_art"}


def test_a_broken_picture_is_told_and_the_rest_is_made(shown: tuple[Outcome, Path]) -> None:
    """Exit code 3."""
    done, _ = shown
    assert (done.code, [failed["file"] for failed in done.document["failed"]]) == (3, ["broken.jpg"])


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Wrong usage."""
    (tmp_path / "out").write_bytes(b"")
    assert vitrine_command("demo", "--out", "out", cwd=tmp_path).code == 2


def test_a_contact_sheet_has_a_cell_for_each(artwork: vitrine.Image) -> None:
    """Five in rows of four are two rows."""
    one_row = contact_sheet([(artwork, "a")] * 4)
    assert contact_sheet([(artwork, "a")] * 5).height > 1.9 * one_row.height


def test_letters_are_drawn() -> None:
    """I is a bar with serifs."""
    assert lettering("I", scale=1).sum() == 11


def test_an_unknown_letter_is_a_question_mark() -> None:
    """Names of files may hold anything."""
    np.testing.assert_array_equal(lettering("ж"), lettering("?"))
