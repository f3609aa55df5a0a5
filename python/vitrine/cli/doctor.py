"""vitrine doctor: checks everything it is configured to reach, and says how to mend each."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

import vitrine
from vitrine.cli.outcome import ExitCode, WrongUsage, errors_reported
from vitrine.cli.output import print_json, tables
from vitrine.cli.settings import sources

LEAST_MEMORY = 1 << 30
"""Bytes: what a mockup in a scene of 24 megapixels needs with its working copies, twice over."""


class Ailment(Exception):
    """A check that failed: what is wrong, and how to mend it."""

    def __init__(self, detail: str, mend: str) -> None:
        super().__init__(detail)
        self.mend = mend


def doctor(
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Check this machine and the configuration, and say how to mend what is wrong."""
    with errors_reported(as_json=json):
        checks = [_run(name, check) for name, check in _CHECKS.items()]
        ok = all(check["ok"] for check in checks)
        if json:
            print_json({"ok": ok, "checks": checks})
        else:
            tables().print(_table(checks))
        raise typer.Exit(ExitCode.done if ok else ExitCode.unavailable)


def _run(name: str, check: Callable[[], str]) -> dict[str, Any]:
    start = time.perf_counter()
    ok, mend = True, ""
    try:
        detail = check()
    except Ailment as ailment:
        ok, detail, mend = False, str(ailment), ailment.mend
    return {
        "name": name,
        "ok": ok,
        "seconds": round(time.perf_counter() - start, 4),
        "detail": detail,
        "mend": mend,
    }


def _python() -> str:
    return f"{platform.python_implementation()} {platform.python_version()} on {platform.platform()}"


def _library() -> str:
    try:
        installed = importlib.metadata.version("vitrine")
    except importlib.metadata.PackageNotFoundError:
        return f"vitrine {vitrine.__version__}, run from its source tree"
    if installed != vitrine.__version__:
        raise Ailment(
            f"The package is {installed}, its compiled part {vitrine.__version__}.",
            "Install it again: pip install --force-reinstall vitrine",
        )
    return f"vitrine {vitrine.__version__}"


def _packages() -> str:
    names = ("numpy", "typer", "rich", "pydantic", "pydantic-settings", "python-dotenv")
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


def _processor() -> str:
    wanted = ("sse4_2", "avx2", "avx512f", "asimd", "sve")
    flags: set[str] = set()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(("flags", "Features")):
                flags.update(line.partition(":")[2].split())
                break
    except OSError:
        return f"{os.cpu_count()} cores; its instruction sets are not known here, the best is chosen at run time"
    found = ", ".join(flag for flag in wanted if flag in flags) or "none of " + ", ".join(wanted)
    return f"{os.cpu_count()} cores; {found}; the best is chosen at run time"


def _memory() -> str:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
        kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}["MemAvailable"]
    except (OSError, KeyError, ValueError, IndexError):
        return "not known on this system"
    available = kilobytes * 1024
    detail = f"{available / 2**30:.1f} GiB available"
    if available < LEAST_MEMORY:
        raise Ailment(detail, "Close other programs, or use --threads 1 and scenes below 24 megapixels.")
    return detail


def _writable(folder: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"vitrine")
    except OSError as error:
        raise Ailment(
            f"{folder} cannot be written to: {error.strerror}.", "Change its owner or mode, or work in another folder."
        ) from None
    return f"{folder} can be written to"


def _current_folder() -> str:
    try:
        return _writable(Path.cwd())
    except FileNotFoundError:
        raise Ailment("The current folder was removed.", "Change to another folder.") from None


def _temporary_folder() -> str:
    try:
        return _writable(Path(tempfile.gettempdir()))
    except FileNotFoundError as error:
        raise Ailment(
            f"There is no temporary folder: {error}", "Set TMPDIR to a folder that can be written to."
        ) from None


def _engine() -> str:
    scene = vitrine.make_procedural_scene(1, "blank", size=(320, 240))
    try:
        mockup = vitrine.mockup(vitrine.make_procedural_artwork(1, size=(96, 128)), scene.image)
    except vitrine.Error as error:
        raise Ailment(str(error), "Please report this: a scene of our own was not understood.") from None
    return f"made a mockup of {mockup.width} x {mockup.height} pixels"


def _configuration() -> str:
    try:
        return ", ".join(f"{name} = {value} ({source})" for name, (value, source) in sources().items())
    except WrongUsage as error:
        raise Ailment(str(error), "Mend the variable or the line in vitrine.toml.") from None


_CHECKS: dict[str, Callable[[], str]] = {
    "python": _python,
    "library": _library,
    "packages": _packages,
    "processor": _processor,
    "memory": _memory,
    "current folder": _current_folder,
    "temporary folder": _temporary_folder,
    "engine": _engine,
    "configuration": _configuration,
}


def _table(checks: list[dict[str, Any]]) -> Table:
    table = Table("check", "", "detail", box=None)
    for check in checks:
        detail = check["detail"] if check["ok"] else f"{check['detail']} {check['mend']}"
        table.add_row(check["name"], "ok" if check["ok"] else "WRONG", detail)
    return table
