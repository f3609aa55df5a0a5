"""What commands print: one JSON document or a table on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import vitrine


def say(message: str) -> None:
    """A message for people, on standard error."""
    print(f"vitrine: {message}", file=sys.stderr, flush=True)


def print_json(document: Mapping[str, Any]) -> None:
    """The one document that standard output gets."""
    print(json.dumps(document, ensure_ascii=False, indent=2), flush=True)


def tables() -> Console:
    """Where tables go. Not wrapped when piped: a path must stay on one line."""
    return Console(width=None if sys.stdout.isatty() else 10_000, highlight=False)


def progress_bar() -> Progress:
    """A bar for a batch, on standard error; silent when nobody watches."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def region_json(region: vitrine.Region) -> dict[str, Any]:
    """A region as every command writes it."""
    return {
        "quad": [[round(x, 3), round(y, 3)] for x, y in region.quad],
        "confidence": round(region.confidence, 4),
        "label": region.label,
        "shows": region.shows.name,
        "detector": region.detector,
        "alternative": region.alternative,
        "reason": region.reason,
    }


def error_json(code: vitrine.ErrorCode, message: str) -> dict[str, str]:
    """An error as every command writes it."""
    return {"code": code.name, "message": message}
