"""A decorator that calls a function no faster than it may be called."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from vitrine._core import RateLimiter

P = ParamSpec("P")
R = TypeVar("R")


def rate_limited(
    limiter: RateLimiter, *, key: str | Callable[P, str] = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let calls of a function through at the limiter's rate; the others wait in line.

    Parameters
    ----------
    limiter
        Share one between all functions that share a limit.
    key
        Which of the limiter's buckets to take from: a text, or a function of the call's arguments.

    Returns
    -------
    The decorator. The wait can be broken off by Ctrl-C.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            limiter.acquire(key(*args, **kwargs) if callable(key) else key)
            return function(*args, **kwargs)

        return limited

    return decorate
