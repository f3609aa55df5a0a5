"""Checks of the settings: each can be read, and together they make sense."""

from __future__ import annotations

import re

from vitrine.cli.checks.check import Ailment, Check
from vitrine.cli.checks.machine import available_memory
from vitrine.settings import Settings, SettingsError, sources

_HOST_AND_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}")


def configuration() -> str:
    """Every setting with the place that it comes from."""
    try:
        return ", ".join(f"{name} = {value} ({source})" for name, (value, source) in sources().items())
    except SettingsError as error:
        raise Ailment(str(error), "Mend the variable or the line in vitrine.toml.") from None


def configuration_checks(settings: Settings) -> dict[str, Check]:
    """By name; only what concerns these settings."""
    checks: dict[str, Check] = {
        "deployment": lambda: deployment(settings),
        "memory for workers": lambda: memory_for_workers(settings),
    }
    if settings.firestore_emulator or settings.storage_emulator:
        checks["emulators"] = lambda: emulators(settings)
    return checks


def deployment(settings: Settings) -> str:
    """The settings of an existing deployment are there together, or not at all."""
    chosen = {name: source for name, (_, source) in sources().items()}
    if (
        settings.google_credentials
        and not settings.bucket
        and "default" in (chosen["job_store"], chosen["object_store"])
    ):
        raise Ailment(
            "Google credentials are set, but no bucket: jobs and pictures stay on this machine.",
            "Set FIREBASE_STORAGE_BUCKET to the bucket's name, or name VITRINE_JOB_STORE and VITRINE_OBJECT_STORE.",
        )
    if settings.is_existing_deployment and chosen["generator"] == "default":
        raise Ailment(
            "BFL_API_KEY is not set: jobs that order artwork would get generated patterns.",
            "Set BFL_API_KEY in the environment or in .env, or VITRINE_GENERATOR=procedural if that is wanted.",
        )
    return f"jobs in {settings.job_store}, objects in {settings.object_store}, pictures from {settings.generator}"


def memory_for_workers(settings: Settings) -> str:
    """What workers may take for pixels is there."""
    available = available_memory()
    wanted = settings.memory_mb << 20
    if available is None:
        return f"{settings.memory_mb} MiB for pixels; what is available is not known on this system"
    detail = f"{settings.memory_mb} MiB for pixels of {available >> 20} MiB available"
    if wanted > available:
        raise Ailment(
            f"Workers may take {detail}: the system would kill them.",
            "Set VITRINE_MEMORY_MB lower; work that needs more waits its turn.",
        )
    return detail


def emulators(settings: Settings) -> str:
    """Emulators' addresses have the right form, and nothing real is mixed with them."""
    if settings.firestore_emulator and not _HOST_AND_PORT.fullmatch(settings.firestore_emulator):
        raise Ailment(
            f"FIRESTORE_EMULATOR_HOST is {settings.firestore_emulator!r}; it must be HOST:PORT.",
            "Leave http:// and what follows the port away: FIRESTORE_EMULATOR_HOST=127.0.0.1:8080.",
        )
    if settings.storage_emulator and not settings.storage_emulator.startswith(("http://", "https://")):
        raise Ailment(
            f"STORAGE_EMULATOR_HOST is {settings.storage_emulator!r}; it must be an address.",
            "Write the scheme: STORAGE_EMULATOR_HOST=http://127.0.0.1:9023.",
        )
    in_emulator = {
        "Firestore": settings.job_store == "firestore" and bool(settings.firestore_emulator),
        "Cloud Storage": settings.object_store == "gcs" and bool(settings.storage_emulator),
    }
    real = {
        "Firestore": settings.job_store == "firestore" and not settings.firestore_emulator,
        "Cloud Storage": settings.object_store == "gcs" and not settings.storage_emulator,
    }
    if any(in_emulator.values()) and any(real.values()):
        fake = next(name for name, is_so in in_emulator.items() if is_so)
        other = next(name for name, is_so in real.items() if is_so)
        raise Ailment(
            f"{fake} is an emulator and {other} is the real one: jobs and pictures would not belong together.",
            "Set both FIRESTORE_EMULATOR_HOST and STORAGE_EMULATOR_HOST, or neither.",
        )
    used = ", ".join(name for name, is_so in in_emulator.items() if is_so)
    return f"{used or 'nothing'} is an emulator: nothing there is kept for good"
