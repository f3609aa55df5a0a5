"""vitrine doctor: each of the replaced system's troubles with services is provoked, and must be named with its mend."""

from __future__ import annotations

import datetime
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import vitrine
from tests.python.command import vitrine_command
from tests.python.google_services import (
    INDEX_LINK,
    PROJECT,
    RefusingFirestore,
    firestore_emulator,
    missing_emulator,
)
from vitrine.firestore_indexes import ASKED_FOR, INDEXES
from vitrine.testing import FakeBfl, FakeGcs

INDEX_FILE = Path(__file__).parents[2] / "deploy" / "firestore.indexes.json"


def checks_of(folder: Path, env: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What doctor says, by name; the exit code goes with it."""
    done = vitrine_command("doctor", "--json", cwd=folder, env=env)
    assert done.code == (0 if done.document["ok"] else 5)
    assert done.document["ok"] == all(check["ok"] for check in done.document["checks"])
    return {check["name"]: check for check in done.document["checks"]}


def ailment(folder: Path, name: str, env: Mapping[str, str]) -> str:
    """What a check that must fail says, with its mend."""
    check = checks_of(folder, env)[name]
    assert not check["ok"], check
    assert check["mend"]
    return f"{check['detail']} {check['mend']}"


@pytest.fixture
def bfl() -> Iterator[FakeBfl]:
    """Black Forest Labs, played."""
    with FakeBfl() as service:
        yield service


def orders(service: FakeBfl, key: str | None = None) -> dict[str, str]:
    """Settings that order from it."""
    return {"BFL_API_KEY": key or service.key, "VITRINE_BFL_BASE_URL": service.url}


def firestore(host: str) -> dict[str, str]:
    """Settings that keep jobs there and objects here."""
    return {
        "FIRESTORE_EMULATOR_HOST": host,
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "VITRINE_JOB_STORE": "firestore",
        "VITRINE_OBJECT_STORE": "memory",
    }


def bucket(service: FakeGcs, name: str = "shop") -> dict[str, str]:
    """Settings that keep objects there."""
    return {"STORAGE_EMULATOR_HOST": service.url, "FIREBASE_STORAGE_BUCKET": name, "VITRINE_OBJECT_STORE": "gcs"}


# --- Firestore ---


def test_missing_or_insufficient_permissions_names_the_role(tmp_path: Path) -> None:
    """Of the replaced system: `Missing or insufficient permissions`."""
    with RefusingFirestore("PERMISSION_DENIED") as service:
        checks = checks_of(tmp_path, firestore(service.host))
    for name in ("job store", "Firestore indexes"):
        assert (checks[name]["ok"], "roles/datastore.user" in checks[name]["detail"]) == (False, True)


def test_a_missing_index_comes_with_its_link(tmp_path: Path) -> None:
    """Of the replaced system: slow or refused queries."""
    with RefusingFirestore("FAILED_PRECONDITION") as service:
        told = ailment(tmp_path, "Firestore indexes", firestore(service.host))
    assert INDEX_LINK in told
    assert "firestore.indexes.json" in told


def test_a_deadline_says_what_makes_it_quick(tmp_path: Path) -> None:
    """Of the replaced system: `Deadline exceeded`."""
    with RefusingFirestore("DEADLINE_EXCEEDED") as service:
        assert "smaller page" in ailment(tmp_path, "jobs that wait", firestore(service.host))


def test_a_firestore_that_is_away_is_told(tmp_path: Path) -> None:
    """Nobody listens."""
    with RefusingFirestore() as service:
        host = service.host
    assert "connect" in ailment(tmp_path, "job store", firestore(host))


def test_a_project_that_is_not_named_is_told(tmp_path: Path) -> None:
    """With the variable's name."""
    env = {**firestore("127.0.0.1:9"), "GOOGLE_CLOUD_PROJECT": ""}
    assert "GOOGLE_CLOUD_PROJECT" in ailment(tmp_path, "Google project", env)


def test_doctor_asks_for_the_indexes_that_are_deployed() -> None:
    """The list in the package is that of the file."""
    deployed = json.loads(INDEX_FILE.read_text(encoding="utf-8"))["indexes"]
    of_file = {
        (index["collectionGroup"], tuple((field["fieldPath"], field["order"]) for field in index["fields"]))
        for index in deployed
    }
    assert set(INDEXES) == of_file
    assert all(fields[-1][0] not in ASKED_FOR for _, fields in INDEXES)


@pytest.mark.skipif(bool(missing_emulator()), reason=missing_emulator() or "it is there")
def test_a_firestore_that_is_well_is_well(tmp_path: Path) -> None:
    """On Google's emulator: nothing is left there, the rules are closed."""
    with firestore_emulator() as host:
        checks = checks_of(tmp_path, firestore(host))
        store = vitrine.make_firestore_job_store(emulator_host=host, project=PROJECT)
        assert store.count() == 0
    for name in ("job store", "jobs that wait", "Google project", "Firestore indexes", "Firestore rules"):
        assert checks[name]["ok"], checks[name]
    assert "closed" in checks["Firestore rules"]["detail"]


# --- credentials ---


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (None, "not there"),
        ("{", "no JSON"),
        ('{"type": "service_account"}', "client_email"),
        ('{"type": "external_account"}', "external_account"),
    ],
)
def test_credentials_that_are_none_are_told(text: str | None, word: str, tmp_path: Path) -> None:
    """Missing, damaged, without a field, of another kind."""
    file = tmp_path / "key.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    env = {
        "GOOGLE_APPLICATION_CREDENTIALS": str(file),
        "FIREBASE_STORAGE_BUCKET": "shop",
        "VITRINE_GENERATOR": "procedural",
    }
    env["FIRESTORE_EMULATOR_HOST"] = "127.0.0.1:9"
    env["GOOGLE_CLOUD_PROJECT"] = PROJECT
    assert word in ailment(tmp_path, "Google credentials", env)


