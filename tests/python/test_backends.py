"""Backends that reach for files and services: made with their options, and refused with a reason."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

import vitrine


def test_a_sqlite_store_outlives_its_handle(tmp_path: Path) -> None:
    """A job is there when the file is opened again."""
    job = vitrine.open_sqlite_job_store(tmp_path / "jobs.sqlite").create(vitrine.NewJob("poster"))
    again = vitrine.open_sqlite_job_store(tmp_path / "jobs.sqlite", synchronous="full", busy_timeout=5)
    assert again.find(job.id) is not None


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """What is no job store is left alone."""
    (tmp_path / "notes.txt").write_text("not a database, but long enough to look at " * 50)
    with pytest.raises(vitrine.Error):
        vitrine.open_sqlite_job_store(tmp_path / "notes.txt")


def test_the_sqlite_defect_is_told_by_version() -> None:
    """A sentence, or None."""
    told = vitrine.sqlite_wal_reset_defect()
    assert told is None or "SQLite" in told


def firestore(transport: vitrine.HttpTransport, costs: str = "costs") -> vitrine.JobStore:
    """A Firestore store over a transport that plays a script."""
    owner = vitrine.make_google_token_credentials("owner")
    return vitrine.make_firestore_job_store(owner, transport=transport, project="shop", costs=costs)


def test_a_firestore_store_asks_its_project() -> None:
    """The project, the collection and the token are in the request."""
    transport = vitrine.MockTransport()
    transport.then(vitrine.HttpResponse(200, body=b'[{"readTime":"2026-01-01T00:00:00Z"}]'))
    assert firestore(transport).find("abc") is None
    (request,) = transport.requests
    assert "/projects/shop/databases/(default)/documents:batchGet" in request.url
    assert ("Authorization", "Bearer owner") in request.headers
    assert b"intelligent_mockup_jobs/abc" in request.body


def test_a_firestore_store_says_what_to_grant() -> None:
    """A refusal names the role."""
    denied = json.dumps({"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Missing permissions."}})
    transport = vitrine.MockTransport(lambda request: vitrine.HttpResponse(403, body=denied.encode()))
    with pytest.raises(vitrine.PermissionDeniedError, match="roles/datastore.user"):
        firestore(transport).find("abc")


def test_a_firestore_store_refuses_a_collection_with_a_slash() -> None:
    """Misuse is a ValueError."""
    with pytest.raises(ValueError, match="costs"):
        firestore(vitrine.MockTransport(), costs="a/b")


def test_a_gcs_store_says_what_is_missing() -> None:
    """A bucket that is not there is named, with what to do."""
    transport = vitrine.MockTransport(lambda request: vitrine.HttpResponse(404, body=b"{}"))
    store = vitrine.make_gcs_object_store(
        "shop-pictures", vitrine.make_google_token_credentials("t"), transport=transport, tries=1
    )
    with pytest.raises(vitrine.Error, match="shop-pictures"):
        store.list()


def test_an_s3_store_signs_its_requests() -> None:
    """The signature is there, the secret is not."""
    transport = vitrine.MockTransport(lambda request: vitrine.HttpResponse(404))
    store = vitrine.make_s3_object_store(
        "shop", transport=transport, access_key="AKID", secret_key="very-secret", endpoint="https://s3.example:9000"
    )
    with pytest.raises(vitrine.NotFoundError, match="bucket"):
        store.head("a.png")
    sent = repr(transport.requests[0].headers)
    assert "AWS4-HMAC-SHA256" in sent and "very-secret" not in sent


def test_the_place_of_a_public_address_is_known() -> None:
    """Old documents name objects by their public addresses."""
    place = vitrine.gcs_place_of("https://storage.googleapis.com/shop/generated-art/a.png")
    assert place is not None and (place.bucket, place.key) == ("shop", "generated-art/a.png")
    assert vitrine.gcs_place_of("https://example.com/a.png") is None


def test_credentials_name_whom_to_grant(tmp_path: Path) -> None:
    """A file that is no key is refused with its name; a token says what it is."""
    (tmp_path / "key.json").write_text("{}")
    with pytest.raises(vitrine.Error):
        vitrine.open_google_credentials(tmp_path / "key.json")
    assert "secret" not in repr(vitrine.make_google_token_credentials("secret"))


def test_the_bfl_generator_estimates_without_a_key() -> None:
    """A dry run needs none; an order does, and says which variable."""
    generator = vitrine.make_bfl_generator("", transport=vitrine.MockTransport())
    request = vitrine.GenerationRequest("a fox", model=vitrine.bfl_models()[0])
    assert generator.estimate(request).value > 0
    with pytest.raises(vitrine.PermissionDeniedError, match="BFL_API_KEY"):
        generator.submit(request)


def test_the_price_table_has_a_date() -> None:
    """Estimates are as old as it."""
    assert datetime.date.fromisoformat(vitrine.bfl_price_date()) >= datetime.date(2026, 1, 1)


def test_the_balance_is_asked_with_the_key() -> None:
    """The way to check a key without spending."""
    transport = vitrine.MockTransport(lambda request: vitrine.HttpResponse(401, body=b"{}"))
    with pytest.raises(vitrine.PermissionDeniedError):
        vitrine.bfl_balance("key", transport=transport)
    assert ("x-key", "key") in [(name.lower(), value) for name, value in transport.requests[0].headers]


def test_a_webhook_without_a_signature_is_refused() -> None:
    """Anybody can send a request."""
    with pytest.raises(vitrine.PermissionDeniedError):
        vitrine.verify_bfl_webhook(b"{}", [], secret="s")


def test_a_signed_webhook_is_read() -> None:
    """Its HMAC is over the raw body."""
    import hashlib
    import hmac

    body = b'{"task_id":"t1","id":"t1","status":"Ready","result":{"sample":"https://delivery.bfl.ai/x"}}'
    sign = hmac.new(b"s", body, hashlib.sha256).hexdigest()
    event = vitrine.verify_bfl_webhook(body, [("X-BFL-Signature", f"sha256={sign}")], secret="s")
    assert event.id == "t1" and event.status.state is vitrine.GenerationState.ready


def test_a_picture_becomes_a_parameter() -> None:
    """As base64."""
    assert vitrine.bfl_picture(b"abc")


def test_a_limiter_lets_a_burst_through_and_no_more() -> None:
    """What is in the bucket goes at once."""
    limiter = vitrine.RateLimiter(per_second=1, burst=2, clock=vitrine.FakeClock())
    assert limiter.try_acquire() and limiter.try_acquire()
    assert not limiter.try_acquire()
    assert limiter.waiting() == 0


def test_a_limiter_pauses_one_key() -> None:
    """As after Retry-After."""
    clock = vitrine.FakeClock()
    limiter = vitrine.RateLimiter(clock=clock)
    limiter.pause_until("bfl", clock.now() + datetime.timedelta(seconds=5))
    assert not limiter.try_acquire("bfl")
    assert limiter.try_acquire("other")


def test_a_wait_for_the_limiter_can_time_out() -> None:
    """The context's deadline holds."""
    limiter = vitrine.RateLimiter(per_second=0.001, burst=1)
    limiter.acquire()
    with pytest.raises(vitrine.DeadlineExceededError):
        limiter.acquire(context=vitrine.Context(timeout=0.05))


