"""bindings/call.cpp: the GIL, cancel from another thread, Ctrl-C."""

from __future__ import annotations

import subprocess
import sys
import threading

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
    """Each is inside the library, in an override that waits for the other one."""
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
    """The GIL is free while C++ waits: else this thread could not cancel the call, which would last an hour."""
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


SIGNALLED_CALL = """
import os, signal, sys, threading, vitrine

picture = vitrine.make_procedural_artwork(size=(64, 64))
slow = vitrine.make_mock_detector(takes=3600)
heard = []
signal.signal(signal.SIGUSR1, lambda number, frame: heard.append(number))
entering = threading.Event()

def send():
    entering.wait()
    os.kill(os.getpid(), signal.{number})

# Threads change only where one lets go of the GIL: the signal is sent once the main thread is inside the library.
sys.setswitchinterval(1000)
sender = threading.Thread(target=send)
sender.start()
entering.set()
try:
    {call}
except BaseException as error:
    print(type(error).__name__, len(heard))
"""


def outcome_of(call: str, number: str) -> str:
    """What comes out of a call that gets a signal while it runs, and how often a handler of Python code ran."""
    program = SIGNALLED_CALL.format(call=call, number=number)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    return run.stdout.strip()


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
def test_ctrl_c_interrupts_a_call_inside_the_library(call: str) -> None:
    """KeyboardInterrupt comes out of C++ code that would run for an hour."""
    assert outcome_of(call, "SIGINT") == "KeyboardInterrupt 0"


def test_a_signal_handler_that_returns_does_not_disturb_the_call() -> None:
    """It runs while the call goes on to its own end."""
    assert outcome_of("vitrine.Context(timeout=0.5).wait_for(3600)", "SIGUSR1") == "DeadlineExceededError 1"


def test_a_context_is_cancelled_by_an_error(scene: vitrine.Image) -> None:
    """An error of a callback is raised once; what uses its context afterwards ends at once."""
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
    with pytest.raises(vitrine.CancelledError):
        vitrine.mockup(artwork, scene, context=context)
