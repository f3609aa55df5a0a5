"""bindings/errors.cpp."""

from __future__ import annotations

import pickle

import pytest

import vitrine
from vitrine import ErrorCode


def class_of(code: ErrorCode) -> type[vitrine.Error]:
    """The exception class of a code, by the rule that names them."""
    name = "".join(word.capitalize() for word in code.name.split("_")) + "Error"
    found: type[vitrine.Error] = getattr(vitrine, name)
    return found


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_has_a_class_named_after_it(code: ErrorCode) -> None:
    """The class of a code carries that code."""
    assert class_of(code).code is code


@pytest.mark.parametrize("code", ErrorCode)
def test_an_error_of_the_library_is_raised_as_the_class_of_its_code(code: ErrorCode, scene: vitrine.Image) -> None:
    """What C++ throws with a code is caught as that code's class."""
    with pytest.raises(class_of(code)) as caught:
        vitrine.make_mock_detector(error=code).detect(scene)
    assert caught.value.code is code


def test_an_error_says_where_users_find_it() -> None:
    """Tracebacks name vitrine, not its private module."""
    assert vitrine.NotFoundError.__module__ == "vitrine"


def test_unavailable_is_retryable() -> None:
    """Whether a retry makes sense is known from the class."""
    assert vitrine.UnavailableError("x").retryable


def test_not_found_is_not_retryable() -> None:
    """Nothing appears by asking again."""
    assert not vitrine.NotFoundError("x").retryable


def test_retry_after_is_given_in_seconds() -> None:
    """An error raised in Python can say when to come back."""
    assert vitrine.RateLimitedError("Slow down.", retry_after=2.5).retry_after == 2.5


def test_retry_after_is_none_unless_known() -> None:
    """No time is invented."""
    assert vitrine.RateLimitedError("Slow down.").retry_after is None


def test_the_base_class_is_not_raised_by_itself() -> None:
    """An error without a code would mean nothing to a caller."""
    with pytest.raises(TypeError, match="subclasses"):
        vitrine.Error("x")


def test_an_error_survives_pickling() -> None:
    """Errors cross process borders in worker pools."""
    error = pickle.loads(pickle.dumps(vitrine.RateLimitedError("Slow down.", retry_after=2.5)))
    assert (type(error), str(error), error.retry_after) == (vitrine.RateLimitedError, "Slow down.", 2.5)


def test_a_python_error_passes_through_the_library_as_the_same_object(scene: vitrine.Image) -> None:
    """What a Python detector raises comes back with its identity, so with its traceback."""
    raised = vitrine.UnavailableError("The model server is asleep.", retry_after=3)

    class Asleep(vitrine.Detector):
        def detect(self, scene: object, *, context: vitrine.Context | None = None) -> vitrine.Detection:
            raise raised

    with pytest.raises(vitrine.UnavailableError) as caught:
        vitrine.prepare(scene, detector=Asleep())
    assert caught.value is raised


def test_the_library_understands_the_code_of_a_python_error(scene: vitrine.Image) -> None:
    """A chain goes on behind a Python detector whose model is missing."""

    class Missing(vitrine.Detector):
        def detect(self, scene: object, *, context: vitrine.Context | None = None) -> vitrine.Detection:
            raise vitrine.ModelUnavailableError("No weights.")

    chain = vitrine.make_chain_detector([Missing(), vitrine.make_mock_detector()])
    assert chain.detect(scene)[0].label == "mock_frame"


def test_any_other_python_error_passes_through_unchanged(scene: vitrine.Image) -> None:
    """A defect in a Python detector is not dressed up as something else."""

    class Broken(vitrine.Detector):
        def detect(self, scene: object, *, context: vitrine.Context | None = None) -> vitrine.Detection:
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        vitrine.prepare(scene, detector=Broken())


def test_misuse_is_a_value_error(scene: vitrine.Image) -> None:
    """What the caller does wrong is no trouble in the world."""
    with pytest.raises(ValueError, match="clockwise|cross"):
        vitrine.prepare(scene, quad=[(0, 0), (10, 10), (10, 0), (0, 10)])


def test_a_wrong_word_is_answered_with_the_right_ones() -> None:
    """A misspelt enumeration lists its words."""
    with pytest.raises(ValueError, match="'covr' is no Fit. Use one of: cover, contain, stretch."):
        vitrine.Placement(vitrine.make_procedural_artwork(size=(16, 16)), fit="covr")
