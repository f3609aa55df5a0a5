"""What the Etsy pipeline left behind, and the part of it that can be mended without asking: for vitrine migrate."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import vitrine
from vitrine.google_rest import Document, FirestoreReader, StorageReader

TEMPORARY = "intelligent-mockups/temp/"
FRESH = datetime.timedelta(minutes=15)
"""Work that began so lately may still go on in the old worker."""

_ART, _MOCKUPS, _OLD_MOCKUPS = "jobs", "intelligent_mockup_jobs", "mockup_jobs"
_WAITING = {_ART: "pending_art_generation", _MOCKUPS: "pending"}
_NEVER_ORDERED = ("Failed to start workflow", "BFL_API_KEY not found", "Invalid API key")
"""How reasons begin that come before an order."""


@dataclass
class Invented:
    """Entries in the old ledger that stand for no payment."""

    entries: int = 0
    usd: float = 0.0


@dataclass
class Findings:
    """What was found. Jobs are {"id", "collection", "status", "reason"}; at work also "name" and "update_time"."""

    waiting: list[Document] = field(default_factory=list)
    stuck: list[Document] = field(default_factory=list)
    """Mockups in processing that nobody works on: making them again costs nothing."""
    fresh: list[Document] = field(default_factory=list)
    """In processing, but since so lately that the old worker may be at it."""
    perhaps_paid: list[Document] = field(default_factory=list)
    """Art without a picture that may have been ordered; no task's id was kept."""
    not_paid: list[Document] = field(default_factory=list)
    """Art that failed before anything was ordered."""
    without_successor: list[Document] = field(default_factory=list)
    """Mockups marked retried of which no later copy exists: the old page's retry never worked."""
    out_of_reach: list[Document] = field(default_factory=list)
    """Jobs of an edition before, which no worker does any more."""
    broken_templates: list[Document] = field(default_factory=list)
    temporary: list[str] = field(default_factory=list)
    public: list[str] = field(default_factory=list)
    public_bucket: bool | None = None
    invented: Invented = field(default_factory=Invented)
    costs: Invented = field(default_factory=Invented)
    """The entries that are real."""


def look_over(
    documents: FirestoreReader, objects: vitrine.ObjectStore | None = None, rights: StorageReader | None = None
) -> Findings:
    """Reads all collections of the old system, and its bucket if one is given. Changes nothing.

    Raises
    ------
    Error
        What Google's services refuse.
    """
    found = Findings()
    now = datetime.datetime.now(datetime.timezone.utc)
    for document in documents.all(_ART):
        _look_at_art(found, document)
    mockups = list(documents.all(_MOCKUPS))
    for document in mockups:
        _look_at_mockup(found, document, mockups, now)
    for document in documents.all(_OLD_MOCKUPS):
        if document["fields"].get("status") in ("pending_mockup_generation", "processing"):
            found.out_of_reach.append(_job(_OLD_MOCKUPS, document, "simple mockups are gone; order new ones"))
    for document in documents.all("mockups"):
        if not (document["fields"].get("imageUrl") or document["fields"].get("url")):
            found.broken_templates.append(_job("mockups", document, "it has no imageUrl; upload the scene again"))
    for document in documents.all("costs"):
        _look_at_cost(found, document["fields"])
    if objects is not None:
        found.temporary = list(_keys(objects, TEMPORARY))
    if rights is not None:
        found.public = list(rights.public_objects())
        found.public_bucket = rights.bucket_is_public()
    return found


def _job(collection: str, document: Document, reason: str = "") -> Document:
    status = document["fields"].get("status")
    return {"id": document["id"], "collection": collection, "status": status, "reason": reason}


def _is_ours(document: Document) -> bool:
    """True once Vitrine has taken a job over: its own life goes on."""
    return isinstance(document["fields"].get("vitrine"), dict)


def _look_at_art(found: Findings, document: Document) -> None:
    fields = document["fields"]
    status = fields.get("status")
    if _is_ours(document):
        return
    if status == _WAITING[_ART]:
        found.waiting.append(_job(_ART, document))
    elif status in ("processing", "error", "failed") and not fields.get("generatedImageUrl"):
        told = str(fields.get("errorMessage") or fields.get("error") or "")
        if status != "processing" and told.startswith(_NEVER_ORDERED):
            found.not_paid.append(_job(_ART, document, told))
        else:
            found.perhaps_paid.append(_job(_ART, document, told))


