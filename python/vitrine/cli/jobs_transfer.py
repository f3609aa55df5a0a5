"""vitrine jobs archive, restore, export and import: jobs on the move."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Annotated

import typer

import vitrine
from vitrine.cli.job_options import Json, Kind, Since, States, deployment_of, filter_of
from vitrine.cli.outcome import WrongUsage, errors_reported
from vitrine.cli.output import print_json
from vitrine.cli.times import seconds_of


def archive(
    older_than: Annotated[str, typer.Option(help="Ended longer ago; whole hours count.", metavar="SPAN")] = "30d",
    json: Json = False,
) -> None:
    """Move jobs that ended long ago into the object store. Costs stay in the ledger."""
    with errors_reported(as_json=json):
        age = seconds_of(older_than, "--older-than")
        deployment = deployment_of()
        try:
            report = vitrine.archive_jobs(deployment.jobs, deployment.objects, age=age)
        except ValueError as error:  # an age out of range
            raise WrongUsage(str(error)) from None
        if json:
            objects = [
                {"key": ref.key, "sha256": ref.sha256, "size": ref.size, "media_type": ref.media_type}
                for ref in report.objects
            ]
            print_json({"archived": report.archived, "kept": report.kept, "objects": objects})
        else:
            print(f"archived: {report.archived}  kept: {report.kept}")
            for ref in report.objects:
                print(ref.key)


def restore(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The object, as archive prints it.")],
    json: Json = False,
) -> None:
    """Bring the jobs of an archive object back, but for those that are there."""
    with errors_reported(as_json=json):
        deployment = deployment_of()
        try:
            restored = vitrine.restore_jobs(deployment.jobs, deployment.objects, key=key)
        except ValueError as error:  # no key
            raise WrongUsage(str(error)) from None
        if json:
            print_json({"restored": restored})
        else:
            print(f"restored: {restored}")


def export_jobs(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="JSON lines; holds secrets.")],
    state: States = None,
    kind: Kind = None,
    since: Since = None,
    json: Json = False,
) -> None:
    """Write jobs and costs into FILE, for its owner alone. It is there whole or not at all."""
    with errors_reported(as_json=json):
        wanted = filter_of(state, kind, since)
        store = deployment_of().jobs
        with _whole_file(file) as out:
            store.export_to(out, wanted)
            size = out.tell()
        if json:
            print_json({"file": str(file), "bytes": size})
        else:
            print(file)


def import_jobs(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="What export wrote.")],
    json: Json = False,
) -> None:
    """Read jobs and costs from FILE, but for those that are there. May be run again."""
    with errors_reported(as_json=json):
        try:
            source = file.open("rb")
        except FileNotFoundError:
            raise vitrine.NotFoundError(f"There is no file '{file}'.") from None
        except OSError as error:
            raise vitrine.PermissionDeniedError(f"'{file}' cannot be read: {error.strerror}.") from None
        with source:
            new = deployment_of().jobs.import_from(source)
        if json:
            print_json({"file": str(file), "new": new})
        else:
            print(f"new: {new}")


@contextmanager
def _whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name once everything is in it; its owner alone may read it."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise vitrine.PermissionDeniedError(
            f"'{path}' cannot be written: {error.strerror}. Name a file in a folder that is there."
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
