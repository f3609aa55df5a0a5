"""vitrine migrate, on Google's emulator with documents as the old page writes them; follows docs/migrating.md."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import vitrine
from tests.python.command import Outcome, vitrine_command
from tests.python.google_services import PROJECT, Database, firestore_emulator, missing_emulator
from vitrine.google_rest import FirestoreReader, GoogleRest
from vitrine.migration import look_over, mend
from vitrine.testing import FakeGcs

NOW = datetime.datetime.now(datetime.timezone.utc)
LONG_AGO = NOW - datetime.timedelta(days=20)


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    """Its address."""
    if reason := missing_emulator():
        pytest.skip(reason)
    with firestore_emulator() as host:
        yield host


@pytest.fixture
def database(emulator: str) -> Database:
    """An old deployment's documents."""
    database = Database(emulator)
    database.clear()
    art = {"prompt": "a fern", "aspectRatio": "1:1", "steps": 28, "seed": "42", "createdAt": LONG_AGO, "mine": "kept"}
    database.put("jobs", "waits", status="pending_art_generation", **art)
    database.put("jobs", "left", status="processing", **art)
    database.put("jobs", "broke", status="error", errorMessage="Activity task failed", **art)
    database.put("jobs", "never", status="error", errorMessage="Failed to start workflow: no server", **art)
    database.put(
        "jobs", "done", status="approved", generatedImageUrl="https://storage.googleapis.com/shop/a.png", **art
    )
    mockup = {"artwork_url": "https://storage.googleapis.com/shop/a.png", "mockup_template": "default", "mine": "kept"}
    database.put("intelligent_mockup_jobs", "m-waits", status="pending", createdAt=LONG_AGO, **mockup)
    database.put("intelligent_mockup_jobs", "m-stuck", status="processing", processing_started_at=LONG_AGO,
                 createdAt=LONG_AGO, job_id="somebody-else", **mockup)  # fmt: skip
    database.put("intelligent_mockup_jobs", "m-fresh", status="processing", processing_started_at=NOW,
                 createdAt=LONG_AGO, **mockup)  # fmt: skip
    database.put("intelligent_mockup_jobs", "m-retried", status="retried", createdAt=NOW, retriedAt=NOW, **mockup)
    database.put("mockup_jobs", "simple", status="pending_mockup_generation", sourceJobId="done")
    database.put("mockups", "t1", name="room", imageUrl="https://storage.googleapis.com/shop/mockups/1_room.png")
    database.put("mockups", "t2", name="lost")
    for number in range(59):
        database.put("costs", f"h{number}", job_id=f"historical_{number:02d}_x", service="bfl_api", cost_usd=0.025,
                     details={"imported_historical": True, "historical_batch": "59_requests"})  # fmt: skip
    database.put("costs", "real", job_id="done", service="bfl_api", cost_usd=0.025, details={"model": "flux_dev"})
    return database


@pytest.fixture
def bucket() -> Iterator[FakeGcs]:
    """Its objects: two temporary ones, one of them public, and a mockup."""
    with FakeGcs() as service:
        service.put("intelligent-mockups/temp/m-stuck_t1_artwork.png", b"a")
        service.put("intelligent-mockups/temp/m-stuck_t1_template.png", b"b")
        service.put("intelligent-mockups/m-done_t1_1.png", b"c")["acl"] = [{"entity": "allUsers", "role": "READER"}]
        yield service


def migrate(folder: Path, database: Database, bucket: FakeGcs, *arguments: str) -> Outcome:
    """vitrine migrate with the old deployment's own variables."""
    env = {
        "FIRESTORE_EMULATOR_HOST": database.host,
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "STORAGE_EMULATOR_HOST": bucket.url,
        "FIREBASE_STORAGE_BUCKET": bucket.bucket,
    }
    return vitrine_command("migrate", *arguments, cwd=folder, env=env)


def ids(found: Any) -> list[str]:
    """The ids of jobs, in order."""
    return sorted(job["id"] for job in found)


def test_a_dry_run_lists_everything_and_changes_nothing(tmp_path: Path, database: Database, bucket: FakeGcs) -> None:
    """Step 3 of the switch."""
    before = database.everything(), bucket.names()
    done = migrate(tmp_path, database, bucket, "--dry-run", "--json")
    found = done.document["found"]
    assert done.code == 0
    assert ids(found["waiting"]) == ["m-waits", "waits"]
    assert ids(found["stuck"]) == ["m-stuck"]
    assert ids(found["fresh"]) == ["m-fresh"]
    assert ids(found["perhaps_paid"]) == ["broke", "left"]
    assert ids(found["not_paid"]) == ["never"]
    assert ids(found["without_successor"]) == ["m-retried"]
    assert ids(found["out_of_reach"]) == ["simple"]
    assert ids(found["broken_templates"]) == ["t2"]
    assert len(found["temporary"]) == 2
    assert found["public"] == ["intelligent-mockups/m-done_t1_1.png"]
    assert (found["invented"]["entries"], found["costs"]) == (59, {"entries": 1, "usd": 0.025})
    assert (database.everything(), bucket.names()) == before


