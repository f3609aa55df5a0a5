"""bindings/jobs.cpp and bindings/job_store.cpp, and the conformance of a job store written in Python."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Sequence

import pytest

import vitrine
from vitrine import Context, CostEntry, CostFilter, Failure, Job, JobFilter, JobState, JobStore, MicroUsd, NewJob
from vitrine.typing import Readable, Seconds, Writable


class OwnStore(JobStore):
    """Hands every call on to the store in memory, as a Python store would to its database."""

    def __init__(self, clock: vitrine.Clock) -> None:
        super().__init__()
        self._inner = vitrine.make_memory_job_store(clock)

    def create(self, job: NewJob, *, context: Context | None = None) -> Job:
        return self._inner.create(job, context=context)

    def find(self, id: str, *, context: Context | None = None) -> Job | None:
        return self._inner.find(id, context=context)

    def list(
        self,
        filter: JobFilter = JobFilter(),
        *,
        after: str | None = None,
        limit: int = 100,
        context: Context | None = None,
    ) -> vitrine.JobPage:
        return self._inner.list(filter, after=after, limit=limit, context=context)

    def count(self, filter: JobFilter = JobFilter(), *, context: Context | None = None) -> int:
        return self._inner.count(filter, context=context)

    def claim_batch(
        self,
        worker: str,
        most: int,
        *,
        kinds: Sequence[str] = (),
        lease: Seconds = 60,
        context: Context | None = None,
    ) -> Sequence[Job]:
        return self._inner.claim_batch(worker, most, kinds=kinds, lease=lease, context=context)

    def heartbeat(
        self, held: Job, progress: float, *, lease: Seconds = 60, context: Context | None = None
    ) -> vitrine.Pulse:
        return self._inner.heartbeat(held, progress, lease=lease, context=context)

    def save_journal(self, held: Job, journal: str, *, context: Context | None = None) -> None:
        self._inner.save_journal(held, journal, context=context)

    def complete(self, held: Job, result: str, *, context: Context | None = None) -> None:
        self._inner.complete(held, result, context=context)

    def fail(self, held: Job, failure: Failure, *, context: Context | None = None) -> None:
        self._inner.fail(held, failure, context=context)

    def release(self, held: Job, *, context: Context | None = None) -> None:
        self._inner.release(held, context=context)

    def cancel(self, id: str, *, context: Context | None = None) -> Job:
        return self._inner.cancel(id, context=context)

    def retry(self, id: str, *, context: Context | None = None) -> Job:
        return self._inner.retry(id, context=context)

    def sweep(self, *, longest_attempt: Seconds = 3600, context: Context | None = None) -> vitrine.SweepReport:
        return self._inner.sweep(longest_attempt=longest_attempt, context=context)

    def remove(self, ids: Sequence[str], *, context: Context | None = None) -> int:
        return self._inner.remove(ids, context=context)

    def export_to(
        self,
        sink: vitrine.ByteSink | Writable,
        filter: JobFilter = JobFilter(),
        *,
        context: Context | None = None,
    ) -> None:
        self._inner.export_to(sink, filter, context=context)

    def import_from(
        self, source: vitrine.ByteSource | bytes | bytearray | memoryview | Readable, *, context: Context | None = None
    ) -> int:
        return self._inner.import_from(source, context=context)

    def record_cost(self, entry: CostEntry, *, context: Context | None = None) -> None:
        self._inner.record_cost(entry, context=context)

    def costs(
        self,
        filter: CostFilter = CostFilter(),
        *,
        after: str | None = None,
        limit: int = 100,
        context: Context | None = None,
    ) -> Sequence[CostEntry]:
        return self._inner.costs(filter, after=after, limit=limit, context=context)

    def sum_costs(
        self,
        filter: CostFilter = CostFilter(),
        *,
        grouping: vitrine.CostGrouping | str = "none",
        context: Context | None = None,
    ) -> Sequence[vitrine.CostSum]:
        return self._inner.sum_costs(filter, grouping=grouping, context=context)


STORES: dict[str, Callable[[vitrine.Clock], JobStore]] = {
    "memory": vitrine.make_memory_job_store,
    "python": OwnStore,
}


@pytest.fixture
def clock() -> vitrine.FakeClock:
    """The time, which stands still until a test moves it."""
    return vitrine.FakeClock()


@pytest.fixture(params=STORES.values(), ids=list(STORES))
def store(request: pytest.FixtureRequest, clock: vitrine.FakeClock) -> JobStore:
    """Each store in turn. Verbs are called as JobStore.verb(store, …): a Python store is reached through C++."""
    factory: Callable[[vitrine.Clock], JobStore] = request.param
    return factory(clock)


def claimed(store: JobStore) -> Job:
    """A job that is held."""
    JobStore.create(store, NewJob("mockup"))
    job = JobStore.claim(store, "worker-a")
    assert job is not None
    return job


def test_a_job_is_found_again(store: JobStore) -> None:
    """By its id."""
    job = JobStore.create(store, NewJob("mockup", request='{"scene":"a"}'))
    found = JobStore.find(store, job.id)
    assert found is not None
    assert (found.kind, found.request, found.state) == ("mockup", '{"scene":"a"}', JobState.pending)


def test_an_unknown_job_is_none(store: JobStore) -> None:
    """Absence, not an error."""
    assert JobStore.find(store, "unknown") is None


def test_a_client_key_makes_a_job_once(store: JobStore) -> None:
    """The second call gets the first one's job."""
    first = JobStore.create(store, NewJob("mockup", client_key="k"))
    assert JobStore.create(store, NewJob("mockup", client_key="k")).id == first.id


