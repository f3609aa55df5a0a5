"""vitrine costs: what was spent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Optional

import typer
from rich.table import Table

import vitrine
from vitrine.cli.job_options import deployment_of
from vitrine.cli.job_output import cost_json
from vitrine.cli.outcome import WrongUsage, errors_reported
from vitrine.cli.output import print_json, tables
from vitrine.cli.times import moment_of

_GROUPINGS = ("day", "model", "job")
_PAGE = 1000


def costs(
    job: Annotated[Optional[str], typer.Option(help="Only what this job cost, each line.", metavar="ID")] = None,
    since: Annotated[
        Optional[str], typer.Option(help="Since then: 2026-11-24, 2026-11-24T09:30 (UTC), or 7d.", metavar="DATE")
    ] = None,
    until: Annotated[Optional[str], typer.Option(help="Before then.", metavar="DATE")] = None,
    by: Annotated[Optional[str], typer.Option(help="day, model or job.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Show what was spent, in US dollars. Amounts that are not settled yet are estimates."""
    with errors_reported(as_json=json):
        if by is not None and by not in _GROUPINGS:
            raise WrongUsage(f"--by {by!r} is no grouping. Use one of: {', '.join(_GROUPINGS)}.")
        wanted = vitrine.CostFilter(
            job_id=job or "", from_time=moment_of(since, "--since"), until=moment_of(until, "--until")
        )
        store = deployment_of().jobs
        (total,) = store.sum_costs(wanted)
        groups = store.sum_costs(wanted, grouping=by) if by is not None else []
        entries = _entries(store, wanted) if job is not None else []
        if json:
            _print_json(total, by, groups, entries if job is not None else None)
        else:
            tables().print(_table(total, by, groups, entries))


def _entries(store: vitrine.JobStore, wanted: vitrine.CostFilter) -> list[vitrine.CostEntry]:
    found: list[vitrine.CostEntry] = []
    page = store.costs(wanted, limit=_PAGE)
    while page:
        found += page
        page = store.costs(wanted, after=page[-1].id, limit=_PAGE) if len(page) == _PAGE else []
    return found


def _print_json(
    total: vitrine.CostSum,
    by: str | None,
    groups: Sequence[vitrine.CostSum],
    entries: Sequence[vitrine.CostEntry] | None,
) -> None:
    document: dict[str, Any] = {"total": _sum_json(total), "by": by}
    document["groups"] = [{"group": each.group, **_sum_json(each)} for each in groups]
    if entries is not None:
        document["entries"] = [cost_json(entry) for entry in entries]
    print_json(document)


def _sum_json(amount: vitrine.CostSum) -> dict[str, int]:
    return {
        "settled_micro_usd": amount.settled.value,
        "estimated_micro_usd": amount.estimated.value,
        "total_micro_usd": (amount.settled + amount.estimated).value,
        "entries": amount.entries,
    }


def _table(
    total: vitrine.CostSum,
    by: str | None,
    groups: Sequence[vitrine.CostSum],
    entries: Sequence[vitrine.CostEntry],
) -> Table:
    table = Table(by or "", "settled USD", "estimated USD", "total USD", "entries", box=None)
    for entry in entries:
        settled, estimated = (entry.amount, "") if entry.settled else ("", entry.amount)
        table.add_row(f"{entry.id} ({entry.model})", str(settled), str(estimated), str(entry.amount), "")
    for amount, name in [*((group, group.group or "(none)") for group in groups), (total, "total")]:
        both = amount.settled + amount.estimated
        table.add_row(name, str(amount.settled), str(amount.estimated), str(both), str(amount.entries))
    return table