def test_apply_mends_what_is_safe_and_says_what_it_left(tmp_path: Path, database: Database, bucket: FakeGcs) -> None:
    """Stuck mockups wait again, temporary copies are gone; nothing that may be paid for is touched."""
    untouched = {id: database.get("jobs", id) for id in ("left", "broke", "never", "done", "waits")}
    done = migrate(tmp_path, database, bucket, "--apply", "--json")
    assert (done.code, done.document["mended"]["requeued"], len(done.document["mended"]["removed"])) == (
        0,
        ["m-stuck"],
        2,
    )
    assert bucket.names() == ["intelligent-mockups/m-done_t1_1.png"]
    assert {id: database.get("jobs", id) for id in untouched} == untouched
    assert all(row["why"] for row in done.document["left_alone"])
    assert "artwork that may be paid for" in [row["what"] for row in done.document["left_alone"]]
    mended = database.get("intelligent_mockup_jobs", "m-stuck")
    assert (mended["status"], mended["mine"]) == ({"stringValue": "pending"}, {"stringValue": "kept"})
    assert database.get("intelligent_mockup_jobs", "m-fresh")["status"] == {"stringValue": "processing"}


def test_apply_may_be_repeated(tmp_path: Path, database: Database, bucket: FakeGcs) -> None:
    """The second time there is nothing to do."""
    migrate(tmp_path, database, bucket, "--apply")
    again = migrate(tmp_path, database, bucket, "--apply", "--json").document["mended"]
    assert again == {"requeued": [], "removed": [], "failed": []}


def test_a_mockup_that_changed_since_it_was_looked_at_is_left_alone(tmp_path: Path, database: Database) -> None:
    """The old worker has come to its end after all."""
    rest = GoogleRest(vitrine.make_curl_transport(), is_emulator=True)
    reader = FirestoreReader(rest, PROJECT, database.host)
    found = look_over(reader)
    database.put("intelligent_mockup_jobs", "m-stuck", status="completed", result_url="https://example.com/a.png")
    done = mend(found, reader)
    assert (done.requeued, [failure["id"] for failure in done.failed]) == ([], ["m-stuck"])
    assert database.get("intelligent_mockup_jobs", "m-stuck")["status"] == {"stringValue": "completed"}


def test_what_is_mended_is_claimed_by_a_worker(tmp_path: Path, database: Database, bucket: FakeGcs) -> None:
    """Step 5: it finds the waiting ones by itself, under their documents' own names, and no other."""
    migrate(tmp_path, database, bucket, "--apply")
    store = vitrine.make_firestore_job_store(emulator_host=database.host, project=PROJECT)
    claimed = sorted(job.id for job in store.claim_batch("new", 10))
    assert claimed == ["m-stuck", "m-waits", "waits"]


def test_defect_16_what_restarts_left_is_listed_and_not_lost(
    tmp_path: Path, database: Database, bucket: FakeGcs
) -> None:
    """Documents that stay `processing` for ever."""
    found = migrate(tmp_path, database, bucket, "--dry-run", "--json").document["found"]
    assert {"left", "m-stuck"} <= {job["id"] for job in found["stuck"] + found["perhaps_paid"]}


def test_defect_17_retried_jobs_without_a_copy_can_be_made(tmp_path: Path, database: Database, bucket: FakeGcs) -> None:
    """As the command that is named for them does it."""
    store = vitrine.make_firestore_job_store(emulator_host=database.host, project=PROJECT)
    assert store.retry("m-retried").state is vitrine.JobState.pending


def test_defect_27_invented_costs_are_in_no_sum(tmp_path: Path, database: Database, bucket: FakeGcs) -> None:
    """Vitrine's own ledger has none of the old collection's entries."""
    store = vitrine.make_firestore_job_store(emulator_host=database.host, project=PROJECT)
    assert sum(total.entries for total in store.sum_costs()) == 0


def test_people_get_a_table(tmp_path: Path, database: Database, bucket: FakeGcs) -> None:
    """With counts, and what is left alone with its reason."""
    done = migrate(tmp_path, database, bucket, "--dry-run")
    assert "59" in done.out
    assert "vitrine jobs retry ID" in done.out


@pytest.mark.parametrize("arguments", [[], ["--dry-run", "--apply"]])
def test_one_of_both_must_be_said(arguments: list[str], tmp_path: Path) -> None:
    """Nothing is done by default."""
    assert vitrine_command("migrate", *arguments, cwd=tmp_path).code == 2


def test_without_firestore_there_is_nothing_to_migrate(tmp_path: Path) -> None:
    """And the variables are named."""
    done = vitrine_command("migrate", "--dry-run", "--json", cwd=tmp_path)
    assert (done.code, json.loads(done.out)["error"]["code"]) == (2, "wrong_usage")
    assert "GOOGLE_APPLICATION_CREDENTIALS" in done.err
