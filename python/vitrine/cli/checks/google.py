"""Checks of Google's services: credentials, project, indexes, and who else may read the database."""

from __future__ import annotations

import json

import vitrine
from vitrine.cli.checks.check import Ailment, Check, ailment_of, errors_as_ailments
from vitrine.deployment import Deployment
from vitrine.firestore_indexes import ASKED_FOR, INDEXES, Index
from vitrine.google_rest import FirestoreReader, GoogleRest

_NO_PROJECT = "Set GOOGLE_CLOUD_PROJECT to the project's id."


def google_checks(deployment: Deployment) -> dict[str, Check]:
    """By name; none where nothing of Google's is set."""
    settings = deployment.settings
    checks: dict[str, Check] = {}
    real_jobs = settings.job_store == "firestore" and not settings.firestore_emulator
    real_objects = settings.object_store == "gcs" and not settings.storage_emulator
    if real_jobs or real_objects:
        checks["Google credentials"] = lambda: credentials(deployment)
    if settings.job_store == "firestore":
        checks["Google project"] = lambda: f"{project_of(deployment)}"
        checks["Firestore indexes"] = lambda: indexes(deployment)
        checks["Firestore rules"] = lambda: rules(deployment)
    return checks


def credentials(deployment: Deployment) -> str:
    """They are there, have their form, and Google takes them."""
    settings = deployment.settings
    file = settings.google_credentials
    if file is not None and not file.exists():
        raise Ailment(
            f"GOOGLE_APPLICATION_CREDENTIALS names '{file}', which is not there.",
            "Download the service account's key file, or correct the path.",
        )
    with errors_as_ailments():
        found = deployment.credentials
        found.check()
    return f"{found.name}, accepted"


def project_of(deployment: Deployment) -> str:
    """The project that is set, or the one that the credentials belong to."""
    settings = deployment.settings
    if settings.google_project:
        return settings.google_project
    if settings.firestore_emulator:
        raise Ailment("No project is named for the Firestore emulator.", _NO_PROJECT)
    with errors_as_ailments():
        project = deployment.credentials.project()
    if not project:
        raise Ailment("The Google credentials name no project.", _NO_PROJECT)
    return project


def firestore_reader(deployment: Deployment) -> FirestoreReader:
    """Reads the deployment's database."""
    settings = deployment.settings
    emulator = settings.firestore_emulator
    rest = GoogleRest(deployment.transport, settings.google_credentials, is_emulator=bool(emulator))
    return FirestoreReader(rest, project_of(deployment), emulator)


def indexes(deployment: Deployment) -> str:
    """Each that our queries need is there."""
    reader = firestore_reader(deployment)
    missing = []
    with errors_as_ailments():
        for index in INDEXES:
            try:
                _use(reader, index)
            except vitrine.ConflictError as error:
                missing.append(str(error))
    if missing:
        raise Ailment(
            f"{len(missing)} of {len(INDEXES)} indexes are missing: {' '.join(dict.fromkeys(missing))}",
            "Run firebase deploy --only firestore:indexes with deploy/firestore.indexes.json, or open each link.",
        )
    return f"{len(INDEXES)} are there"


def _use(reader: FirestoreReader, index: Index) -> None:
    """A query that needs this index, for documents that there are none of."""
    collection, fields = index
    asked = [path for path, _ in fields if path in ASKED_FOR]
    reader.query(
        collection,
        equal=dict.fromkeys(asked, "vitrine-doctor"),
        order_by=[(path, direction) for path, direction in fields if path not in asked],
        limit=1,
    )


def rules(deployment: Deployment) -> str:
    """Whether everybody may read the jobs. The old web page signs nobody in and needs that, so it is no failure."""
    settings = deployment.settings
    emulator = settings.firestore_emulator
    base = f"http://{emulator}" if emulator else "https://firestore.googleapis.com"
    path = f"/v1/projects/{project_of(deployment)}/databases/(default)/documents/jobs?pageSize=1"
    try:
        answer = deployment.transport.send(vitrine.HttpRequest("get", base + path, timeout=30))
    except vitrine.Error as error:
        raise ailment_of(error) from None
    if answer.ok:
        return (
            "everybody may read the jobs, as the old web page needs it; "
            "once that is gone: firebase deploy --only firestore:rules with deploy/firestore.rules"
        )
    if answer.status in (401, 403):
        return "closed to those who have not signed in"
    try:
        told = str(json.loads(answer.body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        told = f"HTTP status {answer.status}"
    raise Ailment(told, "Check the project's name, and that it has a Firestore database.")
