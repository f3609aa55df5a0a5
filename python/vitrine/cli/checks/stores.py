"""Checks of the job store, the object store and the folder of those that lie on this machine."""

from __future__ import annotations

import datetime
import os
import secrets
import shutil
from pathlib import Path

import vitrine
from vitrine.cli.checks.check import Ailment, Check, errors_as_ailments
from vitrine.cli.checks.machine import writable
from vitrine.deployment import Deployment

LEAST_DISK = 1 << 30
"""Bytes: room for some hundred mockups, and for the log that a job store keeps."""

PROBE_KIND = "vitrine-doctor"
PROBE_KEY = "vitrine-doctor"
_LONGEST_WAIT = datetime.timedelta(hours=1)
_NEVER = datetime.timedelta(days=3650)


def store_checks(deployment: Deployment) -> dict[str, Check]:
    """By name; only what concerns the stores that are set."""
    settings = deployment.settings
    checks: dict[str, Check] = {}
    if settings.job_store == "sqlite" or settings.object_store == "file":
        checks["data folder"] = lambda: data_folder(settings.data_folder)
        checks["disk space"] = lambda: disk_space(settings.data_folder)
    if settings.job_store == "sqlite":
        checks["sqlite"] = sqlite
    checks["job store"] = lambda: job_store(deployment)
    checks["jobs that wait"] = lambda: jobs_that_wait(deployment)
    checks["object store"] = lambda: object_store(deployment)
    return checks


def _nearest(folder: Path) -> Path:
    """The folder itself, or the first above it that is there."""
    whole = folder.absolute()
    return next(each for each in (whole, *whole.parents) if each.exists())


def data_folder(folder: Path) -> str:
    """Can be written to, or can be made."""
    nearest = _nearest(folder)
    if not nearest.is_dir():
        raise Ailment(
            f"The data folder '{folder}' cannot be made: '{nearest}' is no folder.",
            "Set VITRINE_DATA_FOLDER to another place.",
        )
    try:
        writable(nearest)
    except Ailment as ailment:
        raise Ailment(
            f"The data folder '{folder}' cannot be used: {ailment}",
            "Change its owner or mode, or set VITRINE_DATA_FOLDER to a folder that can be written to.",
        ) from None
    return f"{folder} can be written to" if nearest == folder.absolute() else f"{folder} will be made when it is needed"


def disk_space(folder: Path) -> str:
    """Room for pictures that come."""
    free = shutil.disk_usage(_nearest(folder)).free
    detail = f"{free / 2**30:.1f} GiB free where {folder} is"
    if free < LEAST_DISK:
        raise Ailment(detail, "Make room there, or set VITRINE_DATA_FOLDER to a folder on another disk.")
    return detail


def sqlite() -> str:
    """Whether other programs could harm the job file."""
    return vitrine.sqlite_wal_reset_defect() or "has no known defect that concerns us"


def _is_untouched(deployment: Deployment, kind: str) -> bool:
    """True for a store on this machine that nobody has used yet: a check makes none."""
    name = {"sqlite": "jobs.sqlite", "file": "objects"}.get(kind)
    return name is not None and not (deployment.settings.data_folder / name).exists()


def job_store(deployment: Deployment) -> str:
    """A job can be written, read and removed; none is claimed."""
    kind = deployment.settings.job_store or ""
    if _is_untouched(deployment, kind):
        return f"{kind}, will be made with the first job"
    with errors_as_ailments():
        store = deployment.jobs
        # Read first: its refusals are the plainer ones.
        store.list(limit=1)
        later = datetime.datetime.now(datetime.timezone.utc) + _NEVER
        probe = store.create(vitrine.NewJob(PROBE_KIND, not_before=later))
        try:
            store.find(probe.id)
        finally:
            store.cancel(probe.id)
            store.remove([probe.id])
    return f"{kind}, a job was written, read and removed"


def jobs_that_wait(deployment: Deployment) -> str:
    """Somebody does the jobs there are."""
    if _is_untouched(deployment, deployment.settings.job_store or ""):
        return "none"
    now = datetime.datetime.now(datetime.timezone.utc)
    with errors_as_ailments():
        working = list(deployment.jobs.list(vitrine.JobFilter(states=["processing"]), limit=100).jobs)
        pending = list(deployment.jobs.list(vitrine.JobFilter(states=["pending"]), limit=100).jobs)
    without_lease = [job for job in working if job.lease is None]
    if without_lease:
        raise Ailment(
            f"{len(without_lease)} jobs are 'processing' and nobody holds them, as {without_lease[0].id}: "
            "the system before left them.",
            "Run vitrine migrate --dry-run: it tells which may already be paid for.",
        )
    dead = [job for job in working if job.lease is not None and now - job.lease.expires_at > _LONGEST_WAIT]
    if dead:
        raise Ailment(
            f"{len(dead)} jobs stay 'processing', as {dead[0].id}: their worker is gone and no other took over.",
            "Start vitrine worker, or run vitrine jobs sweep.",
        )
    forgotten = [job for job in pending if now - job.not_before > _LONGEST_WAIT]
    if forgotten and not working:
        raise Ailment(
            f"{len(forgotten)} jobs have waited for more than an hour, as {forgotten[0].id}, and no worker is at work.",
            "Start vitrine worker, and see what it logs.",
        )
    return f"{len(pending)} wait, {len(working)} are worked on"


def object_store(deployment: Deployment) -> str:
    """An object can be put, read and removed."""
    kind = deployment.settings.object_store or ""
    if _is_untouched(deployment, kind):
        return f"{kind}, will be made with the first object"
    with errors_as_ailments():
        store = deployment.objects
        key, content = f"{PROBE_KEY}/{secrets.token_hex(8)}", b"vitrine" + os.urandom(9)
        store.put(key, content, media_type="application/octet-stream")
        try:
            if store.get(key) != content:
                raise Ailment(f"The object store gave other bytes back for {key}.", "Check the service behind it.")
            store.list(deployment.settings.templates, limit=1)
        finally:
            store.remove(key)
    return f"{kind}, an object was put, read, listed and removed"
