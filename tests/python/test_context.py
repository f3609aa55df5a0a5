"""bindings/context.cpp."""

from __future__ import annotations

import datetime
import threading

import pytest

import vitrine


def test_a_cancelled_context_stops_a_call() -> None:
    """Work that has not started yet is not started."""
    context = vitrine.Context()
    context.cancel()
    with pytest.raises(vitrine.CancelledError):
        context.check()


def test_another_thread_cancels_a_call_that_runs(scene: vitrine.Image) -> None:
    """A detector that would take an hour ends as soon as another thread says so."""
    context = vitrine.Context()
    slow = vitrine.make_mock_detector(takes=3600)
    threading.Timer(0.05, context.cancel).start()
    with pytest.raises(vitrine.CancelledError):
        slow.detect(scene, context=context)


def test_a_deadline_ends_a_call(scene: vitrine.Image) -> None:
    """The timeout is in seconds."""
    slow = vitrine.make_mock_detector(takes=3600)
    with pytest.raises(vitrine.DeadlineExceededError):
        slow.detect(scene, context=vitrine.Context(timeout=0.02))


def test_a_timeout_may_be_a_timedelta() -> None:
    """Durations come in both forms."""
    left = vitrine.Context(timeout=datetime.timedelta(hours=1)).time_left
    assert left is not None
    assert 3500 < left <= 3600


def test_a_context_without_deadline_has_no_time_left_to_tell() -> None:
    """None, not a huge number."""
    assert vitrine.Context().time_left is None


def test_progress_is_reported_in_order() -> None:
    """The callback hears of each step."""
    heard: list[float] = []
    context = vitrine.Context(on_progress=heard.append)
    context.report(0.25)
    context.report(0.75)
    assert heard == [0.25, 0.75]


def test_a_part_reports_its_share() -> None:
    """Halves of a job have halves of its progress."""
    heard: list[float] = []
    vitrine.Context(on_progress=heard.append).part(0.5, 1).report(0.5)
    assert heard == [0.75]


def test_a_part_is_cancelled_with_the_whole() -> None:
    """A part is a handle on the same life."""
    context = vitrine.Context()
    part = context.part(0, 0.5)
    context.cancel()
    assert part.cancelled


def test_what_a_progress_callback_raises_comes_out_of_the_call(scene: vitrine.Image, artwork: vitrine.Image) -> None:
    """A callback's error is not swallowed."""

    def fail(done: float) -> None:
        raise KeyError("progress")

    with pytest.raises(KeyError, match="progress"):
        vitrine.mockup(artwork, scene, context=vitrine.Context(on_progress=fail))


def test_waiting_ends_with_the_context() -> None:
    """wait_for() is cut short by the deadline."""
    with pytest.raises(vitrine.DeadlineExceededError):
        vitrine.Context(timeout=0.01).wait_for(3600)


def test_a_negative_timeout_is_over_at_once() -> None:
    """No time is no time."""
    with pytest.raises(vitrine.DeadlineExceededError):
        vitrine.Context(timeout=-1).check()


def test_a_timeout_that_is_no_number_is_refused() -> None:
    """The message says what a duration is."""
    with pytest.raises(TypeError, match="number of seconds"):
        vitrine.Context(timeout="soon")  # type: ignore[arg-type]


def test_the_system_clock_tells_utc() -> None:
    """Times carry their zone."""
    assert vitrine.make_system_clock().now().tzinfo is datetime.timezone.utc


def test_a_fake_clock_moves_only_when_told() -> None:
    """An hour passes at once."""
    clock = vitrine.FakeClock()
    start = clock.now()
    clock.advance(3600)
    assert clock.now() - start == datetime.timedelta(hours=1)


def test_sleeping_until_the_past_returns_at_once() -> None:
    """Nobody waits for what is over."""
    clock = vitrine.FakeClock()
    clock.sleep_until(clock.now() - datetime.timedelta(seconds=1))


def test_a_time_without_zone_is_refused() -> None:
    """It would mean another moment on another machine."""
    with pytest.raises(ValueError, match="time zone"):
        vitrine.FakeClock(datetime.datetime(2026, 1, 1))


class OwnClock(vitrine.Clock):
    """A clock in Python that always tells the same time."""

    moment = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)

    def now(self) -> datetime.datetime:
        return self.moment

    def sleep_until(self, time: datetime.datetime, *, context: vitrine.Context | None = None) -> None:
        self.moment = time


def test_a_python_clock_works_inside_the_library() -> None:
    """A job is stamped with the time that Python tells."""
    store = vitrine.make_memory_job_store(OwnClock())
    assert store.create(vitrine.NewJob("mockup")).created_at == OwnClock.moment
