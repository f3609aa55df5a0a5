"""The parts of a running Vitrine, made as the settings say."""

from __future__ import annotations

import threading
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest

import vitrine
from vitrine.deployment import Deployment, micro_usd
from vitrine.settings import Settings
from vitrine.testing import FakeBfl
from vitrine.testing.fake_gcs import FakeGcs


def local(folder: Path, **more: object) -> Deployment:
    """One that lies in a folder."""
    return Deployment(Settings(data_folder=folder / "data", **more))  # type: ignore[arg-type]


def test_nothing_is_made_before_it_is_asked_for(tmp_path: Path) -> None:
    """Not even a folder."""
    local(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_each_part_is_made_once(tmp_path: Path) -> None:
    """Also by many threads at once."""
    deployment = local(tmp_path)
    found: list[vitrine.JobStore] = []
    threads = [threading.Thread(target=lambda: found.append(deployment.jobs)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(store) for store in found}) == 1


def test_the_pipeline_does_a_job(artwork_file: Path, scene_file: Path, tmp_path: Path) -> None:
    """With the stores and the generator of the settings."""
    deployment = local(tmp_path, job_store="memory", object_store="memory")
    deployment.objects.put("a.png", artwork_file.read_bytes())
    deployment.objects.put("templates/s.png", scene_file.read_bytes())
    job = deployment.jobs.create(vitrine.NewJob("listing", request='{"artwork": "a.png"}'))
    deployment.engine().drain()
    done = deployment.jobs.find(job.id)
    assert done is not None
    assert done.state is vitrine.JobState.completed


def test_addresses_of_private_hosts_are_refused(scene_file: Path, tmp_path: Path) -> None:
    """A request is written by strangers."""
    with FakeBfl() as server:
        failure = failure_of_artwork_at(f"{server.url}/delivery/x", local(tmp_path, job_store="memory"), scene_file)
    assert failure == "unsafe_url"


def test_a_trusted_host_is_asked(scene_file: Path, tmp_path: Path) -> None:
    """It has no such picture, so it was asked."""
    with FakeBfl() as server:
        host = server.url.removeprefix("http://")
        deployment = local(tmp_path, job_store="memory", trusted_hosts=[host])
        failure = failure_of_artwork_at(f"{server.url}/delivery/x", deployment, scene_file)
    assert failure != "unsafe_url"


def failure_of_artwork_at(url: str, deployment: Deployment, scene: Path) -> str:
    """Why a mockup of it failed."""
    deployment.objects.put("s.png", scene.read_bytes())
    request = f'{{"artwork": "{url}", "scenes": ["s.png"]}}'
    job = deployment.jobs.create(vitrine.NewJob("mockup", request=request, max_attempts=1))
    deployment.engine().drain()
    done = deployment.jobs.find(job.id)
    assert done is not None
    assert done.failure is not None
    return done.failure.code


def test_an_old_address_of_the_own_bucket_is_read_from_the_store(
    artwork_file: Path, scene_file: Path, tmp_path: Path
) -> None:
    """The address is public no longer, and its host is not asked."""
    with FakeGcs("shop") as service:
        service.put("generated-art/1.png", artwork_file.read_bytes(), content_type="image/png")
        service.put("templates/s.png", scene_file.read_bytes(), content_type="image/png")
        deployment = local(
            tmp_path, job_store="memory", object_store="gcs", bucket="shop", storage_emulator=service.url
        )
        artwork = "https://storage.googleapis.com/shop/generated-art/1.png"
        job = deployment.jobs.create(vitrine.NewJob("listing", request=f'{{"artwork": "{artwork}"}}'))
        deployment.engine().drain()
        done = deployment.jobs.find(job.id)
    assert done is not None
    assert done.state is vitrine.JobState.completed


def test_documents_get_addresses_that_do_not_end(tmp_path: Path) -> None:
    """With jobs in Firestore: the old page keeps them for good."""
    with FakeGcs("shop") as service:
        settings = {"bucket": "shop", "google_project": "shop", "storage_emulator": service.url}
        deployment = local(tmp_path, **settings, firestore_emulator="localhost:1")
        deployment.objects.put("mockups/1.png", b"picture")
        address = deployment.objects.url("mockups/1.png")
    assert ("alt=media" in address, "token=" in address) == (True, True)


def test_objects_may_be_in_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the keys of the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/shop", method="PUT")).close()
        objects = local(tmp_path, object_store="s3", bucket="shop", s3_endpoint=endpoint).objects
        objects.put("a.txt", b"hello")
        assert objects.get("a.txt") == b"hello"
    finally:
        server.stop()


@pytest.mark.parametrize("store", ["gcs", "s3"])
def test_a_store_in_a_service_needs_a_bucket(store: str, tmp_path: Path) -> None:
    """By the setting's name."""
    with pytest.raises(vitrine.NotFoundError, match="VITRINE_BUCKET"):
        _ = local(tmp_path, object_store=store).objects


def test_the_stores_of_an_existing_deployment_are_made(tmp_path: Path) -> None:
    """Firestore and a bucket, here of emulators; nobody is asked yet."""
    deployment = Deployment(
        Settings(
            bucket="shop",
            google_project="shop",
            firestore_emulator="localhost:1",
            storage_emulator="http://localhost:1",
            data_folder=tmp_path,
        )
    )
    assert (deployment.settings.job_store, deployment.settings.object_store) == ("firestore", "gcs")
    assert isinstance(deployment.jobs, vitrine.JobStore)
    assert isinstance(deployment.objects, vitrine.ObjectStore)


def test_credentials_that_are_missing_are_told(tmp_path: Path) -> None:
    """With the file's name."""
    deployment = Deployment(Settings(bucket="shop", google_credentials=tmp_path / "gone.json", data_folder=tmp_path))
    with pytest.raises(vitrine.NotFoundError, match=r"gone\.json"):
        _ = deployment.jobs


def test_a_check_tells_what_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that may come back is no reason not to start."""
    monkeypatch.setattr("vitrine.deployment._CHECK_SECONDS", 1)
    with FakeBfl() as server:
        url = server.url
    deployment = local(tmp_path, bfl_api_key="k3y", bfl_base_url=url, object_store="memory")
    assert len(deployment.check()) == 1


def test_a_check_refuses_a_wrong_key(tmp_path: Path) -> None:
    """No waiting mends that."""
    with FakeBfl() as server, pytest.raises(vitrine.PermissionDeniedError):
        local(tmp_path, bfl_api_key="wrong", bfl_base_url=server.url).check()


@pytest.mark.parametrize(("dollars", "value"), [("0.000001", 1), ("0.1", 100_000), ("1000000", 10**12)])
def test_dollars_become_exact_millionths(dollars: str, value: int) -> None:
    """No rounding."""
    assert micro_usd(Decimal(dollars)) == vitrine.MicroUsd(value)