# --- buckets ---


def test_a_bucket_that_is_well_is_well(tmp_path: Path) -> None:
    """Nothing is left there."""
    with FakeGcs() as service:
        check = checks_of(tmp_path, bucket(service))["object store"]
        assert (check["ok"], service.names()) == (True, [])


def test_a_bucket_that_is_missing_is_told_with_its_setting(tmp_path: Path) -> None:
    """Of the replaced system: `Bucket not found`."""
    with FakeGcs() as service:
        told = ailment(tmp_path, "object store", bucket(service, "shap"))
    assert "shap" in told
    assert "FIREBASE_STORAGE_BUCKET" in told or "setting" in told


def test_a_refused_upload_says_what_to_grant(tmp_path: Path) -> None:
    """Of the replaced system: `403 Forbidden` on upload."""
    with FakeGcs() as service:
        service.fail_next(403, times=20)
        assert "roles/storage" in ailment(tmp_path, "object store", bucket(service))


def test_a_bucket_that_is_not_named_is_told(tmp_path: Path) -> None:
    """Of the replaced system: `FIREBASE_STORAGE_BUCKET not found in .env file.`"""
    env = {"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "key.json")}
    assert "FIREBASE_STORAGE_BUCKET" in ailment(tmp_path, "deployment", env)


# --- orders ---


def test_a_key_that_is_missing_is_told(tmp_path: Path) -> None:
    """Of the replaced system: `BFL_API_KEY not found in .env file.`"""
    assert "BFL_API_KEY" in ailment(tmp_path, "key for Black Forest Labs", {"VITRINE_GENERATOR": "bfl"})


def test_a_deployment_without_a_key_is_told(tmp_path: Path) -> None:
    """It would get patterns for its prompts."""
    env = {**firestore("127.0.0.1:9"), "FIREBASE_STORAGE_BUCKET": "shop"}
    assert "BFL_API_KEY" in ailment(tmp_path, "deployment", env)


def test_a_key_with_blanks_is_told_and_never_shown(tmp_path: Path, bfl: FakeBfl) -> None:
    """As it comes from copying a line."""
    done = vitrine_command("doctor", "--json", cwd=tmp_path, env=orders(bfl, "a secret key"))
    check = next(check for check in done.document["checks"] if check["name"] == "key for Black Forest Labs")
    assert (check["ok"], "a secret key" in done.out + done.err) == (False, False)


def test_a_refused_key_is_told_and_never_shown(tmp_path: Path, bfl: FakeBfl) -> None:
    """Of the replaced system: `Invalid API key`."""
    done = vitrine_command("doctor", "--json", cwd=tmp_path, env=orders(bfl, "wr0ng-k3y"))
    check = next(check for check in done.document["checks"] if check["name"] == "account at Black Forest Labs")
    assert (check["ok"], "key" in check["detail"], "wr0ng-k3y" in done.out + done.err) == (False, True, False)


def test_an_account_that_is_well_costs_nothing(tmp_path: Path, bfl: FakeBfl) -> None:
    """The balance is asked for, nothing is ordered."""
    check = checks_of(tmp_path, orders(bfl))["account at Black Forest Labs"]
    assert (check["ok"], "USD" in check["detail"], bfl.bill().orders) == (True, True, 0)


def test_a_price_table_that_cannot_be_read_is_told(tmp_path: Path, bfl: FakeBfl) -> None:
    """With its form's place."""
    (tmp_path / "prices.json").write_text("{}", encoding="utf-8")
    env = orders(bfl) | {"VITRINE_BFL_PRICES": "prices.json"}
    assert "VITRINE_BFL_PRICES" in ailment(tmp_path, "prices", env)


@pytest.mark.parametrize(("minutes", "word"), [(10, "behind"), (-10, "ahead")])
def test_a_clock_that_is_wrong_is_told(minutes: int, word: str, tmp_path: Path) -> None:
    """By ten minutes, either way."""
    with RefusingFirestore(skew=datetime.timedelta(minutes=minutes)) as service:
        assert word in ailment(tmp_path, "clock", firestore(service.host))


# --- this machine ---


def test_a_fresh_folder_stays_as_it_is(tmp_path: Path) -> None:
    """A check makes no store."""
    assert vitrine_command("doctor", "--json", cwd=tmp_path).code == 0
    assert list(tmp_path.iterdir()) == []


def job_file(folder: Path) -> vitrine.JobStore:
    """The job store that doctor in this folder looks at."""
    (folder / "vitrine-data").mkdir()
    return vitrine.open_sqlite_job_store(folder / "vitrine-data" / "jobs.sqlite")


def test_jobs_that_exist_are_counted_and_none_is_claimed(tmp_path: Path) -> None:
    """Nor is the probe left."""
    jobs = job_file(tmp_path)
    id = jobs.create(vitrine.NewJob("artwork", request='{"prompt": "x"}')).id
    checks = checks_of(tmp_path, {})
    job = jobs.find(id)
    assert job is not None
    assert (checks["jobs that wait"]["detail"], jobs.count(), job.attempt) == ("1 wait, 0 are worked on", 1, 0)


def test_a_damaged_job_file_is_told(tmp_path: Path) -> None:
    """Not SQLite's."""
    (tmp_path / "vitrine-data").mkdir()
    (tmp_path / "vitrine-data" / "jobs.sqlite").write_bytes(b"no database at all, but long enough to be read" * 100)
    assert "jobs.sqlite" in ailment(tmp_path, "job store", {})


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    """With the setting's name."""
    (tmp_path / "vitrine-data").write_text("", encoding="utf-8")
    assert "VITRINE_DATA_FOLDER" in ailment(tmp_path, "data folder", {})


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_data_folder_that_is_read_only_is_told(tmp_path: Path) -> None:
    """Where not even root may write."""
    assert "VITRINE_DATA_FOLDER" in ailment(tmp_path, "data folder", {"VITRINE_DATA_FOLDER": f"/proc/{os.getpid()}"})


def test_more_memory_than_there_is_is_told(tmp_path: Path) -> None:
    """Of the replaced system: worker killed, out of memory."""
    assert "VITRINE_MEMORY_MB" in ailment(tmp_path, "memory for workers", {"VITRINE_MEMORY_MB": str(1 << 20)})


def test_jobs_that_nobody_does_are_told(tmp_path: Path) -> None:
    """Of the replaced system: job waits forever, job stays `processing`."""
    (tmp_path / "vitrine-data").mkdir()
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=3)
    store = vitrine.open_sqlite_job_store(tmp_path / "vitrine-data" / "jobs.sqlite", clock=vitrine.FakeClock(past))
    store.create(vitrine.NewJob("artwork", request='{"prompt": "x"}'))
    assert "vitrine worker" in ailment(tmp_path, "jobs that wait", {})
    assert store.claim("gone", lease=60) is not None
    assert "vitrine jobs sweep" in ailment(tmp_path, "jobs that wait", {})


@pytest.mark.parametrize(
    ("env", "word"),
    [
        ({"FIRESTORE_EMULATOR_HOST": "http://127.0.0.1:8080"}, "HOST:PORT"),
        ({"STORAGE_EMULATOR_HOST": "127.0.0.1:9023"}, "STORAGE_EMULATOR_HOST=http"),
        (
            {
                "FIRESTORE_EMULATOR_HOST": "127.0.0.1:9",
                "GOOGLE_CLOUD_PROJECT": PROJECT,
                "FIREBASE_STORAGE_BUCKET": "shop",
                "VITRINE_GENERATOR": "procedural",
                "NO_GCE_CHECK": "true",
            },
            "the real one",
        ),
    ],
)
def test_emulators_that_make_no_sense_are_told(env: dict[str, str], word: str, tmp_path: Path) -> None:
    """A wrong form, and one emulator beside one real service."""
    assert word in ailment(tmp_path, "emulators", env)


def test_a_service_that_asks_to_wait_is_told_as_such(tmp_path: Path) -> None:
    """Of the replaced system: `Rate limit exceeded`, HTTP 429."""
    with FakeGcs() as service:
        service.fail_next(429, times=20)
        assert "ait" in ailment(tmp_path, "object store", bucket(service))
