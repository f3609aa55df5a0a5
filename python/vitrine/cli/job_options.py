"""Options that several commands on jobs have, and what they mean."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

import vitrine
from vitrine.cli.outcome import WrongUsage
from vitrine.cli.output import say
from vitrine.cli.settings import load_settings
from vitrine.cli.times import moment_of
from vitrine.deployment import Deployment

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="As submit and list print them.")]
States = Annotated[
    Optional[list[str]],
    typer.Option("--state", help="pending, processing, completed, failed or cancelled; may be repeated."),
]
Kind = Annotated[Optional[str], typer.Option(help="Only this kind.")]
Since = Annotated[
    Optional[str], typer.Option(help="Made since then: 2026-11-24, 2026-11-24T09:30 (UTC), or 7d.", metavar="WHEN")
]


def deployment_of(**flags: object) -> Deployment:
    """What the settings describe, with a word to those who keep jobs in memory."""
    settings = load_settings(**flags)
    if settings.job_store == "memory":
        say("The job store is in memory: it is empty now and gone when this command ends.")
    return Deployment(settings)


def filter_of(states: list[str] | None, kind: str | None, since: str | None) -> vitrine.JobFilter:
    """Which jobs the options mean."""
    for name in states or []:
        if name not in vitrine.JobState.__members__:
            raise WrongUsage(f"There is no state {name!r}. Use one of: {', '.join(vitrine.JobState.__members__)}.")
    try:
        return vitrine.JobFilter(states=states or [], kind=kind or "", created_from=moment_of(since, "--since"))
    except ValueError as error:
        raise WrongUsage(str(error)) from None


def found(store: vitrine.JobStore, id: str) -> vitrine.Job:
    """The job of that id."""
    job = store.find(id)
    if job is None:
        raise vitrine.NotFoundError(f"There is no job {id!r}. vitrine jobs list shows those there are.")
    return job
