"""bindings/record.h: the frozen records that plain C++ structs become."""

from __future__ import annotations

import pickle

import pytest

import vitrine

QUAD = [(0, 0), (10, 0), (10, 10), (0, 10)]


def test_a_record_is_made_by_name() -> None:
    """With the defaults of the header for the rest."""
    assert vitrine.RegionPolicy(min_confidence=0.7).max_area == 1.0


def test_a_record_does_not_change() -> None:
    """Values in, values out."""
    with pytest.raises(AttributeError):
        vitrine.RegionPolicy().min_confidence = 0.1  # type: ignore[misc]


def test_replace_makes_a_changed_copy() -> None:
    """The original stays."""
    policy = vitrine.RegionPolicy(margin=0.1)
    changed = policy.replace(min_confidence=0.9)
    assert (changed.min_confidence, changed.margin, policy.min_confidence) == (0.9, 0.1, 0.5)


def test_replace_refuses_an_unknown_name() -> None:
    """A misspelt attribute is no silent no-op."""
    with pytest.raises(TypeError):
        vitrine.RegionPolicy().replace(confidence=0.9)


def test_records_are_equal_by_their_attributes() -> None:
    """Two regions on one place."""
    assert vitrine.Region(QUAD, label="a") == vitrine.Region(QUAD, label="a")


def test_records_that_differ_are_not_equal() -> None:
    """In one attribute is enough."""
    assert vitrine.Region(QUAD, label="a") != vitrine.Region(QUAD, label="b")


def test_a_record_is_not_equal_to_another_type() -> None:
    """Nor does comparing raise."""
    assert vitrine.RegionPolicy() != vitrine.SurfaceOptions()


def test_repr_shows_what_differs_from_the_default() -> None:
    """Short enough to read."""
    assert repr(vitrine.RegionPolicy(margin=0.25)) == "RegionPolicy(margin=0.25)"


def test_repr_hides_secrets() -> None:
    """A lease token in a log would let its reader write."""
    assert repr(vitrine.Lease(token="s3cret", worker="w")) == "Lease(token=<hidden>, worker='w')"


def test_a_record_survives_pickling() -> None:
    """With what it holds."""
    region = vitrine.Region(QUAD, label="frame", confidence=0.5, shows="hole")
    assert pickle.loads(pickle.dumps(region)) == region


def test_a_record_with_a_picture_survives_pickling(artwork: vitrine.Image) -> None:
    """The mask travels along."""
    region = vitrine.Region(QUAD, mask=vitrine.convert(artwork, "gray8"))
    assert pickle.loads(pickle.dumps(region)).mask == region.mask


def test_a_word_is_taken_for_an_enumeration() -> None:
    """And comes out as its member."""
    assert vitrine.Region(QUAD, shows="hole").shows is vitrine.Shows.hole


def test_third_arguments_are_keyword_only() -> None:
    """Two positions at most."""
    with pytest.raises(TypeError):
        vitrine.Failure("code", "message", True)  # type: ignore[call-arg]
