"""bindings/generate.cpp, and a generator written in Python."""

from __future__ import annotations

import datetime
import pickle

import numpy as np
import pytest

import vitrine
from vitrine import GenerationRequest, GenerationStatus, GenerationTask, MicroUsd, MockOrder

NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)


class OwnGenerator(vitrine.ImageGenerator):
    """Needs two polls, then sends the prompt as the picture."""

    polls = 0

    def estimate(self, request: GenerationRequest) -> MicroUsd:
        return MicroUsd(len(request.prompt))

    def submit(self, request: GenerationRequest, *, context: vitrine.Context | None = None) -> GenerationTask:
        return GenerationTask(
            id="1", generator="own", request=request, estimated_cost=self.estimate(request), submitted_at=NOW
        )

    def poll(self, task: GenerationTask, *, context: vitrine.Context | None = None) -> GenerationStatus:
        self.polls += 1
        return GenerationStatus(state="ready" if self.polls > 1 else "pending")

    def fetch(
        self, task: GenerationTask, status: GenerationStatus, *, context: vitrine.Context | None = None
    ) -> vitrine.GeneratedImage:
        return vitrine.GeneratedImage(bytes=task.request.prompt.encode(), task=task, cost=task.estimated_cost)

    def poll_interval(self) -> float:
        return 0.001


def test_a_python_generator_is_driven_by_the_library() -> None:
    """generate() submits, polls and fetches it."""
    generator = OwnGenerator()
    made = generator.generate(GenerationRequest("a fox"))
    assert (made.bytes, made.cost, generator.polls) == (b"a fox", MicroUsd(5), 2)


def test_the_order_is_journalled_before_the_first_poll() -> None:
    """After a crash it can be collected."""
    generator = OwnGenerator()
    polls_at_journal: list[int] = []
    generator.generate(GenerationRequest("a fox"), lambda task: polls_at_journal.append(generator.polls))
    assert polls_at_journal == [0]


def test_a_task_is_resumed() -> None:
    """Without ordering again."""
    mock = vitrine.MockGenerator()
    task = mock.submit(GenerationRequest("a fox", size=(64, 64)))
    mock.resume(task)
    assert mock.orders_charged == 1


def test_a_task_hides_its_address() -> None:
    """It may be signed."""
    task = GenerationTask(id="1", generator="g", request=GenerationRequest("p"), polling_url="https://secret")
    assert "secret" not in repr(task)


def test_a_task_survives_pickling() -> None:
    """It is what lets the next process go on."""
    task = OwnGenerator().submit(GenerationRequest("a fox", seed=7))
    assert pickle.loads(pickle.dumps(task)) == task


def test_the_mock_keeps_the_bill() -> None:
    """One order, one price."""
    mock = vitrine.MockGenerator(price=MicroUsd(40_000))
    mock.generate(GenerationRequest("a fox", size=(64, 64)))
    assert mock.charged == MicroUsd(40_000)


def test_an_order_of_unknown_fate_is_never_retryable() -> None:
    """That could pay twice."""
    mock = vitrine.MockGenerator([MockOrder(submit_unknown=True)])
    with pytest.raises(vitrine.SubmitUnknownError) as caught:
        mock.submit(GenerationRequest("a fox"))
    assert not caught.value.retryable


def test_a_moderated_picture_is_an_error_of_its_own() -> None:
    """With the service's detail."""
    mock = vitrine.MockGenerator([MockOrder(ends="moderated", detail="too scary")])
    with pytest.raises(vitrine.ModeratedError):
        mock.generate(GenerationRequest("a fox"))


def test_the_procedural_generator_is_free() -> None:
    """No key, no cost."""
    assert vitrine.make_procedural_generator().estimate(GenerationRequest("line art")) == MicroUsd(0)


def test_the_procedural_generator_makes_a_picture() -> None:
    """Of the size that was asked for."""
    made = vitrine.make_procedural_generator().generate(GenerationRequest("line art", size=(96, 128)))
    assert vitrine.decode_image(made.bytes).size == (96, 128)


def test_amounts_add_exactly() -> None:
    """Ten cents ten times."""
    assert sum([MicroUsd(100_000)] * 10, MicroUsd()) == MicroUsd(1_000_000)


def test_amounts_are_ordered() -> None:
    """For budgets."""
    assert MicroUsd(1) < MicroUsd(2) <= MicroUsd(2) < MicroUsd(3) > MicroUsd(1) >= MicroUsd(1)


def test_amounts_subtract() -> None:
    """Budgets shrink."""
    assert MicroUsd(3) - MicroUsd(1) == MicroUsd(2)


def test_an_amount_does_not_add_to_a_number() -> None:
    """Units are not guessed."""
    with pytest.raises(TypeError):
        MicroUsd(1) + 1  # type: ignore[operator]


def test_an_amount_reads_as_dollars() -> None:
    """Always six decimals."""
    assert str(MicroUsd(12_345_678)) == "12.345678"


@pytest.mark.parametrize("style", vitrine.ArtworkStyle)
def test_an_artwork_is_made_from_its_seed(style: vitrine.ArtworkStyle) -> None:
    """Same seed, same pixels."""
    first = vitrine.make_procedural_artwork(5, style, size=(64, 80))
    assert first == vitrine.make_procedural_artwork(5, style, size=(64, 80))


def test_an_artwork_of_no_size_is_refused() -> None:
    """16 pixels at least."""
    with pytest.raises(ValueError, match="16"):
        vitrine.make_procedural_artwork(size=(1, 1))


def test_a_scene_comes_with_its_truth() -> None:
    """As many surfaces as asked for, light of its size."""
    scene = vitrine.make_procedural_scene(2, "blank", size=(240, 180), surfaces=2)
    assert (len(scene.surfaces), scene.light.size, scene.occluder.size) == (2, (240, 180), (240, 180))


def test_a_scene_with_a_hole_is_transparent_there() -> None:
    """Inside its first surface."""
    scene = vitrine.make_procedural_scene(2, "hole", size=(240, 180))
    x, y = np.asarray(scene.surfaces[0].quad).mean(axis=0).astype(int)
    assert np.asarray(scene.image)[y, x, 3] == 0


def test_a_scene_describes_itself() -> None:
    """In words."""
    assert len(vitrine.make_procedural_scene(2, size=(96, 72)).description) > 10
