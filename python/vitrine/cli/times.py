"""Times on the command line: dates, spans, and how they are shown."""

from __future__ import annotations

import datetime
import re

from vitrine.cli.outcome import WrongUsage

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)([smhdw])")
_LONGEST_SECONDS = 100 * 366 * 86_400


def seconds_of(text: str, option: str) -> float:
    """The seconds in "90s", "15m", "12h", "30d" or "4w"."""
    match = _SPAN.fullmatch(text)
    if match and (seconds := float(match[1]) * _UNITS[match[2]]) <= _LONGEST_SECONDS:
        return seconds
    raise WrongUsage(f"{option} {text!r} is no span of time. Give a number and s, m, h, d or w: {option} 30d")


def moment_of(text: str | None, option: str) -> datetime.datetime | None:
    """The moment in "2026-11-24", "2026-11-24T09:30" (UTC unless it says otherwise), or so long ago: "7d"."""
    if text is None:
        return None
    if _SPAN.fullmatch(text):
        return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds_of(text, option))
    try:
        # Python 3.10 does not read the Z.
        moment = datetime.datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text))
    except ValueError:
        raise WrongUsage(
            f"{option} {text!r} is no time. Give a date, a date and time in UTC, or a span: "
            f"{option} 2026-11-24, {option} 2026-11-24T09:30, {option} 7d"
        ) from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=datetime.timezone.utc)
    return moment.astimezone(datetime.timezone.utc)


def time_json(moment: datetime.datetime | None) -> str | None:
    """As "2026-11-24T09:30:00.250Z"."""
    if moment is None:
        return None
    return moment.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown_time(moment: datetime.datetime | None) -> str:
    """As "2026-11-24 09:30:00", UTC."""
    return "" if moment is None else moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
