"""vitrine doctor."""

from __future__ import annotations

from pathlib import Path

from tests.python.command import vitrine_command


def test_a_healthy_machine_is_ok(tmp_path: Path) -> None:
    """Every check has the form of the design."""
    done = vitrine_command("doctor", "--json", cwd=tmp_path)
    assert (done.code, done.document["ok"]) == (0, True)
    assert {tuple(check) for check in done.document["checks"]} == {("name", "ok", "seconds", "detail", "mend")}


def test_a_table_is_for_people(tmp_path: Path) -> None:
    """A line a check."""
    assert "engine" in vitrine_command("doctor", cwd=tmp_path).out


def test_it_tells_where_a_setting_comes_from(tmp_path: Path) -> None:
    """Variable, file, default."""
    (tmp_path / "vitrine.toml").write_text('fit = "contain"\n', encoding="utf-8")
    done = vitrine_command("doctor", "--json", cwd=tmp_path, env={"VITRINE_QUALITY": "91"})
    detail = next(check["detail"] for check in done.document["checks"] if check["name"] == "configuration")
    assert "quality = 91 (VITRINE_QUALITY)" in detail
    assert f"fit = contain ({tmp_path.resolve() / 'vitrine.toml'})" in detail
    assert "look = natural (default)" in detail


def test_a_wrong_setting_is_told_with_its_cure(tmp_path: Path) -> None:
    """Exit code 5, and the other checks are there."""
    done = vitrine_command("doctor", "--json", cwd=tmp_path, env={"VITRINE_QUALITY": "loud"})
    wrong = [check for check in done.document["checks"] if not check["ok"]]
    assert (done.code, [check["name"] for check in wrong], "VITRINE_QUALITY" in wrong[0]["detail"]) == (
        5,
        ["configuration"],
        True,
    )
