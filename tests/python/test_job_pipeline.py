"""Jobs through the pipeline and the local engine, with every store that needs no service."""

from __future__ import annotations

import datetime
import json
import threading
from pathlib import Path

import pytest

import vitrine

SCENE = vitrine.make_procedural_scene(1, "blank", size=(400, 300))


@pytest.fixture
def jobs(tmp_path: Path) -> vitrine.JobStore:
    """An empty SQLite store."""
    return vitrine.open_sqlite_job_store(tmp_path / "jobs.sqlite")


@pytest.fixture
def objects(tmp_path: Path) -> vitrine.ObjectStore:
    """A file store with one artwork and two scenes in it."""
    store = vitrine.open_file_object_store(tmp_path / "objects")
    store.put("art/a.png", vitrine.make_procedural_artwork(1, size=(90, 120)).encode(format="png"), media_type="image/png")
    for name in ("one", "two"):
        store.put(f"templates/{name}.jpg", SCENE.image.encode(format="jpeg"), media_type="image/jpeg")
    return store


@pytest.fixture
def pipeline(jobs: vitrine.JobStore, objects: vitrine.ObjectStore) -> vitrine.Pipeline:
    """A pipeline whose pictures cost nothing."""
    return vitrine.Pipeline(jobs, objects, generator=vitrine.make_procedural_generator())


def submit(jobs: vitrine.JobStore, kind: str, **request: object) -> vitrine.Job:
    """A job of that kind."""
    return jobs.create(vitrine.NewJob(kind, request=json.dumps(request)))


def finished(jobs: vitrine.JobStore, job: vitrine.Job) -> vitrine.Job:
    """The job as it is now."""
    found = jobs.find(job.id)
    assert found is not None
    return found


def test_an_engine_makes_a_listing(
    jobs: vitrine.JobStore, objects: vitrine.ObjectStore, pipeline: vitrine.Pipeline
) -> None:
    """One artwork goes into every scene under the prefix, and the mockups are stored."""
    job = submit(jobs, "listing", artwork="art/a.png", scenes_under="templates/")
    vitrine.LocalEngine(jobs, pipeline).drain()
    done = finished(jobs, job)
    assert done.state is vitrine.JobState.completed
    result = json.loads(done.result)
    assert result["made"] == 2
    assert vitrine.decode_image(objects.get(result["mockups"][0]["object"]["key"])).size == (400, 300)


def test_an_engine_orders_an_artwork(
    jobs: vitrine.JobStore, objects: vitrine.ObjectStore, pipeline: vitrine.Pipeline
) -> None:
    """The picture is stored, and the result names it."""
    job = submit(jobs, "artwork", prompt="a quiet fox", size=[128, 96])
    vitrine.LocalEngine(jobs, pipeline).drain()
    result = json.loads(finished(jobs, job).result)
    assert objects.head(result["object"]["key"]) is not None


def test_the_steps_can_be_called_one_by_one(jobs: vitrine.JobStore, pipeline: vitrine.Pipeline) -> None:
    """As a workflow engine does: references and small JSON go in and out."""
    job = submit(jobs, "mockup", artwork="art/a.png", scenes=["templates/one.jpg"])
    held = jobs.claim("worker", lease=60)
    assert held is not None
    attempt = vitrine.JobAttempt(jobs, held)
    scenes = pipeline.scenes(job.request)
    assert json.loads(pipeline.prepare_scene(scenes[0]))["regions"]
    order = {"artwork": "art/a.png", "scene": json.loads(scenes[0]), "key_stem": f"m/{attempt.key_part}"}
    outcome = pipeline.render_mockup(json.dumps(order))
    pipeline.note_outcomes(attempt, [outcome])
    jobs.complete(held, pipeline.result_of(attempt, None, outcomes=[outcome]))
    assert json.loads(finished(jobs, job).result)["made"] == 1


def test_a_generated_artwork_is_ordered_once(jobs: vitrine.JobStore, objects: vitrine.ObjectStore) -> None:
    """The step again, as after a crash, collects what was ordered."""
    generator = vitrine.MockGenerator()
    pipeline = vitrine.Pipeline(jobs, objects, generator=generator)
    submit(jobs, "artwork", prompt="a fox")
    held = jobs.claim("worker", lease=60)
    assert held is not None and held.lease is not None
    first = pipeline.generate_artwork(vitrine.JobAttempt(jobs, held), held.request)
    again = vitrine.JobAttempt.resume(jobs, held.id, token=held.lease.token)
    assert json.loads(pipeline.generate_artwork(again, held.request))["task"] == json.loads(first)["task"]
    assert generator.orders_charged == 1


def test_a_budget_is_checked_before_money_is_spent(jobs: vitrine.JobStore, objects: vitrine.ObjectStore) -> None:
    """An order above the budget of a job is refused, and the job says so."""
    generator = vitrine.MockGenerator(price=vitrine.MicroUsd(40_000))
    pipeline = vitrine.Pipeline(jobs, objects, generator=generator, budget_per_job=vitrine.MicroUsd(39_999))
    job = submit(jobs, "artwork", prompt="a fox")
    vitrine.LocalEngine(jobs, pipeline).drain()
    failure = finished(jobs, job).failure
    assert failure is not None and failure.code == "quota_exhausted"
    assert generator.orders_charged == 0


