"""vitrine worker: real processes, stopped as service managers do it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import vitrine
from tests.python.command import clean_environment, vitrine_command
from vitrine.testing import FakeBfl

PATIENCE_SECONDS = 60.0


class Worker:
    """A worker process; what it logs goes to a file."""

    def __init__(self, folder: Path, *arguments: str, **env: str) -> None:
        self.log = folder / f"worker-{time.monotonic_ns()}.log"
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vitrine", "worker", *arguments],
                cwd=folder,
                env=clean_environment(env),
                stdout=subprocess.DEVNULL,
                stderr=file,
            )

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged so far."""
        whole = self.log.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def has_said(self, text: str) -> bool:
        """True if a message has this in it."""
        return any(text in line["message"] for line in self.lines())

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def running(folder: Path, *arguments: str, **env: str) -> Iterator[Worker]:
    """A worker that has started; gone at the end, whatever happens."""
    worker = Worker(folder, *arguments, **env)
    try:
        wait_until(lambda: worker.has_said("starts"))
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()


def wait_until(is_so: Any) -> None:
    """Looks again and again until it is so."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until, "It did not come to that."
        time.sleep(0.02)


def job_store(folder: Path) -> vitrine.JobStore:
    """The store that a worker in this folder uses."""
    (folder / "vitrine-data").mkdir(exist_ok=True)
    return vitrine.open_sqlite_job_store(folder / "vitrine-data" / "jobs.sqlite")


def artwork_job(jobs: vitrine.JobStore) -> str:
    """The id of a new job that orders a small picture."""
    return jobs.create(vitrine.NewJob("artwork", request='{"prompt": "x", "size": [256, 256]}')).id


def state_of(jobs: vitrine.JobStore, id: str) -> str:
    """Where a job stands."""
    job = jobs.find(id)
    assert job is not None
    return job.state.name


def bfl(service: FakeBfl) -> dict[str, str]:
    """Settings that lead to a fake service."""
    return {"BFL_API_KEY": service.key, "VITRINE_BFL_BASE_URL": service.url}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_does_jobs_until_it_is_told_to_stop(number: int, tmp_path: Path) -> None:
    """Then it ends in good order."""
    jobs = job_store(tmp_path)
    with running(tmp_path) as worker:
        id = artwork_job(jobs)
        wait_until(lambda: state_of(jobs, id) == "completed")
        assert worker.stop(number) == 0
        assert worker.has_said("has stopped")


def test_a_job_that_runs_is_finished_within_the_grace(tmp_path: Path) -> None:
    """The signal comes while the picture is on order."""
    jobs = job_store(tmp_path)
    with FakeBfl(pending_polls=4) as service, running(tmp_path, "--grace", "60", **bfl(service)) as worker:
        id = artwork_job(jobs)
        wait_until(lambda: service.requests["poll"] > 0)
        code = worker.stop()
        assert (code, state_of(jobs, id), service.bill().orders) == (0, "completed", 1)


def test_a_job_that_takes_longer_is_given_back(tmp_path: Path) -> None:
    """Pending at once; the next worker collects what is paid for."""
    jobs = job_store(tmp_path)
    id = artwork_job(jobs)
    state = tmp_path / "bfl.json"
    with (
        FakeBfl(state=state, pending_polls=1_000_000) as service,
        running(tmp_path, "--grace", "0.1", **bfl(service)) as worker,
    ):
        wait_until(lambda: service.requests["poll"] > 0)
        assert (worker.stop(), state_of(jobs, id)) == (0, "pending")
    with FakeBfl(state=state, port=service.port) as again:
        vitrine_command("worker", "--drain", cwd=tmp_path, env=bfl(again))
        assert (state_of(jobs, id), again.bill().orders) == ("completed", 1)


def test_a_second_signal_means_at_once(tmp_path: Path) -> None:
    """However long the grace is."""
    jobs = job_store(tmp_path)
    with (
        FakeBfl(pending_polls=1_000_000) as service,
        running(tmp_path, "--grace", "3600", **bfl(service)) as worker,
    ):
        id = artwork_job(jobs)
        wait_until(lambda: service.requests["poll"] > 0)
        worker.process.send_signal(signal.SIGTERM)
        wait_until(lambda: worker.has_said("told to stop"))
        assert (worker.stop(), state_of(jobs, id)) == (0, "pending")


def test_what_a_killed_worker_ordered_is_not_ordered_again(tmp_path: Path) -> None:
    """The next worker collects it."""
    jobs = job_store(tmp_path)
    state = tmp_path / "bfl.json"
    with FakeBfl(state=state, pending_polls=1_000_000) as service:
        with running(tmp_path, VITRINE_LEASE="3", **bfl(service)) as worker:
            id = artwork_job(jobs)
            wait_until(lambda: service.requests["poll"] > 0)
            worker.process.kill()
            worker.process.wait()
        port = service.port
    with FakeBfl(state=state, port=port) as service, running(tmp_path, VITRINE_LEASE="3", **bfl(service)):
        wait_until(lambda: state_of(jobs, id) in ("completed", "failed"))
        (total,) = jobs.sum_costs()
        bill = service.bill()
    assert (state_of(jobs, id), bill.orders, total.settled.value) == ("completed", 1, bill.charged_micro_usd)


def test_a_drained_store_ends_the_worker(tmp_path: Path) -> None:
    """With what it did on standard output."""
    jobs = job_store(tmp_path)
    for _ in range(3):
        artwork_job(jobs)
    done = vitrine_command("worker", "--drain", "--workers", 2, "--json", cwd=tmp_path)
    assert (done.code, done.document["completed"]) == (0, 3)


def test_a_drain_can_be_stopped(tmp_path: Path) -> None:
    """A job is in the way that does not end."""
    jobs = job_store(tmp_path)
    with FakeBfl(pending_polls=1_000_000) as service:
        id = artwork_job(jobs)
        with running(tmp_path, "--drain", "--grace", "0", **bfl(service)) as worker:
            wait_until(lambda: service.requests["poll"] > 0)
            assert (worker.stop(), state_of(jobs, id)) == (0, "pending")


def test_it_logs_one_json_object_a_line(tmp_path: Path) -> None:
    """Start, jobs, health, end; without the key."""
    jobs = job_store(tmp_path)
    with FakeBfl() as service, running(tmp_path, "--health-every", "0.1s", **bfl(service)) as worker:
        id = artwork_job(jobs)
        wait_until(lambda: any(line.get("job") == id for line in worker.lines()))
        wait_until(lambda: any(line.get("completed") == 1 for line in worker.lines()))
        worker.stop()
        ended = next(line for line in worker.lines() if line.get("job") == id)
        text = worker.log.read_text(encoding="utf-8")
    assert (ended["end"], ended["level"], ended["logger"]) == ("completed", "info", "vitrine.worker")
    assert {"time", "level", "logger", "message"} <= set(ended)
    assert service.key not in text


def test_a_failed_attempt_is_logged_with_its_reason(tmp_path: Path) -> None:
    """As a warning."""
    jobs = job_store(tmp_path)
    jobs.create(vitrine.NewJob("artwork", request="{}"))
    done = vitrine_command("worker", "--drain", cwd=tmp_path)
    line = next(json.loads(line) for line in done.err.splitlines() if '"end"' in line)
    assert (line["level"], line["code"], "prompt" in line["message"]) == ("warning", "invalid_request", True)


def test_logs_may_be_plain(tmp_path: Path) -> None:
    """LOG_FORMAT and LOG_LEVEL of the Etsy pipeline."""
    done = vitrine_command(
        "worker", "--drain", cwd=tmp_path, env={"LOG_FORMAT": "%(levelname)s|%(message)s", "LOG_LEVEL": "INFO"}
    )
    assert "INFO|The worker starts." in done.err


def test_a_missing_key_is_told_before_any_work(tmp_path: Path) -> None:
    """With the variable's name."""
    done = vitrine_command("worker", "--drain", cwd=tmp_path, env={"VITRINE_GENERATOR": "bfl"})
    assert (done.code, "BFL_API_KEY" in done.err) == (6, True)


