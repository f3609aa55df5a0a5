"""The indexes that deploy/firestore.indexes.json makes, for vitrine doctor, which has no such file beside it."""

from __future__ import annotations

Index = tuple[str, tuple[tuple[str, str], ...]]
"""A collection, and fields with their directions."""

JOB_COLLECTIONS = ("jobs", "intelligent_mockup_jobs", "vitrine_jobs")

ASKED_FOR = {"status", "vitrine.queue", "vitrine.kind", "vitrine.state", "job_id"}
"""Fields that queries compare with a text; by the others they sort."""

_UP, _DOWN = "ASCENDING", "DESCENDING"
_OF_JOBS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("status", _UP), ("createdAt", _DOWN)),
    (("vitrine.queue", _UP), ("vitrine.priority", _DOWN), ("vitrine.created_at", _UP)),
    (("vitrine.queue", _UP), ("vitrine.kind", _UP), ("vitrine.priority", _DOWN), ("vitrine.created_at", _UP)),
    (("vitrine.queue", _UP), ("vitrine.not_before", _UP)),
    (("vitrine.state", _UP), ("vitrine.lease_expires_at", _UP)),
    (("vitrine.state", _UP), ("vitrine.started_at", _UP)),
)
_OF_COSTS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("at", _UP), ("id", _UP)),
    (("job_id", _UP), ("at", _UP), ("id", _UP)),
)
INDEXES: tuple[Index, ...] = (
    *((collection, fields) for collection in JOB_COLLECTIONS for fields in _OF_JOBS),
    *(("vitrine_costs", fields) for fields in _OF_COSTS),
)
