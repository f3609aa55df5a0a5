"""The command `vitrine`."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn, Optional

import typer

import vitrine
from vitrine.cli.arguments import gathered
from vitrine.cli.costs import costs
from vitrine.cli.demo import demo
from vitrine.cli.detect import detect
from vitrine.cli.doctor import doctor
from vitrine.cli.generate import generate
from vitrine.cli.jobs import jobs
from vitrine.cli.migrate import migrate
from vitrine.cli.mockup import mockup
from vitrine.cli.outcome import ExitCode
from vitrine.cli.template import template
from vitrine.cli.worker import worker

app = typer.Typer(
    name="vitrine",
    help="Places artwork into photos of rooms, shirts and screens.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (mockup, detect, template, generate, costs, worker, doctor, migrate, demo):
    app.command()(command)
app.add_typer(jobs)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"vitrine {vitrine.__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[
        Optional[bool], typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = None,
) -> None:
    pass


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    # Not the default way, which ends the process at once: a file that is being written is removed first.
    raise SystemExit(ExitCode.terminated)


def run() -> None:
    """Runs the command line of this process and ends it with the exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    app(args=gathered(sys.argv[1:]), prog_name="vitrine")
