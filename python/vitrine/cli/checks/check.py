"""What a check is: a function that tells what it found, or raises what ails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import vitrine
from vitrine import ErrorCode

Check = Callable[[], str]

_MENDS = {
    ErrorCode.permission_denied: "Grant the right that is named, or use other credentials.",
    ErrorCode.not_found: "Make what is missing, or correct the setting that names it (see docs/configuration.md).",
    ErrorCode.conflict: "Do what the message says; if an index was just made, wait some minutes until it is built.",
    ErrorCode.disk_full: "Make room on that disk, or set VITRINE_DATA_FOLDER to a folder on another one.",
    ErrorCode.corrupt_data: "Put the damaged file back from a copy, or export and import what can still be read.",
    ErrorCode.rate_limited: "Wait, then run vitrine doctor again; if it stays so, raise the limit at the service.",
    ErrorCode.quota_exhausted: "Add credits to the account, or raise its limit.",
}
_OTHERWISE = "Check that the service runs and that this machine reaches it (network, proxy, firewall)."


class Ailment(Exception):
    """A check that failed: what is wrong, and how to mend it."""

    def __init__(self, detail: str, mend: str) -> None:
        super().__init__(detail)
        self.mend = mend


def ailment_of(error: vitrine.Error, *, mend: str = "") -> Ailment:
    """An error of the library as what ails, with a mend by its code unless one is given."""
    return Ailment(str(error), mend or _MENDS.get(error.code, _OTHERWISE))


@contextmanager
def errors_as_ailments(*, mend: str = "") -> Iterator[None]:
    """Turns an error of the library, and a setting that it does not take, into what ails."""
    try:
        yield
    except vitrine.Error as error:
        raise ailment_of(error, mend=mend) from None
    except ValueError as error:
        raise Ailment(str(error), mend or "Correct that setting (see docs/configuration.md).") from None
