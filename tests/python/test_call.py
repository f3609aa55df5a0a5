"""bindings/call.cpp: the GIL, cancel from another thread, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import vitrine
from vitrine.typing import ImageLike


class Meeting(vitrine.Detector):
    """Answers only once another thread has come here too."""

    def __init__(self, barrier: threading.Barrier) -> None:
        super().__init__()
        self._barrier = barrier

    def detect(self, scene: ImageLike, *, context: vitrine.Context | None = None) -> vitrine.Detection:
        self._barrier.wait(timeout=60)
        return vitrine.Detection(reason="We met.")


def test_two_calls_run_side_by_side(scene: vitrine.Image) -> None:
    """Each waits inside C++ for the other: that needs the GIL to be free."""
    barrier = threading.Barrier(2)
    answers: list[vitrine.Detection] = []
    threads = [
        threading.Thread(target=lambda: answers.append(vitrine.detect(scene, detector=Meeting(barrier))))
        for _ in range(2)
    ]
    [thread.start() for thread in threads]  # type: ignore[func-returns-value]
    [thread.join() for thread in threads]  # type: ignore[func-returns-value]
    assert [answer.reason for answer in answers] == ["We met.", "We met."]


def test_python_runs_while_a_call_waits(scene: vitrine.Image) -> None:
    """The call would last for ever if this thread could not cancel it."""
    context = vitrine.Context()
    slow = vitrine.make_mock_detector(takes=3600)
    raised: list[BaseException] = []

    def call() -> None:
        try:
            slow.detect(scene, context=context)
        except vitrine.CancelledError as error:
            raised.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    context.cancel()
    thread.join(timeout=60)
    assert len(raised) == 1


def interrupted(program: str, number: int, cwd: Path) -> subprocess.Popen[str]:
    """Runs a program that prints a line once it is about to enter C++, and sends it a signal then."""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, number)
    return process


SLOW_CALL = """
import vitrine
picture = vitrine.make_procedural_artwork(size=(64, 64))
slow = vitrine.make_mock_detector(takes=3600)
print("ready", flush=True)
try:
    {call}
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize(
    "call",
    [
        "slow.detect(picture)",
        "vitrine.detect(picture, detector=slow)",
        "vitrine.detect(picture, detector=slow, context=vitrine.Context(timeout=7200))",
        "vitrine.prepare(picture, detector=vitrine.make_chain_detector([slow]))",
        "vitrine.Context().part(0, 0.5).wait_for(3600)",
    ],
)
def test_ctrl_c_interrupts_a_call_inside_the_library(call: str, tmp_path: Path) -> None:
    """KeyboardInterrupt comes out of C++ code that would run for an hour."""
    output, _ = interrupted(SLOW_CALL.format(call=call), signal.SIGINT, tmp_path).communicate(timeout=60)
    assert output == "interrupted\n"


def test_a_signal_handler_that_returns_does_not_disturb_the_call(tmp_path: Path) -> None:
    """Only what a handler raises ends the work."""
    program = """
import signal, vitrine
heard = []
signal.signal(signal.SIGUSR1, lambda number, frame: heard.append(number))
print("ready", flush=True)
try:
    vitrine.Context(timeout=1).wait_for(3600)
except vitrine.DeadlineExceededError:
    print(len(heard))
"""
    output, _ = interrupted(program, signal.SIGUSR1, tmp_path).communicate(timeout=60)
    assert output == "1\n"


def test_a_context_can_be_used_again_after_an_error(scene: vitrine.Image) -> None:
    """An error of a callback is raised once."""
    failing = True

    def fail_once(done: float) -> None:
        nonlocal failing
        if failing:
            failing = False
            raise KeyError("once")

    context = vitrine.Context(on_progress=fail_once)
    artwork = vitrine.make_procedural_artwork(size=(16, 16))
    with pytest.raises(KeyError, match="once"):
        vitrine.mockup(artwork, scene, context=context)
    assert vitrine.mockup(artwork, scene, context=context).size == scene.size
