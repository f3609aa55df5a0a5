"""Runs the command line as a user does: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vitrine.environment import OLD_NAMES


@dataclass
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document that is all of standard output."""
        return json.loads(self.out)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of this process without the settings of whoever runs the tests, and `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VITRINE_")}
    return {name: value for name, value in kept.items() if name not in OLD_NAMES} | dict(extra or {})


def vitrine_command(
    *arguments: object, cwd: Path, env: Mapping[str, str] | None = None, under: Sequence[str] = ()
) -> Outcome:
    """`python -m vitrine ARGUMENT…` in a folder, without the settings of whoever runs the tests.

    `under` is a command that starts it, such as one that takes rights away.
    """
    run = subprocess.run(
        [*under, sys.executable, "-m", "vitrine", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=clean_environment(env),
        timeout=180,
        check=False,
    )
    return Outcome(run.returncode, run.stdout, run.stderr)
