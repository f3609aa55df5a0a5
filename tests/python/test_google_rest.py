"""Requests to Google's services that the stores do not make: who asks, and what a refusal says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import vitrine
from vitrine.google_rest import FirestoreReader, GoogleRest, StorageReader

TOKEN = vitrine.HttpResponse(200, body=b'{"access_token": "t0k", "expires_in": 3600}')


@pytest.fixture
def login(tmp_path: Path) -> Path:
    """What gcloud leaves for a person."""
    file = tmp_path / "login.json"
    fields = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}
    file.write_text(json.dumps(fields), encoding="utf-8")
    return file


def answer(status: int, document: object) -> vitrine.HttpResponse:
    """With JSON."""
    return vitrine.HttpResponse(status, body=json.dumps(document).encode())


def bearers(transport: vitrine.MockTransport) -> list[str]:
    """The Authorization of every request that was sent."""
    return [dict(request.headers).get("Authorization", "") for request in transport.requests]


def test_the_token_of_the_credentials_goes_along(login: Path) -> None:
    """Fetched once for many requests."""
    transport = vitrine.MockTransport()
    for each in (TOKEN, answer(200, []), answer(200, [])):
        transport.then(each)
    reader = FirestoreReader(GoogleRest(transport, login), "shop")
    assert (reader.query("jobs"), reader.query("costs")) == ([], [])
    assert bearers(transport) == ["", "Bearer t0k", "Bearer t0k"]


def test_a_token_that_is_refused_is_fetched_anew_once(login: Path) -> None:
    """It may have ended early."""
    transport = vitrine.MockTransport()
    for each in (TOKEN, answer(401, {}), TOKEN, answer(200, {"bindings": []})):
        transport.then(each)
    assert StorageReader(GoogleRest(transport, login), "shop").bucket_is_public() is False


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (403, {"status": "PERMISSION_DENIED", "message": "No."}, vitrine.PermissionDeniedError),
        (404, {"status": "NOT_FOUND", "message": "No."}, vitrine.NotFoundError),
        (400, {"status": "FAILED_PRECONDITION", "message": "requires an index"}, vitrine.ConflictError),
        (429, {"status": "RESOURCE_EXHAUSTED", "message": "Slow."}, vitrine.RateLimitedError),
        (503, "no object at all", vitrine.UnavailableError),
    ],
)
def test_a_refusal_has_its_error_and_shows_no_token(
    status: int, error: object, kind: type[vitrine.Error], login: Path
) -> None:
    """By Google's status."""
    transport = vitrine.MockTransport()
    transport.then(TOKEN)
    transport.then(answer(status, [{"error": error}]))
    with pytest.raises(kind) as caught:
        FirestoreReader(GoogleRest(transport, login), "shop").query("jobs")
    assert "t0k" not in str(caught.value)


def test_what_may_not_be_looked_at_is_unknown(login: Path) -> None:
    """Rights of a bucket are shown to few."""
    transport = vitrine.MockTransport()
    transport.then(TOKEN)
    transport.then(answer(403, {"error": {"message": "No."}}))
    assert StorageReader(GoogleRest(transport, login), "shop").bucket_is_public() is None


def test_a_public_bucket_is_told(login: Path) -> None:
    """By a right for everybody."""
    transport = vitrine.MockTransport()
    transport.then(TOKEN)
    transport.then(answer(200, {"bindings": [{"role": "roles/storage.objectViewer", "members": ["allUsers"]}]}))
    assert StorageReader(GoogleRest(transport, login), "shop").bucket_is_public() is True