def test_a_client_key_with_another_request_is_a_conflict(store: JobStore) -> None:
    """It is somebody else's job."""
    JobStore.create(store, NewJob("mockup", client_key="k"))
    with pytest.raises(vitrine.ConflictError):
        JobStore.create(store, NewJob("mockup", client_key="k", request='{"a":1}'))


def test_a_claim_gives_a_lease(store: JobStore) -> None:
    """With a token that writes need."""
    job = claimed(store)
    assert job.lease is not None
    assert (job.attempt, job.lease.worker, job.lease.token != "") == (1, "worker-a", True)


def test_a_claim_of_nothing_is_none(store: JobStore) -> None:
    """Absence, not an error."""
    assert JobStore.claim(store, "worker-a") is None


def test_a_batch_is_claimed_by_kind(store: JobStore) -> None:
    """Others are left."""
    JobStore.create(store, NewJob("mockup"))
    JobStore.create(store, NewJob("artwork"))
    assert [job.kind for job in JobStore.claim_batch(store, "w", 5, kinds=["artwork"])] == ["artwork"]


def test_a_completed_job_has_its_result(store: JobStore) -> None:
    """As it was given."""
    job = claimed(store)
    JobStore.complete(store, job, '{"ok":true}')
    found = JobStore.find(store, job.id)
    assert found is not None
    assert (found.state, found.result) == (JobState.completed, '{"ok":true}')


def test_a_stale_token_changes_nothing(store: JobStore, clock: vitrine.FakeClock) -> None:
    """The late worker gets lease_lost."""
    first = claimed(store)
    clock.advance(61)
    JobStore.sweep(store)
    JobStore.claim(store, "worker-b")
    with pytest.raises(vitrine.LeaseLostError):
        JobStore.complete(store, first, "{}")


def test_a_heartbeat_prolongs_the_lease(store: JobStore, clock: vitrine.FakeClock) -> None:
    """From now on."""
    job = claimed(store)
    pulse = JobStore.heartbeat(store, job, 0.5, lease=90)
    assert pulse.lease_expires_at == clock.now() + datetime.timedelta(seconds=90)


