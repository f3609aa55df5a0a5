"""Worker processes that are killed and a service that breaks: nothing is lost, torn or paid for twice.

VITRINE_KILLS sets how many workers are killed (15 by default; `script/bench faults` kills 200).
"""

from __future__ import annotations

import datetime
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import vitrine
from tests.python.command import clean_environment, vitrine_command
from vitrine.testing import FakeBfl, Fault, FaultKind

KILLS = int(os.environ.get("VITRINE_KILLS", "15"))
PATIENCE_SECONDS = 120.0
MODEL = "flux-2-klein-4b"
PRICE = 14_000
"""Micro-dollars: what the price table and the fake service both ask for a picture of MODEL."""


class Shop:
    """A data folder with jobs and objects, and workers on it."""

    def __init__(self, folder: Path, service: FakeBfl) -> None:
        self.folder = folder
        self.env = {
            "BFL_API_KEY": service.key,
            "VITRINE_BFL_BASE_URL": service.url,
            "VITRINE_BFL_MODEL": MODEL,
            "VITRINE_LEASE": "3",
        }
        data = folder / "vitrine-data"
        data.mkdir()
        self.jobs = vitrine.open_sqlite_job_store(data / "jobs.sqlite")
        self.objects = vitrine.open_file_object_store(data / "objects")
        self.ids: list[str] = []

    def order(self, prompt: str) -> str:
        """The id of a new job for a picture."""
        request = json.dumps({"prompt": prompt, "size": [256, 256]})
        self.ids.append(self.jobs.create(vitrine.NewJob("artwork", request=request, max_attempts=100)).id)
        return self.ids[-1]

    def start(self, **env: str) -> subprocess.Popen[bytes]:
        """A worker in a process of its own, which ends when nothing is due."""
        return subprocess.Popen(
            [sys.executable, "-m", "vitrine", "worker", "--drain"],
            cwd=self.folder,
            env=clean_environment({**self.env, **env}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def take_back(self) -> None:
        """As a sweep does once leases have run out: nobody is left who could hold one."""
        self.jobs.sweep(longest_attempt=0.001)

    def finish(self, **env: str) -> None:
        """Workers until every job has ended."""
        until = time.monotonic() + PATIENCE_SECONDS
        while any(job.state.name in ("pending", "processing") for job in self.all_jobs()):
            assert time.monotonic() < until, "Some job does not end."
            self.take_back()
            self.start(**env).wait(PATIENCE_SECONDS)

    def all_jobs(self) -> list[vitrine.Job]:
        """Every job, as it is now."""
        found = [self.jobs.find(id) for id in self.ids]
        return [job for job in found if job is not None]

    def ledger(self) -> tuple[int, int]:
        """Settled and estimated micro-dollars."""
        (total,) = self.jobs.sum_costs()
        return total.settled.value, total.estimated.value

    def object_keys(self) -> list[str]:
        """Of all objects."""
        return [item.ref.key for item in self.objects.list().objects]


@pytest.fixture
def service() -> Iterator[FakeBfl]:
    """Black Forest Labs, played."""
    with FakeBfl(credits_each=PRICE / 10_000, pending_polls=1) as service:
        yield service


@pytest.fixture
def shop(tmp_path: Path, service: FakeBfl) -> Shop:
    """An empty one that orders from it."""
    return Shop(tmp_path, service)


def wait_for_a_request(service: FakeBfl, worker: subprocess.Popen[bytes]) -> None:
    """Returns once the service was asked for something, or the worker has ended."""
    before = sum(service.requests.values())
    until = time.monotonic() + PATIENCE_SECONDS
    while sum(service.requests.values()) == before and worker.poll() is None:
        assert time.monotonic() < until, "The worker neither orders nor ends."
        time.sleep(0.002)


def code_of(job: vitrine.Job | None) -> str:
    """Why it failed; "" if it did not."""
    assert job is not None
    return job.failure.code if job.failure else ""


def assert_the_books_are_right(shop: Shop, service: FakeBfl) -> None:
    """Nothing is charged twice, and the ledger equals the bill to the micro-dollar.

    Where it is unknown whether an order arrived, the ledger has its estimate, since it is perhaps paid
    (docs/pipeline.md). So it is above the bill by the price of each such order that never arrived, and by no more.
    """
    bill = service.bill()
    assert max(bill.by_prompt.values(), default=0) <= 1, "a picture was paid for twice"
    unknown = {job.id: prompt_of(job) for job in shop.all_jobs() if code_of(job) == "submit_unknown"}
    never_arrived = [prompt for prompt in unknown.values() if prompt not in bill.by_prompt]
    settled, estimated = shop.ledger()
    assert settled + estimated - bill.charged_micro_usd == PRICE * len(never_arrived), "the ledger is not the bill"
    open_entries = [entry for entry in shop.jobs.costs(limit=1000) if not entry.settled]
    assert {entry.job_id for entry in open_entries} <= set(unknown), "an order that is known was not settled"


def prompt_of(job: vitrine.Job) -> str:
    """What it asks for; each job has its own."""
    return str(json.loads(job.request)["prompt"])


def test_killed_workers_lose_tear_and_pay_twice_nothing(shop: Shop, service: FakeBfl) -> None:
    """SIGKILL at random moments of real processes."""
    chance = random.Random(20261124)
    killed = rounds = 0
    while killed < KILLS:
        rounds += 1
        assert rounds < 20 * KILLS + 20, "Hardly any worker lives long enough to be killed at work."
        shop.order(f"picture {rounds}")
        worker = shop.start()
        try:
            if rounds % 4:
                # Most die at work, some while they start or end.
                wait_for_a_request(service, worker)
                worker.wait(chance.uniform(0.0, 0.1))
            else:
                worker.wait(chance.uniform(0.3, 1.2))
        except subprocess.TimeoutExpired:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            killed += 1
        shop.take_back()
    shop.finish()
    for job in shop.all_jobs():
        assert job.state.name in ("completed", "failed")
        assert job.state.name == "completed" or (job.failure is not None and job.failure.message)
        assert code_of(job) in ("", "submit_unknown"), job.failure
    for key in shop.object_keys():
        info = shop.objects.head(key)
        assert info is not None
        assert sha256(shop.objects.get(key)).hexdigest() == info.ref.sha256, "a torn object"
    completed = [json.loads(job.result)["object"]["key"] for job in shop.all_jobs() if job.result]
    assert set(completed) <= set(shop.object_keys())
    assert_the_books_are_right(shop, service)


@pytest.mark.parametrize("amount", [1, PRICE])
def test_books_that_are_wrong_would_be_noticed(amount: int, shop: Shop, service: FakeBfl) -> None:
    """The canary: a micro-dollar too much, and a whole picture."""
    id = shop.order("a fox")
    shop.finish()
    assert_the_books_are_right(shop, service)
    shop.jobs.record_cost(vitrine.CostEntry(id="stray", amount=vitrine.MicroUsd(amount), job_id=id, settled=True))
    with pytest.raises(AssertionError, match="the ledger is not the bill"):
        assert_the_books_are_right(shop, service)


OUTCOMES: list[tuple[str, list[Fault], str, int]] = [
    # what breaks, the faults, the job's failure ("": completed), the orders that are charged
    ("refused", [Fault("poll", FaultKind.DOWN, seconds=1.0)], "", 1),
    ("submit reset before it arrived", [Fault("submit", FaultKind.RESET)], "submit_unknown", 0),
    ("submit answered by nobody", [Fault("submit", FaultKind.LOST)], "submit_unknown", 1),
    ("submit cut off", [Fault("submit", FaultKind.CUT)], "submit_unknown", 1),
    ("submit of the wrong length", [Fault("submit", FaultKind.WRONG_LENGTH)], "submit_unknown", 1),
    ("submit answered by a page", [Fault("submit", FaultKind.GARBAGE)], "submit_unknown", 1),
    ("submit slow", [Fault("submit", FaultKind.SLOW, seconds=1.0)], "", 1),
    ("submit 500", [Fault("submit", FaultKind.STATUS, status=500)], "submit_unknown", 0),
    ("submit 503 storm", [Fault("submit", FaultKind.STATUS, status=503, times=2)], "", 1),
    ("submit 429", [Fault("submit", FaultKind.STATUS, status=429, retry_after="0", times=3)], "", 1),
    ("submit 402", [Fault("submit", FaultKind.STATUS, status=402)], "quota_exhausted", 0),
    ("poll reset", [Fault("poll", FaultKind.RESET, times=2)], "", 1),
    ("poll cut off", [Fault("poll", FaultKind.CUT)], "", 1),
    ("poll of the wrong length", [Fault("poll", FaultKind.WRONG_LENGTH)], "", 1),
    ("poll slow", [Fault("poll", FaultKind.SLOW, seconds=1.0)], "", 1),
    ("poll 5xx storm", [Fault("poll", FaultKind.STATUS, status=502, times=4)], "", 1),
    ("fetch reset in its body", [Fault("fetch", FaultKind.CUT)], "", 1),
    ("fetch of the wrong length", [Fault("fetch", FaultKind.WRONG_LENGTH)], "", 1),
    ("fetch trickles", [Fault("fetch", FaultKind.TRICKLE, seconds=1.0)], "", 1),
    ("fetch 5xx storm", [Fault("fetch", FaultKind.STATUS, status=503, times=3)], "", 1),
    ("address expired", [Fault("fetch", FaultKind.EXPIRED)], "", 1),
    ("moderated", [Fault("submit", FaultKind.MODERATED)], "moderated", 0),
]


@pytest.mark.parametrize(("faults", "code", "charged"), [each[1:] for each in OUTCOMES], ids=[e[0] for e in OUTCOMES])
def test_a_network_fault_has_its_documented_outcome(
    faults: list[Fault], code: str, charged: int, shop: Shop, service: FakeBfl
) -> None:
    """The table in docs/pipeline.md."""
    service.add(*faults)
    id = shop.order("a fox")
    shop.finish()
    assert (code_of(shop.jobs.find(id)), service.bill().orders) == (code, charged)
    assert_the_books_are_right(shop, service)


def test_every_fault_that_is_documented_is_tested() -> None:
    """And the other way round."""
    page = (Path(__file__).parents[2] / "docs" / "pipeline.md").read_text(encoding="utf-8")
    rows = page.partition("## Faults")[2].partition("| trouble on this side")[0].splitlines()
    cells = [[cell.strip(" `") for cell in row.split("|")[1:4]] for row in rows if row.startswith("| ")]
    documented = {cell[0]: (cell[1], cell[2]) for cell in cells[2:]}
    assert documented == {name: (code or "completed", str(charged)) for name, _, code, charged in OUTCOMES}


def test_faults_by_chance_pay_nothing_twice(tmp_path: Path) -> None:
    """One request in six breaks."""
    with FakeBfl(credits_each=PRICE / 10_000, pending_polls=1, fault_rate=1 / 6, seed=7) as service:
        shop = Shop(tmp_path, service)
        for number in range(12):
            shop.order(f"picture {number}")
        shop.finish()
        assert {code_of(job) for job in shop.all_jobs()} <= {"", "submit_unknown"}
        assert_the_books_are_right(shop, service)


def test_two_sweepers_take_each_job_back_once(shop: Shop) -> None:
    """At the same moment."""
    for number in range(40):
        shop.order(f"picture {number}")
    past = vitrine.FakeClock(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=2))
    file = shop.folder / "vitrine-data" / "jobs.sqlite"
    # Claimed by a worker that is gone; a day ahead of its clock is long enough for every store.
    held = vitrine.open_sqlite_job_store(file, clock=past).claim_batch("gone", 40, lease=1)
    reports: list[vitrine.SweepReport] = []
    start = threading.Barrier(2)

    def sweep() -> None:
        store = vitrine.open_sqlite_job_store(file)
        start.wait()
        reports.append(store.sweep())

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.requeued for report in reports) == len(held)


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_worker_whose_clock_is_wrong_publishes_nothing_with_a_lost_lease(minutes: int, shop: Shop) -> None:
    """The token decides, whatever the clocks say."""
    id = shop.order("a fox")
    file = shop.folder / "vitrine-data" / "jobs.sqlite"
    off = vitrine.FakeClock(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes))
    zombie = vitrine.open_sqlite_job_store(file, clock=off)
    # Far enough ahead for the job to be due to both.
    off.advance(max(0, -minutes) * 60 + 1)
    held = zombie.claim("zombie", lease=30)
    assert held is not None
    shop.take_back()
    time_of_others = vitrine.FakeClock(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1))
    mine = vitrine.open_sqlite_job_store(file, clock=time_of_others)
    mine.sweep(longest_attempt=0.001)
    time_of_others.advance(3600)
    taken = mine.claim("other", lease=30)
    assert taken is not None
    with pytest.raises(vitrine.LeaseLostError):
        zombie.complete(held, '{"of": "zombie"}')
    mine.complete(taken, '{"of": "other"}')
    job = shop.jobs.find(id)
    assert job is not None
    assert json.loads(job.result) == {"of": "other"}


