"""The faults that the fake BFL service plays, one request at a time."""

from __future__ import annotations

import dataclasses
import random
import threading
from collections.abc import Mapping
from enum import Enum
from typing import Any, Literal, cast

Verb = Literal["submit", "poll", "fetch"]
"""The sorts of request: ordering a picture, asking for it, fetching it."""


class FaultKind(str, Enum):
    """What goes wrong."""

    RESET = "reset"
    """The connection is reset before anything is done: nothing is charged."""
    LOST = "lost"
    """The request is carried out, then the connection is reset: an order is charged and its answer lost."""
    CUT = "cut"
    """The answer is reset in the middle of its body."""
    WRONG_LENGTH = "wrong_length"
    """The answer promises more bytes than it has."""
    SLOW = "slow"
    """The answer begins after `seconds`."""
    TRICKLE = "trickle"
    """The answer's body comes in 16 pieces spread over `seconds`."""
    STATUS = "status"
    """Nothing is done; the answer has `status`, and `retry_after` as its Retry-After header."""
    GARBAGE = "garbage"
    """The request is carried out; the answer's body is replaced by HTML, or by bytes that are no picture."""
    DOWN = "down"
    """Nobody listens for `seconds`: this request is reset, further connections are refused."""

    MODERATED = "moderated"
    """The order ends as `value`, "Request Moderated" by default, and is not charged."""
    FAILED = "failed"
    """The order ends as "Error" and is not charged."""
    STATE = "state"
    """A poll answers the status `value` and does not count as one that the order waits for."""
    COST = "cost"
    """The order costs `value` credits."""
    NO_COST = "no_cost"
    """Neither the answer to the order nor its reports say what it costs."""
    POLLING_URL = "polling_url"
    """The answer to the order names `value` as the polling address; none if it is empty."""

    EXPIRED = "expired"
    """The picture's address has expired: 403, until a poll gives a new one."""
    REDIRECT = "redirect"
    """The answer is a redirect to `value`."""


ONLY_ON: dict[FaultKind, Verb] = {
    FaultKind.MODERATED: "submit",
    FaultKind.FAILED: "submit",
    FaultKind.COST: "submit",
    FaultKind.NO_COST: "submit",
    FaultKind.POLLING_URL: "submit",
    FaultKind.STATE: "poll",
    FaultKind.EXPIRED: "fetch",
}
"""Faults that make sense for one verb only."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """One fault and the requests that it meets.

    Raises
    ------
    ValueError
        The kind does not go with the verb, or a number is out of range; the message says which.
    """

    on: Verb
    """The requests that it meets."""
    kind: FaultKind
    times: int = 1
    """How many requests it meets, at least 1."""
    after: int = 0
    """How many such requests pass first."""
    seconds: float = 0.0
    status: int = 503
    retry_after: str = ""
    value: str = ""

    def __post_init__(self) -> None:
        """Refuses what cannot be played."""
        if self.on not in ("submit", "poll", "fetch"):
            raise ValueError(f"Fault.on is {self.on!r}; it must be submit, poll or fetch.")
        object.__setattr__(self, "kind", FaultKind(self.kind))
        if ONLY_ON.get(self.kind, self.on) != self.on:
            raise ValueError(f"The fault {self.kind.value!r} happens on {ONLY_ON[self.kind]!r} only, not {self.on!r}.")
        if self.times < 1 or self.after < 0 or not 0 <= self.seconds <= 3600 or not 200 <= self.status <= 599:
            raise ValueError(
                f"{self} cannot be played: times must be at least 1, after at least 0, seconds 0 to 3600, "
                "status 200 to 599."
            )

    @staticmethod
    def of(document: Mapping[str, Any]) -> Fault:
        """The fault that a JSON object describes by the names of these fields."""
        known = {field.name for field in dataclasses.fields(Fault)}
        if unknown := set(document) - known:
            raise ValueError(f"A fault has no {sorted(unknown)[0]!r}; it has {', '.join(sorted(known))}.")
        return Fault(**cast(Any, document))


_RANDOM: dict[Verb, list[Fault]] = {
    verb: [
        Fault(verb, FaultKind.RESET),
        Fault(verb, FaultKind.LOST),
        Fault(verb, FaultKind.CUT),
        Fault(verb, FaultKind.WRONG_LENGTH),
        Fault(verb, FaultKind.SLOW, seconds=0.05),
        Fault(verb, FaultKind.STATUS, status=500),
        Fault(verb, FaultKind.STATUS, status=503),
        Fault(verb, FaultKind.STATUS, status=429, retry_after="0"),
    ]
    for verb in cast("tuple[Verb, ...]", ("submit", "poll", "fetch"))
}


class FaultScript:
    """The faults still to come. Safe to use from many threads at once.

    Parameters
    ----------
    rate
        Share of requests that meet a random network fault, in [0, 1], when the script has none for them.
    seed
        Same seed, same faults, for the same order of requests.
    """

    def __init__(self, rate: float = 0.0, seed: int = 0) -> None:
        if not 0 <= rate <= 1:
            raise ValueError(f"The rate of faults is {rate}; it must be 0 to 1.")
        self._rate = rate
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Appends a fault."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forgets all that is still to come; random faults go on."""
        with self._lock:
            self._faults.clear()

    def pending(self) -> list[Fault]:
        """What is still to come, as it stands."""
        with self._lock:
            return list(self._faults)

    def next(self, verb: Verb) -> Fault | None:
        """The fault that a request meets, taken off the script."""
        with self._lock:
            met: Fault | None = None
            left: list[Fault] = []
            for fault in self._faults:
                if fault.on != verb or met is not None:
                    left.append(fault)
                elif fault.after > 0:
                    left.append(dataclasses.replace(fault, after=fault.after - 1))
                else:
                    met = fault
                    if fault.times > 1:
                        left.append(dataclasses.replace(fault, times=fault.times - 1))
            self._faults = left
            if met is None and self._rate > 0 and self._random.random() < self._rate:
                return self._random.choice(_RANDOM[verb])
            return met
