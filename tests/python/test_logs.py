"""What a worker logs."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from vitrine.logs import JsonLines, Mask


def line_of(said: str, mask: Mask | None = None, **fields: object) -> Any:
    """A logged line, read back."""
    record = logging.LogRecord("vitrine.worker", logging.WARNING, "x.py", 1, said, None, None)
    record.fields = fields
    return json.loads(JsonLines(mask or Mask()).format(record))


def test_a_line_has_time_level_logger_and_message() -> None:
    """And the fields."""
    line = line_of("It is so.", job="j1")
    assert (line["level"], line["logger"], line["message"], line["job"]) == (
        "warning",
        "vitrine.worker",
        "It is so.",
        "j1",
    )
    assert line["time"].endswith("Z")


def test_a_message_of_several_lines_stays_on_one() -> None:
    """Whoever reads the log counts lines."""
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "a\nb", None, None)
    assert "\n" not in JsonLines(Mask()).format(record)


def test_a_field_does_not_replace_what_every_line_has() -> None:
    """A job could be called anything."""
    assert line_of("It is so.", message="other")["message"] == "It is so."


@pytest.mark.parametrize(
    "text",
    [
        "api_key=s3cret",
        'the body was {"token": "s3cret", "a": 1}',
        "Authorization: s3cret",
        "PASSWORD = 's3cret'",
        "x-key: s3cret, next",
        "email=s3cret",
    ],
)
def test_secret_fields_are_masked_in_messages(text: str) -> None:
    """By their names; LOG_SENSITIVE_FIELDS adds some."""
    assert "s3cret" not in json.dumps(line_of(text, Mask(["email"])))


def test_secret_fields_are_masked_in_fields() -> None:
    """At any depth."""
    line = line_of("x", polling_url="s3cret", request={"Token": "s3cret", "prompt": "fern"})
    assert (line["polling_url"], line["request"]) == ("***", {"Token": "***", "prompt": "fern"})


def test_other_words_are_left_alone() -> None:
    """Also those that a secret's name is a part of."""
    text = "tokens: 5, my-token-count: 7; the token is fine"
    assert line_of(text)["message"] == text


def test_an_exception_is_one_field() -> None:
    """With its traceback."""
    try:
        raise KeyError("gone")
    except KeyError as error:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "m", None, (KeyError, error, error.__traceback__))
    assert "KeyError" in json.loads(JsonLines(Mask()).format(record))["exception"]