def test_a_function_can_be_limited() -> None:
    """Each call takes from the bucket of its key."""
    limiter = vitrine.RateLimiter(per_second=1000, burst=10)

    @vitrine.rate_limited(limiter, key=lambda name: name)
    def greet(name: str) -> str:
        return f"hello {name}"

    assert [greet("a"), greet("b")] == ["hello a", "hello b"]


def test_a_download_refuses_a_private_address() -> None:
    """Before anything is sent."""
    transport = vitrine.MockTransport()
    with pytest.raises(vitrine.UnsafeUrlError):
        vitrine.download("https://10.0.0.1/a.png", transport=transport)
    assert transport.requests == []


def test_a_download_tells_the_type_by_content() -> None:
    """What is no picture is refused, whatever its name."""
    transport = vitrine.MockTransport(lambda request: vitrine.HttpResponse(200, body=b"<html>"))
    with pytest.raises(vitrine.InvalidImageError):
        vitrine.download("https://pictures.example.com/a.png", transport=transport)


def test_an_address_is_logged_without_its_secrets() -> None:
    """Neither user, query nor path."""
    assert "secret" not in vitrine.redacted("https://user:secret@h.example/secret/p?token=secret")


def test_a_retrying_transport_repeats_a_get() -> None:
    """After an answer that says to come back."""
    inner = vitrine.MockTransport()
    inner.then(vitrine.HttpResponse(503))
    inner.then(vitrine.HttpResponse(200, body=b"ok"))
    transport = vitrine.make_retrying_transport(inner, first_delay=0.001, max_delay=0.002)
    assert transport.send(vitrine.HttpRequest("get", "https://h.example/")).body == b"ok"


def test_curl_says_which_host_did_not_answer() -> None:
    """A port that nobody listens on."""
    transport = vitrine.make_curl_transport(proxy="")
    with pytest.raises(vitrine.HttpError) as caught:
        transport.send(vitrine.HttpRequest("get", "http://127.0.0.1:9/?key=secret"))
    assert caught.value.fate is vitrine.SendFate.not_sent and "secret" not in str(caught.value)