def test_a_handler_of_ones_own_does_other_kinds(jobs: vitrine.JobStore) -> None:
    """It gets the attempt and a context, and returns the result."""
    job = submit(jobs, "poster", size="a2")

    def print_it(attempt: vitrine.JobAttempt, *, context: vitrine.Context) -> str:
        attempt.save_journal('{"printed":true}', context=context)
        return json.dumps({"size": json.loads(attempt.job.request)["size"]})

    vitrine.LocalEngine(jobs, handlers={"poster": print_it}).drain()
    done = finished(jobs, job)
    assert json.loads(done.result) == {"size": "a2"}
    assert json.loads(done.journal) == {"printed": True}


def test_an_attempt_cannot_be_kept(jobs: vitrine.JobStore) -> None:
    """One that was lent to a handler is of no use afterwards."""
    kept: list[vitrine.JobAttempt] = []

    def keep(attempt: vitrine.JobAttempt, *, context: vitrine.Context) -> str:
        kept.append(attempt)
        return "{}"

    submit(jobs, "poster")
    vitrine.LocalEngine(jobs, handlers={"poster": keep}).drain()
    with pytest.raises(ValueError, match="lent"):
        _ = kept[0].journal


def test_what_a_handler_raises_is_the_reason(jobs: vitrine.JobStore) -> None:
    """A vitrine.Error keeps its code; the message is stored."""

    def refuse(attempt: vitrine.JobAttempt, *, context: vitrine.Context) -> str:
        raise vitrine.ModeratedError("No foxes.")

    job = submit(jobs, "poster")
    vitrine.LocalEngine(jobs, handlers={"poster": refuse}).drain()
    failure = finished(jobs, job).failure
    assert failure is not None and (failure.code, failure.message) == ("moderated", "No foxes.")


def test_an_engine_tells_of_each_end(jobs: vitrine.JobStore, pipeline: vitrine.Pipeline) -> None:
    """The callback gets the job and how its attempt ended; the counts agree."""
    ends: list[vitrine.AttemptEnd] = []
    submit(jobs, "artwork", prompt="a fox", size=[64, 64])
    engine = vitrine.LocalEngine(jobs, pipeline, on_end=lambda job, report: ends.append(report.end))
    engine.drain()
    assert ends == [vitrine.AttemptEnd.completed]
    assert engine.counts.completed == 1 and engine.counts.in_flight == 0


def test_an_engine_runs_beside_python(jobs: vitrine.JobStore, pipeline: vitrine.Pipeline) -> None:
    """Jobs that are made while it runs are done; it stops when told."""
    done = threading.Event()
    engine = vitrine.LocalEngine(jobs, pipeline, on_end=lambda job, report: done.set())
    engine.start()
    submit(jobs, "artwork", prompt="a fox", size=[64, 64])
    engine.nudge()
    assert done.wait(60)
    engine.stop("finish")
    assert engine.counts.completed == 1


def test_a_fetch_of_ones_own_gets_addresses(jobs: vitrine.JobStore, objects: vitrine.ObjectStore) -> None:
    """Without one, and without a policy, no address is fetched."""
    asked: list[str] = []

    def fetch(url: str, *, context: vitrine.Context) -> bytes:
        asked.append(url)
        return objects.get("art/a.png")

    job = submit(jobs, "mockup", artwork="https://pictures.example/a.png", scenes=["templates/one.jpg"])
    vitrine.LocalEngine(jobs, vitrine.Pipeline(jobs, objects, fetch=fetch)).drain()
    assert finished(jobs, job).state is vitrine.JobState.completed
    assert asked == ["https://pictures.example/a.png"]


def test_a_policy_lets_no_private_address_through(jobs: vitrine.JobStore, objects: vitrine.ObjectStore) -> None:
    """The job fails with the reason."""
    job = submit(jobs, "mockup", artwork="https://169.254.169.254/latest", scenes=["templates/one.jpg"])
    vitrine.LocalEngine(jobs, vitrine.Pipeline(jobs, objects, downloads=vitrine.UrlPolicy())).drain()
    failure = finished(jobs, job).failure
    assert failure is not None and failure.code == "unsafe_url"


def test_usage_is_told(pipeline: vitrine.Pipeline) -> None:
    """Nothing is in flight at the start."""
    assert pipeline.usage == vitrine.PipelineUsage()


def test_objects_that_no_result_names_are_tidied(
    jobs: vitrine.JobStore, objects: vitrine.ObjectStore, pipeline: vitrine.Pipeline
) -> None:
    """Those of attempts that were lost go; what the result names stays."""
    job = submit(jobs, "artwork", prompt="a fox", size=[64, 64])
    vitrine.LocalEngine(jobs, pipeline).drain()
    objects.put(f"artworks/{job.id}/0123456789ab.png", b"lost")
    assert pipeline.tidy(job.id) == 1
    assert objects.head(json.loads(finished(jobs, job).result)["object"]["key"]) is not None


def test_ended_jobs_are_archived_and_restored(jobs: vitrine.JobStore, objects: vitrine.ObjectStore) -> None:
    """Written, checked, removed; and back again."""
    job = submit(jobs, "poster")
    jobs.cancel(job.id)
    later = vitrine.FakeClock(finished(jobs, job).updated_at + datetime.timedelta(days=31))
    report = vitrine.archive_jobs(jobs, objects, clock=later)
    assert report.archived == 1 and jobs.find(job.id) is None
    assert vitrine.restore_jobs(jobs, objects, key=report.objects[0].key) == 1
    assert finished(jobs, job).state is vitrine.JobState.cancelled
