"""Every public name explains itself."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Iterator

import pytest

import vitrine

GIVEN_BY_ENUM = {"name", "value"}


def public_names() -> Iterator[tuple[str, object]]:
    """Every public class and function, and what they have, by its full name."""
    for name, value in vars(vitrine).items():
        if name.startswith("_") or inspect.ismodule(value):
            continue
        yield name, value
        if inspect.isclass(value) and not issubclass(value, enum.Enum):
            yield from (
                (f"{name}.{member}", held) for member, held in vars(value).items() if not member.startswith("_")
            )


def undocumented(names: Iterator[tuple[str, object]]) -> list[str]:
    """The names without a docstring of their own; pybind11 gives every function its signature as first line."""
    return [name for name, value in names if not said_of(name, value)]


def said_of(name: str, value: object) -> str:
    """The docstring without the signatures that pybind11 puts into it."""
    text = inspect.getdoc(value) or ""
    lines = text.splitlines()
    own = name.split(".")[-1]
    return "\n".join(line for line in lines if not line.startswith((f"{own}(", "(self: "))).strip()


def attributes_of_errors(name: str) -> bool:
    """Plain data of an exception class, described in the class's docstring."""
    return name.split(".")[-1] in {"code", "retryable", "retry_after", "fate"}


def test_every_public_name_has_a_docstring() -> None:
    """In help() nothing is left unexplained."""
    missing = [name for name in undocumented(public_names()) if not attributes_of_errors(name)]
    assert missing == []


def test_the_checker_finds_a_missing_docstring() -> None:
    """Canary: a function without one is reported."""

    def silent() -> None: ...

    assert undocumented(iter([("silent", silent)])) == ["silent"]


@pytest.mark.parametrize(
    "enumeration",
    [vitrine.ErrorCode, vitrine.Fit, vitrine.Light, vitrine.Shows, vitrine.Abstention, vitrine.ScenePlace],
)
def test_enumerations_are_real_ones(enumeration: type[enum.Enum]) -> None:
    """Not an imitation."""
    assert issubclass(enumeration, enum.Enum)
