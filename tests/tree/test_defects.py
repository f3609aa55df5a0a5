"""Every test that docs/migrating.md names for a defect exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CPP_TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)
PYTHON_TEST = re.compile(r"^def (test_\w+)\(", re.MULTILINE)
NUMBERS = {13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28}


def named_tests(page: str) -> dict[int, list[str]]:
    """The tests that the table has for each defect."""
    table = page.partition("## Defects that are not inherited")[2]
    rows = re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\|$", table, re.MULTILINE)
    return {int(number): re.findall(r"`([^`]+)`", tests) for number, tests in rows}


def existing_tests(root: Path) -> set[str]:
    """Every test, by the names that the table uses."""
    found = set()
    for path in (root / "tests").rglob("*.cpp"):
        found |= {f"{suite}.{name}" for suite, name in CPP_TEST.findall(path.read_text(encoding="utf-8"))}
    for path in (root / "tests").rglob("test_*.py"):
        found |= {f"{path.name}::{name}" for name in PYTHON_TEST.findall(path.read_text(encoding="utf-8"))}
    return found


def test_every_defect_that_concerns_jobs_money_storage_and_net_has_tests() -> None:
    """Each number has a row with at least one test."""
    named = named_tests((ROOT / "docs/migrating.md").read_text(encoding="utf-8"))
    assert {number for number, tests in named.items() if tests} == NUMBERS


def test_every_test_that_is_named_for_a_defect_exists() -> None:
    """A test that is renamed takes its row along."""
    named = named_tests((ROOT / "docs/migrating.md").read_text(encoding="utf-8"))
    assert {test for tests in named.values() for test in tests} - existing_tests(ROOT) == set()


def test_a_name_that_is_not_there_would_be_noticed() -> None:
    """The canary."""
    page = "## Defects that are not inherited\n| 13 | it | `No.SuchTest` |\n"
    assert named_tests(page) == {13: ["No.SuchTest"]}
    assert "No.SuchTest" not in existing_tests(ROOT)
