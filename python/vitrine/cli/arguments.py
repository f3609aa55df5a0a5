"""Options that take several words, which the parser cannot do by itself, and what their words mean."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import vitrine
from vitrine.cli.outcome import WrongUsage

_NUMBER = r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|nan|inf)"
_CORNER = re.compile(rf"{_NUMBER},{_NUMBER}", re.IGNORECASE)
_DETECTORS = ("surface", "mock")


def gathered(arguments: Sequence[str]) -> list[str]:
    """The arguments with `--scene a b` as `--scene a --scene b`, and `--quad` with its corners as one word."""
    result: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return [*result, word, *rest]
        if word == "--quad":
            corners: list[str] = []
            while rest and len(corners) < 4 and _CORNER.fullmatch(rest[0]):
                corners.append(rest.pop(0))
            result += [f"--quad={' '.join(corners)}"] if corners else [word]
        elif word == "--scene":
            result.append(word)
            if rest:
                result.append(rest.pop(0))
            while rest and not rest[0].startswith("-"):
                result += [word, rest.pop(0)]
        else:
            result.append(word)
    return result


def quad_of(text: str | None) -> vitrine.Quad | None:
    """The corners in "x,y x,y x,y x,y"."""
    if text is None:
        return None
    corners = text.split()
    if len(corners) != 4 or not all(_CORNER.fullmatch(corner) for corner in corners):
        raise WrongUsage(
            f"--quad {text!r} is not four corners. Give them in pixels, clockwise from top left: "
            "--quad 120,80 610,95 605,470 118,455"
        )
    return vitrine.Quad([tuple(map(float, corner.split(","))) for corner in corners])


def size_of(text: str) -> tuple[int, int]:
    """The sides in "1024x768"."""
    match = re.fullmatch(r"(\d{1,6})x(\d{1,6})", text)
    if not match:
        raise WrongUsage(f"--size {text!r} is no size. Give width and height in pixels: --size 1024x768")
    return int(match[1]), int(match[2])


def parameters_of(given: Sequence[str]) -> dict[str, str]:
    """The fields in NAME=VALUE…, as JSON: what is no JSON is text, so that quotes are not needed."""
    fields = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not re.fullmatch(r"\w{1,64}", name, re.ASCII):
            raise WrongUsage(f"--parameter {text!r} is no field. Give a name and a value: --parameter steps=28")
        fields[name] = value if _is_json(value) else json.dumps(value)
    return fields


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def micro_usd_of(text: str | None, option: str) -> int | None:
    """The millionths in an amount of dollars such as "0.25"."""
    if text is None:
        return None
    try:
        amount = Decimal(text) * 1_000_000
        if amount.is_finite() and amount == int(amount) and 0 <= amount <= 10**12:
            return int(amount)
    except InvalidOperation:
        pass
    raise WrongUsage(
        f"{option} {text!r} is no amount of dollars from 0 to 1000000 with at most six decimals: {option} 0.25"
    )


def detector_of(name: str, min_confidence: float) -> vitrine.Detector:
    """The detector of that name."""
    if name == "surface":
        return vitrine.make_surface_detector(vitrine.SurfaceOptions(min_confidence=min_confidence))
    if name == "mock":
        return vitrine.make_mock_detector()
    raise WrongUsage(f"There is no detector {name!r}. Use one of: {', '.join(_DETECTORS)}.")


def is_folder(out: Path, given: str) -> bool:
    """True if `--out` means a folder: it is one, ends with a slash, or has no suffix."""
    return out.is_dir() or given.endswith("/") or not out.suffix


def refuse_to_overwrite(out: Path, inputs: Sequence[Path]) -> None:
    """Keeps a slip of the hand from destroying the seller's picture."""
    for path in inputs:
        if path.exists() and out.exists() and out.samefile(path):
            raise WrongUsage(f"--out {str(out)!r} would overwrite the input. Name another file.")
