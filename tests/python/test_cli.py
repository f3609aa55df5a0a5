"""What holds for all commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import vitrine
from tests.python.command import vitrine_command
from vitrine.cli.arguments import gathered
from vitrine.cli.outcome import ExitCode, exit_code_of


def test_without_a_command_it_helps(tmp_path: Path) -> None:
    """With the list of commands."""
    done = vitrine_command(cwd=tmp_path)
    assert (done.code, "mockup" in done.out + done.err) == (2, True)


def test_the_version_is_the_library_s(tmp_path: Path) -> None:
    """One source for it."""
    assert vitrine_command("--version", cwd=tmp_path).out == f"vitrine {vitrine.__version__}\n"


@pytest.mark.parametrize(
    "command", ["mockup", "detect", "template", "generate", "jobs", "costs", "worker", "doctor", "demo"]
)
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    """--help."""
    assert vitrine_command(command, "--help", cwd=tmp_path).code == 0


def test_an_unknown_command_is_wrong_usage(tmp_path: Path) -> None:
    """Exit code 2."""
    assert vitrine_command("paint", cwd=tmp_path).code == 2


@pytest.mark.parametrize("code", vitrine.ErrorCode)
def test_every_error_has_an_exit_code(code: vitrine.ErrorCode) -> None:
    """None is forgotten."""
    assert exit_code_of(code) in ExitCode


def defect(tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A command that runs into a defect of ours."""
    program = (
        "import vitrine, vitrine.cli.main as main\n"
        "def broken(*a): raise ZeroDivisionError('ours')\n"
        "vitrine.read_image = broken\n"
        "main.run()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "detect", "room.png"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, **env},
        timeout=60,
        check=False,
    )


def test_our_defect_is_exit_code_70_without_a_traceback(tmp_path: Path) -> None:
    """A short report that can be sent."""
    run = defect(tmp_path)
    assert (run.returncode, run.stdout, "Traceback" in run.stderr) == (70, "", False)
    assert "ZeroDivisionError: ours" in run.stderr


def test_a_traceback_is_shown_when_asked_for(tmp_path: Path) -> None:
    """VITRINE_DEBUG=1."""
    assert "Traceback" in defect(tmp_path, VITRINE_DEBUG="1").stderr


def test_scenes_behind_one_option_are_gathered() -> None:
    """Until the next option."""
    assert gathered(["a", "--scene", "b", "c", "--out", "d"]) == ["a", "--scene", "b", "--scene", "c", "--out", "d"]


def test_corners_become_one_word() -> None:
    """Four at most; what follows is an argument."""
    words = ["--quad", "1,2", "3,4", "5,6", "7,8", "9,9"]
    assert gathered(words) == ["--quad=1,2 3,4 5,6 7,8", "9,9"]


def test_corners_in_one_word_stay_as_they_are() -> None:
    """Quoted by the user."""
    assert gathered(["--quad", "1,2 3,4 5,6 7,8"]) == ["--quad", "1,2 3,4 5,6 7,8"]


def test_words_behind_two_dashes_are_left_alone() -> None:
    """They are file names, whatever they look like."""
    assert gathered(["--", "--scene", "b", "c"]) == ["--", "--scene", "b", "c"]
