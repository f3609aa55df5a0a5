"""bindings/log.cpp."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

import vitrine


def test_the_package_logger_has_a_null_handler() -> None:
    """Nothing is printed unless the host wants it."""
    assert [type(handler) for handler in logging.getLogger("vitrine").handlers] == [logging.NullHandler]


def test_a_wrong_level_is_refused() -> None:
    """The message lists the words."""
    with pytest.raises(ValueError, match="debug, info, warning, error"):
        vitrine.set_log_level("loud")


def test_the_interpreter_ends_cleanly_while_a_call_runs_in_a_daemon_thread() -> None:
    """A thread inside C++ neither blocks nor crashes the end of the process."""
    program = """
import threading, vitrine
detector = vitrine.make_mock_detector(takes=3600)
picture = vitrine.make_procedural_artwork(size=(64, 64))
threading.Thread(target=detector.detect, args=(picture,), daemon=True).start()
"""
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0
