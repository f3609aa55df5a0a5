"""What the functions of vitrine take, for annotations in your own code. Not imported by `import vitrine`."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias, Union

from numpy.typing import NDArray

from vitrine import Image, Quad


class PillowImage(Protocol):
    """What is used of a Pillow image."""

    @property
    def mode(self) -> str:
        """Its pixel format, in Pillow's words."""

    def getbands(self) -> tuple[str, ...]:
        """The names of its channels."""

    def tobytes(self) -> bytes:
        """Its pixels."""


class SupportsArray(Protocol):
    """What numpy can make an array of."""

    def __array__(self) -> NDArray[Any]:
        """The array."""


class Readable(Protocol):
    """What bytes can be read from, such as a file opened in binary mode."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Writable(Protocol):
    """What bytes can be written to, such as a file opened in binary mode."""

    def write(self, data: bytes, /) -> object:
        """Takes all of `data`."""


PathLike: TypeAlias = Union[str, "os.PathLike[str]"]
"""Names a file."""

ImageLike: TypeAlias = Union[Image, PathLike, bytes, bytearray, memoryview, PillowImage, SupportsArray]
"""Anything that is a picture: an Image, a path, an encoded file, a Pillow image, a uint8 array."""

QuadLike: TypeAlias = Union[Quad, Sequence[Sequence[float]], NDArray[Any]]
"""Four corners (x, y) in pixels, clockwise from top left."""

Seconds: TypeAlias = Union[float, datetime.timedelta]
"""A duration."""