def test_a_refused_key_is_told_before_any_work(tmp_path: Path) -> None:
    """And never shown."""
    with FakeBfl() as service:
        env = {"BFL_API_KEY": "wr0ng", "VITRINE_BFL_BASE_URL": service.url}
        done = vitrine_command("worker", "--drain", cwd=tmp_path, env=env)
    assert (done.code, "wr0ng" in done.err) == (6, False)


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """With the setting's name."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = vitrine_command("worker", "--drain", cwd=tmp_path, env={"VITRINE_DATA_FOLDER": "file/data"})
    assert (done.code, "VITRINE_DATA_FOLDER" in done.err) == (6, True)


@pytest.mark.parametrize("arguments", [["--engine", "nobody"], ["--workers", "0"], ["--health-every", "often"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    """Nothing is started."""
    assert vitrine_command("worker", *arguments, cwd=tmp_path).code == 2


def test_a_job_can_be_waited_for(tmp_path: Path) -> None:
    """vitrine jobs submit --wait, while a worker runs."""
    with running(tmp_path):
        done = vitrine_command(
            "jobs", "submit", "artwork", "--prompt", "x", "--size", "64x64", "--wait", "--json", cwd=tmp_path
        )
        failed = vitrine_command("jobs", "submit", "artwork", "--request", '{"prompt": 1}', "--wait", cwd=tmp_path)
    assert (done.code, done.document["job"]["state"], failed.code) == (0, "completed", 3)


def test_a_day_s_budget_holds_for_jobs(tmp_path: Path) -> None:
    """Refused before anything is ordered."""
    jobs = job_store(tmp_path)
    id = artwork_job(jobs)
    with FakeBfl() as service:
        vitrine_command("worker", "--drain", cwd=tmp_path, env=bfl(service) | {"VITRINE_BUDGET_PER_DAY": "0.001"})
        job = jobs.find(id)
        assert job is not None
        assert job.failure is not None
        assert (job.failure.code, service.bill().orders) == ("quota_exhausted", 0)
