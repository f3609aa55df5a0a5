"""What a worker logs: one JSON object a line, with what is secret masked."""

from __future__ import annotations

import datetime
import json
import logging
import re
from collections.abc import Iterable, Mapping

import vitrine
from vitrine.settings import Settings

MASK = "***"

_SECRET = ("api_key", "authorization", "password", "polling_url", "private_key", "secret", "token", "x-key")
_FIELDS = "fields"


def log(logger: logging.Logger, level: int, message: str, **fields: object) -> None:
    """A message with fields, which become members of the JSON object."""
    logger.log(level, "%s", message, extra={_FIELDS: fields})


def log_to_stderr(settings: Settings) -> None:
    """Sends what vitrine and its hosts log to standard error, as the settings say."""
    mask = Mask(settings.log_sensitive_fields)
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(mask) if settings.log_format == "json" else _Text(settings.log_format, mask))
    # Our own messages below this are not even built.
    vitrine.set_log_level("error" if settings.log_level == "critical" else settings.log_level)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)


class Mask:
    """Hides the values of fields that are secret by their names.

    Parameters
    ----------
    names
        Further fields to hide; case does not matter.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(name.lower() for name in (*_SECRET, *names))
        words = "|".join(re.escape(name) for name in sorted(self._names, key=len, reverse=True))
        self._in_text = re.compile(rf"""(?<![\w-])(["']?(?:{words})["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)""", re.I)

    def text(self, text: str) -> str:
        """The text with `name=value` and `"name": "value"` masked."""
        return self._in_text.sub(lambda match: match[1] + MASK, text)

    def fields(self, fields: Mapping[str, object]) -> dict[str, object]:
        """The fields with the secret ones masked."""
        return {name: self._value(name, value) for name, value in fields.items()}

    def _value(self, name: str, value: object) -> object:
        if name.lower() in self._names:
            return MASK
        if isinstance(value, Mapping):
            return self.fields(value)
        return self.text(value) if isinstance(value, str) else value


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the fields of log()."""

    def __init__(self, mask: Mask) -> None:
        super().__init__()
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        time = datetime.datetime.fromtimestamp(record.created, datetime.timezone.utc)
        line: dict[str, object] = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._mask.text(record.getMessage()),
        }
        for name, value in self._mask.fields(getattr(record, _FIELDS, {})).items():
            line.setdefault(name, value)
        if record.exc_info:
            line["exception"] = self._mask.text(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    def __init__(self, layout: str, mask: Mask) -> None:
        super().__init__(layout)
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        return self._mask.text(super().format(record))
