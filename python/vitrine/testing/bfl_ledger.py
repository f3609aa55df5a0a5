"""What the fake BFL service was ordered and what it charges, kept in a file."""

from __future__ import annotations

import dataclasses
import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any


@dataclasses.dataclass
class Order:
    """An order that was taken."""

    id: str
    model: str
    fields: dict[str, Any]
    """The body of the request. Texts of more than 1000 characters, which are pictures, are cut."""
    charged_micro_usd: int
    """What it is charged, from the moment that it is taken; 0 once it is moderated or has failed."""
    ends: str = "Ready"
    """The status that it ends with."""
    tells_cost: bool = True
    polls: int = 0
    fetches: int = 0
    taken_at: float = 0.0
    """Seconds since the epoch."""

    @property
    def prompt(self) -> str:
        """What was asked for; empty if nothing was."""
        return str(self.fields.get("prompt", ""))


@dataclasses.dataclass(frozen=True)
class Bill:
    """All that is charged."""

    orders: int
    """Orders that are charged more than nothing."""
    charged_micro_usd: int
    by_prompt: dict[str, int]
    """Orders charged for each prompt: more than 1 is a picture that was paid for twice, if prompts are told apart."""


class Ledger:
    """The orders of a fake service. Safe to use from many threads at once.

    Each change is a line of JSON in `path`, written before the answer leaves: a service that is killed and started again
    with the same file goes on where it was. Without a path it lives in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._orders: dict[str, Order] = {}
        self._file = None
        if path is not None:
            self._replay(path)
            self._file = path.open("ab", buffering=0)

    def take(self, order: Order) -> None:
        """Notes an order."""
        with self._lock:
            self._orders[order.id] = order
            self._write("take", dataclasses.asdict(order))

    def change(self, id: str, **fields: Any) -> None:
        """Changes fields of an order."""
        with self._lock:
            self._orders[id] = dataclasses.replace(self._orders[id], **fields)
            self._write("change", {"id": id, **fields})

    def find(self, id: str) -> Order | None:
        """A copy of the order of that id."""
        with self._lock:
            order = self._orders.get(id)
            return None if order is None else dataclasses.replace(order)

    def orders(self) -> list[Order]:
        """Copies of all orders, in the order in which they came."""
        with self._lock:
            return [dataclasses.replace(order) for order in self._orders.values()]

    def bill(self) -> Bill:
        """What is charged for all of them."""
        charged = [order for order in self.orders() if order.charged_micro_usd > 0]
        return Bill(
            orders=len(charged),
            charged_micro_usd=sum(order.charged_micro_usd for order in charged),
            by_prompt=dict(Counter(order.prompt for order in charged)),
        )

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, event: str, fields: dict[str, Any]) -> None:
        if self._file is None:
            return
        self._file.write(json.dumps({"event": event, **fields}).encode() + b"\n")

    def _replay(self, path: Path) -> None:
        if not path.exists():
            return
        content = path.read_bytes()
        lines = content.split(b"\n")
        # A service that was killed while it wrote leaves half a line, which no answer has told of. It is cut off, since
        # the next line would be glued to it.
        if lines[-1]:
            os.truncate(path, len(content) - len(lines[-1]))
        for line in lines[:-1]:
            fields = json.loads(line)
            if fields.pop("event") == "take":
                self._orders[fields["id"]] = Order(**fields)
            else:
                self._orders[fields["id"]] = dataclasses.replace(self._orders[fields["id"]], **fields)