def _look_at_mockup(found: Findings, document: Document, all: Iterable[Document], now: datetime.datetime) -> None:
    status = document["fields"].get("status")
    if _is_ours(document):
        return
    if status == _WAITING[_MOCKUPS]:
        found.waiting.append(_job(_MOCKUPS, document))
    elif status == "processing":
        began = _began(document["fields"])
        is_fresh = began is not None and now - began < FRESH
        versioned = {"name": document["name"], "update_time": document["update_time"]}
        (found.fresh if is_fresh else found.stuck).append(_job(_MOCKUPS, document) | versioned)
    elif status == "retried" and not any(_succeeds(other, document) for other in all):
        found.without_successor.append(_job(_MOCKUPS, document, f"vitrine jobs retry {document['id']} makes it"))


def _began(fields: Document) -> datetime.datetime | None:
    times = [fields.get(name) for name in ("processing_started_at", "updated_at", "createdAt", "created_at")]
    return next((moment for moment in map(_moment, times) if moment is not None), None)


def _moment(value: object) -> datetime.datetime | None:
    """A timestamp as Firestore writes it, whose fractions may have nine digits."""
    if not isinstance(value, str):
        return None
    whole = value.rstrip("Z").partition(".")[0]
    try:
        return datetime.datetime.fromisoformat(whole).replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return None


def _succeeds(other: Document, old: Document) -> bool:
    """True if `other` is a later order of the same mockups."""
    mine, its = _moment(old["fields"].get("createdAt")), _moment(other["fields"].get("createdAt"))
    same = other["fields"].get("artwork_url") == old["fields"].get("artwork_url")
    return same and mine is not None and its is not None and its > mine


def _look_at_cost(found: Findings, fields: Document) -> None:
    details = fields.get("details")
    imported = isinstance(details, dict) and details.get("imported_historical") is True
    entry = found.invented if imported or str(fields.get("job_id", "")).startswith("historical_") else found.costs
    entry.entries += 1
    amount: Any = fields.get("cost_usd")
    entry.usd += float(amount) if isinstance(amount, (int, float)) else 0.0


def _keys(objects: vitrine.ObjectStore, prefix: str) -> Iterable[str]:
    after: str | None = None
    while True:
        page = objects.list(prefix, after=after)
        for item in page.objects:
            yield item.ref.key
        after = page.next
        if after is None:
            return


@dataclass
class Mended:
    """What was changed, and what was not."""

    requeued: list[str] = field(default_factory=list)
    """Ids of mockups that wait again."""
    removed: list[str] = field(default_factory=list)
    """Keys of temporary objects."""
    failed: list[Document] = field(default_factory=list)
    """{"id", "reason"}"""


def mend(found: Findings, documents: FirestoreReader, objects: vitrine.ObjectStore | None = None) -> Mended:
    """Mends what costs nothing and harms nobody: stuck mockups wait again, temporary copies are removed.

    Each document is written only if it is as look_over() read it; one that was changed since is left alone.
    """
    done = Mended()
    for job in found.stuck:
        try:
            documents.set_text(job, "status", _WAITING[_MOCKUPS])
            done.requeued.append(job["id"])
        except vitrine.Error as error:
            done.failed.append({"id": job["id"], "reason": str(error)})
    for key in found.temporary if objects is not None else []:
        assert objects is not None
        try:
            objects.remove(key)
            done.removed.append(key)
        except vitrine.Error as error:
            done.failed.append({"id": key, "reason": str(error)})
    return done


def left_alone(found: Findings) -> list[Document]:
    """What mend() does not touch: {"what", "count", "why"}."""
    rows = [
        ("artwork that may be paid for", len(found.perhaps_paid),
         "no task's id was kept: look at the bill, then vitrine jobs retry ID for those that are not on it"),
        ("artwork that failed before it was ordered", len(found.not_paid), "vitrine jobs retry ID does it"),
        ("mockups begun in the last 15 minutes", len(found.fresh),
         "the old worker may still be at them: stop it, wait, and run this again"),
        ("retried mockups without a later copy", len(found.without_successor), "vitrine jobs retry ID makes them"),
        ("jobs of the edition before", len(found.out_of_reach), "nobody does that kind any more"),
        ("templates without an address", len(found.broken_templates), "upload the scenes again"),
        ("public objects", len(found.public),
         "the old page's documents hold their addresses; see docs/migrating.md for when to close them"),
        ("invented cost entries", found.invented.entries, "the old ledger is only read; no sum of Vitrine's has them"),
    ]  # fmt: skip
    return [{"what": what, "count": count, "why": why} for what, count, why in rows if count]
