"""Exit codes, and what becomes of an error that a command runs into."""

from __future__ import annotations

import enum
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

import vitrine
from vitrine import ErrorCode
from vitrine.cli.output import print_json, say


class ExitCode(enum.IntEnum):
    """What the shell gets; the table is in docs/command_line.md."""

    done = 0
    wrong_usage = 2
    bad_input = 3
    nothing_found = 4
    unavailable = 5
    refused = 6
    our_defect = 70
    interrupted = 130
    terminated = 143


_EXIT_CODES = {
    ErrorCode.invalid_image: ExitCode.bad_input,
    ErrorCode.image_too_large: ExitCode.bad_input,
    ErrorCode.no_suitable_region: ExitCode.nothing_found,
    ErrorCode.model_unavailable: ExitCode.unavailable,
    ErrorCode.permission_denied: ExitCode.refused,
    ErrorCode.not_found: ExitCode.bad_input,
    ErrorCode.conflict: ExitCode.bad_input,
    ErrorCode.lease_lost: ExitCode.unavailable,
    ErrorCode.rate_limited: ExitCode.unavailable,
    ErrorCode.quota_exhausted: ExitCode.refused,
    ErrorCode.moderated: ExitCode.refused,
    ErrorCode.deadline_exceeded: ExitCode.unavailable,
    ErrorCode.unavailable: ExitCode.unavailable,
    ErrorCode.cancelled: ExitCode.interrupted,
    ErrorCode.corrupt_data: ExitCode.bad_input,
    ErrorCode.unsafe_url: ExitCode.refused,
    ErrorCode.disk_full: ExitCode.refused,
}


class WrongUsage(Exception):
    """The command line asks for something that cannot be; the message says what to change."""


def exit_code_of(code: ErrorCode) -> ExitCode:
    """The exit code that stands for an error code."""
    return _EXIT_CODES[code]


def _defect_report(error: BaseException) -> str:
    if os.environ.get("VITRINE_DEBUG") == "1":
        traceback.print_exception(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"This is a defect in vitrine {vitrine.__version__}: {type(error).__name__}: {error} "
        f"({os.path.basename(last.filename)}:{last.lineno}). Please report this line; "
        "VITRINE_DEBUG=1 shows where it comes from."
    )


@contextmanager
def errors_reported(*, as_json: bool = False) -> Iterator[None]:
    """Turns what goes wrong inside into one sentence on standard error and an exit code.

    With `as_json` standard output gets `{"error": {"code", "message"}}` as well: its reader always finds one document.
    """
    try:
        yield
    except vitrine.Error as error:
        _end(exit_code_of(error.code), str(error), error.code.name, as_json=as_json)
    except WrongUsage as error:
        _end(ExitCode.wrong_usage, str(error), "wrong_usage", as_json=as_json)
    except MemoryError:
        message = "There is not enough memory for this picture. Scale it down, or use fewer threads."
        _end(ExitCode.bad_input, message, "image_too_large", as_json=as_json)
    except (typer.Exit, BrokenPipeError):
        raise
    except Exception as error:
        _end(ExitCode.our_defect, _defect_report(error), "our_defect", as_json=as_json)


def _end(code: ExitCode, message: str, word: str, *, as_json: bool) -> None:
    say(message)
    if as_json:
        print_json({"error": {"code": word, "message": message}})
    sys.stdout.flush()
    raise typer.Exit(code) from None