def test_a_cancel_reaches_the_holder(store: JobStore) -> None:
    """With the next heartbeat."""
    job = claimed(store)
    JobStore.cancel(store, job.id)
    assert JobStore.heartbeat(store, job, 0.5).cancel_requested


def test_a_retryable_failure_waits_and_comes_back(store: JobStore, clock: vitrine.FakeClock) -> None:
    """After the time that the failure names."""
    job = claimed(store)
    JobStore.fail(store, job, Failure("unavailable", "Later.", retryable=True, retry_after=30))
    clock.advance(30)
    again = JobStore.claim(store, "worker-b")
    assert again is not None
    assert again.attempt == 2


def test_a_failed_job_is_retried_with_its_journal(store: JobStore) -> None:
    """What is paid for is not bought again."""
    job = claimed(store)
    JobStore.save_journal(store, job, '{"task":"t"}')
    JobStore.fail(store, job, Failure("moderated", "No."))
    assert JobStore.retry(store, job.id).journal == '{"task":"t"}'


def test_a_released_attempt_does_not_count(store: JobStore) -> None:
    """The next claim is the first again."""
    JobStore.release(store, claimed(store))
    again = JobStore.claim(store, "worker-b")
    assert again is not None
    assert again.attempt == 1


def test_jobs_are_listed_in_pages(store: JobStore) -> None:
    """The cursor leads to the rest."""
    ids = {JobStore.create(store, NewJob("mockup")).id, JobStore.create(store, NewJob("mockup")).id}
    first = JobStore.list(store, limit=1)
    rest = JobStore.list(store, after=first.next, limit=10)
    assert {job.id for job in [*first.jobs, *rest.jobs]} == ids


def test_jobs_are_counted_by_state(store: JobStore) -> None:
    """A word does for a state."""
    claimed(store)
    JobStore.create(store, NewJob("mockup"))
    assert JobStore.count(store, JobFilter(states=["processing"])) == 1


def test_ended_jobs_are_removed(store: JobStore) -> None:
    """And only they."""
    done = claimed(store)
    JobStore.complete(store, done, "{}")
    waiting = JobStore.create(store, NewJob("mockup"))
    assert JobStore.remove(store, [done.id, waiting.id]) == 1


def test_an_export_is_imported(store: JobStore, clock: vitrine.FakeClock) -> None:
    """Into another store."""
    job = JobStore.create(store, NewJob("mockup"))
    file = io.BytesIO()
    JobStore.export_to(store, file)
    other = vitrine.make_memory_job_store(clock)
    other.import_from(file.getvalue())
    assert other.find(job.id) is not None


def test_a_damaged_export_is_refused(store: JobStore) -> None:
    """Nothing of it is stored."""
    with pytest.raises(vitrine.CorruptDataError):
        JobStore.import_from(store, b"no export")


def test_costs_are_summed_exactly(store: JobStore, clock: vitrine.FakeClock) -> None:
    """By model."""
    JobStore.record_cost(store, CostEntry(id="1", amount=MicroUsd(3), model="m", settled=True, at=clock.now()))
    JobStore.record_cost(store, CostEntry(id="2", amount=MicroUsd(4), model="m", settled=True, at=clock.now()))
    sums = JobStore.sum_costs(store, grouping="model")
    assert [(entry.group, entry.settled, entry.entries) for entry in sums] == [("m", MicroUsd(7), 2)]


def test_a_cost_is_settled_not_added(store: JobStore, clock: vitrine.FakeClock) -> None:
    """The same id is one line."""
    JobStore.record_cost(store, CostEntry(id="1", amount=MicroUsd(3), at=clock.now()))
    JobStore.record_cost(store, CostEntry(id="1", amount=MicroUsd(5), settled=True, at=clock.now()))
    assert [entry.amount for entry in JobStore.costs(store)] == [MicroUsd(5)]


def test_a_python_store_without_a_verb_says_which() -> None:
    """The name of the method."""

    class Empty(JobStore):
        pass

    with pytest.raises(NotImplementedError, match="find"):
        Empty().find("x")
