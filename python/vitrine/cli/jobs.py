"""vitrine jobs: the job store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Optional

import typer

import vitrine
from vitrine.cli.job_options import Ids, Json, Kind, Since, States, deployment_of, filter_of, found
from vitrine.cli.job_output import cost_json, job_json, job_table, jobs_table
from vitrine.cli.jobs_submit import submit
from vitrine.cli.jobs_transfer import archive, export_jobs, import_jobs, restore
from vitrine.cli.outcome import WrongUsage, errors_reported, exit_code_of
from vitrine.cli.output import error_json, print_json, say, tables
from vitrine.cli.times import seconds_of

jobs = typer.Typer(name="jobs", no_args_is_help=True, help="Make jobs, look at them, and move them.")


def list_jobs(
    state: States = None,
    kind: Kind = None,
    since: Since = None,
    limit: Annotated[int, typer.Option(help="1 to 1000.")] = 50,
    after: Annotated[Optional[str], typer.Option(help="Go on behind a page: its `next`.", metavar="NEXT")] = None,
    json: Json = False,
) -> None:
    """Show jobs, newest first."""
    with errors_reported(as_json=json):
        wanted = filter_of(state, kind, since)
        try:
            page = deployment_of().jobs.list(wanted, after=after, limit=limit)
        except ValueError as error:
            raise WrongUsage(str(error)) from None
        if json:
            print_json({"jobs": [job_json(job) for job in page.jobs], "next": page.next})
            return
        tables().print(jobs_table(page.jobs))
        if page.next is not None:
            say(f"There are more: --after {page.next}")


def show(id: Annotated[str, typer.Argument(metavar="ID")], json: Json = False) -> None:
    """Show everything about one job, and what it cost."""
    with errors_reported(as_json=json):
        store = deployment_of().jobs
        job = found(store, id)
        costs = store.costs(vitrine.CostFilter(job_id=id), limit=1000)
        if json:
            print_json({"job": job_json(job), "costs": [cost_json(entry) for entry in costs]})
        else:
            tables().print(job_table(job, costs))


def cancel(ids: Ids, json: Json = False) -> None:
    """Cancel jobs; one that is being done stops at its next check."""
    with errors_reported(as_json=json):
        _for_each(ids, deployment_of().jobs.cancel, as_json=json)


def retry(ids: Ids, json: Json = False) -> None:
    """Put failed or cancelled jobs back, with fresh attempts. What is paid for is collected, not ordered again."""
    with errors_reported(as_json=json):
        _for_each(ids, deployment_of().jobs.retry, as_json=json)


def _for_each(ids: list[str], change: Callable[[str], vitrine.Job], *, as_json: bool) -> None:
    changed: list[vitrine.Job] = []
    failed: list[tuple[str, vitrine.Error]] = []
    for id in ids:
        try:
            changed.append(change(id))
        except vitrine.Error as error:
            say(str(error))
            failed.append((id, error))
    if as_json:
        errors = [{"id": id, "error": error_json(error.code, str(error))} for id, error in failed]
        print_json({"jobs": [job_json(job) for job in changed], "failed": errors})
    else:
        tables().print(jobs_table(changed))
    if failed:
        raise typer.Exit(exit_code_of(failed[0][1].code))


def sweep(
    longest_attempt: Annotated[
        str, typer.Option(help="What is being done for longer is taken back, as 1h.", metavar="SPAN")
    ] = "1h",
    json: Json = False,
) -> None:
    """Take back the jobs of workers that died. Workers do so by themselves."""
    with errors_reported(as_json=json):
        report = deployment_of().jobs.sweep(longest_attempt=seconds_of(longest_attempt, "--longest-attempt"))
        numbers: dict[str, Any] = {
            "requeued": report.requeued,
            "failed": report.failed,
            "cancelled": report.cancelled,
        }
        if json:
            print_json(numbers)
        else:
            print("  ".join(f"{name}: {number}" for name, number in numbers.items()))


jobs.command()(submit)
jobs.command("list")(list_jobs)
for command in (show, cancel, retry, sweep, archive, restore):
    jobs.command()(command)
jobs.command("export")(export_jobs)
jobs.command("import")(import_jobs)