def test_a_full_disk_loses_nothing_and_orders_nothing(shop: Shop, service: FakeBfl) -> None:
    """A limit on the size of files stands for the disk: what cannot be written down is not ordered."""
    id = shop.order("a fox")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        size = max(file.stat().st_size for file in (shop.folder / "vitrine-data").iterdir() if file.is_file())
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    worker = subprocess.Popen(
        [sys.executable, "-m", "vitrine", "worker", "--drain"],
        cwd=shop.folder,
        env=clean_environment(shop.env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=limit,
    )
    try:
        worker.wait(20)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
    job = shop.jobs.find(id)
    assert job is not None
    assert (job.state.name, service.bill().orders) == ("pending", 0)
    shop.finish()
    assert (code_of(shop.jobs.find(id)), service.bill().orders) == ("", 1)
    assert_the_books_are_right(shop, service)


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root to give rights away (setpriv)"
)
def test_a_read_only_data_folder_is_refused_before_any_order(shop: Shop, service: FakeBfl) -> None:
    """As somebody who may read it and no more."""
    shop.order("a fox")
    for folder in (shop.folder, *shop.folder.parents[:3]):
        folder.chmod(0o755)
    done: Any = vitrine_command(
        "worker", "--drain", cwd=shop.folder, env=shop.env,
        under=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
    )  # fmt: skip
    assert done.code in (5, 6), done.err
    assert ("may not write" in done.err, service.bill().orders) == (True, 0), done.err
