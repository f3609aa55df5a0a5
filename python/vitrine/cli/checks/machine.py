"""Checks of this machine and of what is installed."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import tempfile
from pathlib import Path

import vitrine
from vitrine.cli.checks.check import Ailment, Check

LEAST_MEMORY = 1 << 30
"""Bytes: what a mockup in a scene of 24 megapixels needs with its working copies, twice over."""


def machine_checks() -> dict[str, Check]:
    """By name, in the order in which they are told."""
    return {
        "python": python,
        "library": library,
        "packages": packages,
        "processor": processor,
        "memory": memory,
        "current folder": current_folder,
        "temporary folder": temporary_folder,
        "engine": engine,
    }


def available_memory() -> int | None:
    """Bytes that programs may still take; None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
        return {line.split(":")[0]: int(line.split()[1]) for line in lines}["MemAvailable"] * 1024
    except (OSError, KeyError, ValueError, IndexError):
        return None


def python() -> str:
    """Which one runs."""
    return f"{platform.python_implementation()} {platform.python_version()} on {platform.platform()}"


def library() -> str:
    """Its two halves are of one version."""
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


def packages() -> str:
    """Those that it needs, with their versions."""
    names = ("numpy", "typer", "rich", "pydantic", "pydantic-settings", "python-dotenv")
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


def processor() -> str:
    """Cores and instruction sets."""
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


def memory() -> str:
    """Enough to make one mockup."""
    available = available_memory()
    if available is None:
        return "not known on this system"
    detail = f"{available / 2**30:.1f} GiB available"
    if available < LEAST_MEMORY:
        raise Ailment(detail, "Close other programs, or use --threads 1 and scenes below 24 megapixels.")
    return detail


def writable(folder: Path) -> str:
    """A folder takes a file."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"vitrine")
    except OSError as error:
        raise Ailment(
            f"{folder} cannot be written to: {error.strerror}.", "Change its owner or mode, or work in another folder."
        ) from None
    return f"{folder} can be written to"


def current_folder() -> str:
    """Can be written to."""
    try:
        return writable(Path.cwd())
    except FileNotFoundError:
        raise Ailment("The current folder was removed.", "Change to another folder.") from None


def temporary_folder() -> str:
    """Can be written to."""
    try:
        return writable(Path(tempfile.gettempdir()))
    except FileNotFoundError as error:
        raise Ailment(
            f"There is no temporary folder: {error}", "Set TMPDIR to a folder that can be written to."
        ) from None


def engine() -> str:
    """Makes a mockup of a scene of our own."""
    scene = vitrine.make_procedural_scene(1, "blank", size=(320, 240))
    try:
        mockup = vitrine.mockup(vitrine.make_procedural_artwork(1, size=(96, 128)), scene.image)
    except vitrine.Error as error:
        raise Ailment(str(error), "Please report this: a scene of our own was not understood.") from None
    return f"made a mockup of {mockup.width} x {mockup.height} pixels"
