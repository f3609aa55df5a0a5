"""vitrine costs."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import vitrine
from tests.python.command import vitrine_command

UTC = datetime.timezone.utc


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A folder whose ledger has three lines."""
    (tmp_path / "vitrine-data").mkdir()
    jobs = vitrine.open_sqlite_job_store(tmp_path / "vitrine-data" / "jobs.sqlite")
    for id, job, model, amount, settled, day in (
        ("t1", "j1", "flux-2-pro", 30_000, True, 1),
        ("t2", "j1", "flux-dev", 25_000, True, 2),
        ("t3", "j2", "flux-2-pro", 45_001, False, 2),
    ):
        jobs.record_cost(
            vitrine.CostEntry(
                id=id,
                job_id=job,
                service="bfl",
                operation="generate",
                model=model,
                amount=vitrine.MicroUsd(amount),
                settled=settled,
                at=datetime.datetime(2026, 11, day, 12, tzinfo=UTC),
            )
        )
    return tmp_path


def test_the_total_is_exact(ledger: Path) -> None:
    """Settled and estimated apart, in millionths."""
    total = vitrine_command("costs", "--json", cwd=ledger).document["total"]
    assert total == {
        "settled_micro_usd": 55_000,
        "estimated_micro_usd": 45_001,
        "total_micro_usd": 100_001,
        "entries": 3,
    }


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("day", {"2026-11-01": 30_000, "2026-11-02": 70_001}),
        ("model", {"flux-2-pro": 75_001, "flux-dev": 25_000}),
        ("job", {"j1": 55_000, "j2": 45_001}),
    ],
)
def test_costs_are_summed_by(by: str, groups: dict[str, int], ledger: Path) -> None:
    """Day, model or job."""
    found = vitrine_command("costs", "--by", by, "--json", cwd=ledger).document["groups"]
    assert {each["group"]: each["total_micro_usd"] for each in found} == groups


def test_a_time_narrows_them(ledger: Path) -> None:
    """From a date on, up to a moment."""
    since = vitrine_command("costs", "--since", "2026-11-02", "--json", cwd=ledger).document
    until = vitrine_command("costs", "--until", "2026-11-02T00:00Z", "--json", cwd=ledger).document
    assert (since["total"]["entries"], until["total"]["entries"]) == (2, 1)


def test_a_job_is_told_line_by_line(ledger: Path) -> None:
    """With the task that each line pays for."""
    found = vitrine_command("costs", "--job", "j1", "--json", cwd=ledger).document["entries"]
    assert [(each["id"], each["amount_micro_usd"]) for each in found] == [("t1", 30_000), ("t2", 25_000)]


def test_people_get_dollars(ledger: Path) -> None:
    """In a table."""
    assert "0.100001" in vitrine_command("costs", "--by", "day", cwd=ledger).out


@pytest.mark.parametrize("arguments", [["--by", "week"], ["--since", "tomorrow"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    """Before a store is opened."""
    done = vitrine_command("costs", *arguments, cwd=tmp_path)
    assert (done.code, (tmp_path / "vitrine-data").exists()) == (2, False)
