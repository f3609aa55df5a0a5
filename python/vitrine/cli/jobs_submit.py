"""vitrine jobs submit: makes a job."""

from __future__ import annotations

import time
from typing import Annotated, Optional

import typer

import vitrine
from vitrine.cli.arguments import micro_usd_of
from vitrine.cli.job_options import Json, deployment_of, found
from vitrine.cli.job_output import job_json
from vitrine.cli.job_request import Wishes, request_of
from vitrine.cli.outcome import ExitCode, WrongUsage, errors_reported, exit_code_of
from vitrine.cli.output import print_json, say
from vitrine.cli.times import seconds_of

_ENDED = (vitrine.JobState.completed, vitrine.JobState.failed, vitrine.JobState.cancelled)
_FIRST_LOOK_SECONDS = 0.1
_LONGEST_LOOK_SECONDS = 2.0


def submit(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="artwork, mockup, listing, or a kind of your own.")],
    request: Annotated[
        Optional[str], typer.Option(help="The request, or where it is; other options add to it.", metavar="JSON|@FILE")
    ] = None,
    artwork: Annotated[
        Optional[str], typer.Option(help="A file, which is stored; an object's key; an address.", metavar="SOURCE")
    ] = None,
    scene: Annotated[
        Optional[list[str]], typer.Option(help="The same, pictures or templates: one or more.", metavar="SOURCE...")
    ] = None,
    scenes_under: Annotated[
        Optional[str], typer.Option(help="For a listing: the scenes whose keys start so.", metavar="PREFIX")
    ] = None,
    prompt: Annotated[Optional[str], typer.Option(help="Order the artwork by this.")] = None,
    model: Annotated[Optional[str], typer.Option(help="Who makes it.")] = None,
    size: Annotated[Optional[str], typer.Option(help="Of the ordered artwork, in pixels.", metavar="WxH")] = None,
    seed: Annotated[Optional[int], typer.Option(help="Of the ordered artwork.")] = None,
    parameter: Annotated[
        Optional[list[str]], typer.Option(help="A field of the model; may be repeated.", metavar="NAME=VALUE")
    ] = None,
    budget: Annotated[Optional[str], typer.Option(help="The most that the job may cost.", metavar="USD")] = None,
    quad: Annotated[
        Optional[str], typer.Option(help="Where it goes, in each scene.", metavar="X,Y X,Y X,Y X,Y")
    ] = None,
    fit: Annotated[Optional[str], typer.Option(help="cover, contain or stretch.")] = None,
    look: Annotated[Optional[str], typer.Option(help="natural or flat.")] = None,
    format: Annotated[Optional[str], typer.Option(help="jpeg, png or webp.")] = None,
    quality: Annotated[Optional[int], typer.Option(help="JPEG and WebP, 1 to 100.")] = None,
    partial: Annotated[Optional[str], typer.Option(help="complete or fail: if some scenes cannot be made.")] = None,
    key: Annotated[
        str, typer.Option(help="A name of yours: asking again with it makes no second job.", metavar="CLIENT_KEY")
    ] = "",
    priority: Annotated[int, typer.Option(help="Higher goes first.")] = 0,
    max_attempts: Annotated[int, typer.Option(help="1 to 100.")] = 3,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until it has ended; its exit code tells how.")] = False,
    timeout: Annotated[Optional[str], typer.Option(help="The longest to wait, as 90s or 10m.", metavar="SPAN")] = None,
    json: Json = False,
) -> None:
    """Make a job. A worker does it: see vitrine worker."""
    with errors_reported(as_json=json):
        longest = None if timeout is None else seconds_of(timeout, "--timeout")
        wishes = Wishes(
            request=request,
            artwork=artwork,
            scenes=scene or [],
            scenes_under=scenes_under,
            prompt=prompt,
            model=model,
            size=size,
            seed=seed,
            parameters=parameter or [],
            budget_micro_usd=micro_usd_of(budget, "--budget"),
            quad=quad,
            fit=fit,
            look=look,
            format=format,
            quality=quality,
            partial=partial,
        )
        deployment = deployment_of()
        try:
            wanted = vitrine.NewJob(
                kind,
                request=request_of(kind, wishes, deployment),
                client_key=key,
                priority=priority,
                max_attempts=max_attempts,
            )
            job = deployment.jobs.create(wanted)
        except ValueError as error:  # what the store refuses as misuse
            raise WrongUsage(str(error)) from None
        if wait:
            job = _ended(deployment.jobs, job, longest)
        _report_submitted(job, as_json=json)


def _ended(store: vitrine.JobStore, job: vitrine.Job, longest: float | None) -> vitrine.Job:
    until = None if longest is None else time.monotonic() + longest
    pause = _FIRST_LOOK_SECONDS
    while job.state not in _ENDED:
        if until is not None and time.monotonic() >= until:
            raise vitrine.DeadlineExceededError(
                f"Job {job.id} is {job.state.name} still. It goes on; look with: vitrine jobs show {job.id}"
            )
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_LOOK_SECONDS)
        job = found(store, job.id)
    return job


def _report_submitted(job: vitrine.Job, *, as_json: bool) -> None:
    if as_json:
        print_json({"job": job_json(job)})
    else:
        print(job.id)
    if job.state is vitrine.JobState.cancelled:
        say(f"Job {job.id} was cancelled.")
        raise typer.Exit(ExitCode.interrupted)
    if job.state is vitrine.JobState.failed and job.failure is not None:
        say(job.failure.message)
        raise typer.Exit(_exit_code_of_failure(job.failure.code))


def _exit_code_of_failure(code: str) -> ExitCode:
    """A failure may have a word that is no error code: then the request was at fault."""
    known = vitrine.ErrorCode.__members__.get(code)
    if known is not None:
        return exit_code_of(known)
    return ExitCode.unavailable if code == "submit_unknown" else ExitCode.bad_input
