"""The price table and the page that tells of it."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = json.loads((ROOT / "data/bfl_prices.json").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/generate.md").read_text(encoding="utf-8")


def test_the_page_names_the_date_of_the_table() -> None:
    """Whoever changes a price says as of when."""
    assert f"as of {TABLE['date']}" in PAGE


def test_the_page_tells_of_every_model() -> None:
    """By its whole name."""
    assert [model for model in TABLE["models"] if f"`{model}`" not in PAGE] == []
