"""vitrine migrate: what the Etsy pipeline left behind, and the safe part of mending it."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer
from rich.table import Table

import vitrine
from vitrine.cli.checks.check import Ailment
from vitrine.cli.checks.google import firestore_reader
from vitrine.cli.outcome import ExitCode, WrongUsage, errors_reported
from vitrine.cli.output import print_json, say, tables
from vitrine.cli.settings import load_settings
from vitrine.deployment import Deployment
from vitrine.google_rest import FirestoreReader, GoogleRest, StorageReader
from vitrine.migration import Findings, Mended, left_alone, look_over, mend

_EXAMPLES = 5
_TITLES = {
    "waiting": "jobs that wait: a worker does them",
    "stuck": "mockups stuck in processing",
    "fresh": "mockups that the old worker may be at",
    "perhaps_paid": "artwork that may be paid for",
    "not_paid": "artwork that was never ordered",
    "without_successor": "retried mockups without a later copy",
    "out_of_reach": "jobs of the edition before",
    "broken_templates": "templates without an address",
    "temporary": "temporary objects",
    "public": "public objects",
}


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list; changes nothing.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Mend what is safe, and say what was left alone.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """List what the Etsy pipeline left in Firestore and its bucket; mend what costs nothing. See docs/migrating.md."""
    with errors_reported(as_json=json):
        if dry_run == apply:
            raise WrongUsage("Say either --dry-run or --apply.")
        deployment = Deployment(load_settings())
        documents, objects, rights = _places(deployment)
        found = look_over(documents, objects, rights)
        done = mend(found, documents, objects) if apply else None
        if json:
            print_json(_document(found, done, has_bucket=rights is not None))
        else:
            _print(found, done, has_bucket=rights is not None)
        raise typer.Exit(ExitCode.unavailable if done and done.failed else ExitCode.done)


def _places(
    deployment: Deployment,
) -> tuple[FirestoreReader, vitrine.ObjectStore | None, StorageReader | None]:
    """The database, and the bucket if objects are in one of Google's."""
    settings = deployment.settings
    if settings.job_store != "firestore":
        raise WrongUsage(
            f"Jobs are in {settings.job_store}: there is nothing to migrate. Set FIREBASE_STORAGE_BUCKET and "
            "GOOGLE_APPLICATION_CREDENTIALS as the Etsy pipeline has them (docs/migrating.md)."
        )
    try:
        documents = firestore_reader(deployment)
    except Ailment as ailment:
        raise WrongUsage(f"{ailment} {ailment.mend}") from None
    if settings.object_store != "gcs":
        return documents, None, None
    emulator = settings.storage_emulator
    rest = GoogleRest(deployment.transport, settings.google_credentials, is_emulator=bool(emulator))
    return documents, deployment.objects, StorageReader(rest, settings.bucket, emulator)


def _document(found: Findings, done: Mended | None, *, has_bucket: bool) -> dict[str, Any]:
    return {
        "mode": "dry-run" if done is None else "apply",
        "bucket_looked_at": has_bucket,
        "found": dataclasses.asdict(found),
        "mended": None if done is None else dataclasses.asdict(done),
        "left_alone": left_alone(found),
    }


def _print(found: Findings, done: Mended | None, *, has_bucket: bool) -> None:
    table = Table("what", "count", "as", box=None)
    for name, title in _TITLES.items():
        items = getattr(found, name)
        shown = [item if isinstance(item, str) else item["id"] for item in items[:_EXAMPLES]]
        table.add_row(title, str(len(items)), " ".join(shown) + (" …" if len(items) > _EXAMPLES else ""))
    table.add_row("invented cost entries", str(found.invented.entries), f"{found.invented.usd:.2f} USD")
    table.add_row("other cost entries", str(found.costs.entries), f"{found.costs.usd:.2f} USD")
    tables().print(table)
    if not has_bucket:
        say("Objects are in no bucket of Google's: temporary and public ones were not looked for.")
    if found.public_bucket:
        say("The bucket itself lets everybody read: remove allUsers from its rights once no page needs it.")
    if done is not None:
        print(f"waiting again: {len(done.requeued)}  removed: {len(done.removed)}  not done: {len(done.failed)}")
        for failure in done.failed:
            say(f"{failure['id']}: {failure['reason']}")
    for row in left_alone(found):
        print(f"left alone: {row['count']} {row['what']}: {row['why']}")
