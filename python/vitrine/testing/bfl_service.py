"""The rules of the fake BFL service: what it takes, what it reports, what it delivers. No network here."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import struct
import threading
import time
import uuid
import zlib
from typing import Any

from vitrine.testing.bfl_faults import Fault, FaultKind
from vitrine.testing.bfl_ledger import Ledger, Order

_MODEL = re.compile(r"flux-[a-z0-9.-]+(?:/[a-z0-9.-]+)?")
_NO_PROMPT = (
    "flux-tools/erase",
    "flux-tools/deblur",
    "flux-tools/outpainting",
    "flux-pro-1.0-fill",
    "flux-pro-1.0-expand",
)
_FLUX3_FIELDS = {"prompt", "images", "aspect_ratio", "resolution", "safety_tolerance", "grounding", "version"}
_LONGEST_KEPT = 1000
_RUNS_AT_MOST_SECONDS = 10.0  # a picture ends by itself, also when its client is gone


@dataclasses.dataclass
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


def json_answer(status: int, document: Any, **headers: str) -> Answer:
    """An answer whose body is JSON."""
    return Answer(status, json.dumps(document).encode(), headers=headers)


def _invalid(place: list[str], message: str, kind: str) -> Answer:
    return json_answer(422, {"detail": [{"loc": ["body", *place], "msg": message, "type": kind}]})


def _png(width: int, height: int, colour: bytes) -> bytes:
    """A picture of one colour: the standard library makes no other format (PNG, ISO/IEC 15948)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + colour * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + chunk(b"IEND", b"")
    )


class BflService:
    """Answers orders, polls and fetches, and charges for orders.

    Parameters
    ----------
    ledger
        Where orders are kept.
    key
        The only key that is accepted.
    credits_each
        What an order costs; a credit is a US cent.
    pending_polls
        Polls that answer "Pending" before an order ends.
    most_active
        Orders that may run at once; a further one is answered with 429. An order runs until a poll tells of its end,
        and for ten seconds at most.
    address_seconds
        How long the address of a picture holds.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        key: str = "test-key",
        credits_each: float = 3.0,
        pending_polls: int = 1,
        most_active: int = 24,
        address_seconds: float = 600.0,
    ) -> None:
        self.ledger = ledger
        self._key = key
        self._credits_each = credits_each
        self._pending_polls = pending_polls
        self._most_active = most_active
        self._address_seconds = address_seconds
        self._lock = threading.Lock()
        self._running: dict[str, float] = {}
        self._addresses: dict[str, tuple[str, float]] = {}
        self.keys_on_delivery = 0
        """Fetches that carried the key, which must not happen."""

    def knows(self, key: str | None) -> bool:
        """True for the right key."""
        return key == self._key

    def submit(self, model: str, body: bytes, base: str, fault: Fault | None) -> Answer:
        """Takes an order, or says why not."""
        if _MODEL.fullmatch(model) is None:
            return json_answer(404, {"detail": "Not Found"})
        try:
            fields = json.loads(body)
        except ValueError:
            return _invalid([], "JSON decode error", "json_invalid")
        if (refusal := self._refusal(model, fields)) is not None:
            return refusal
        # Held until the order is in the ledger: two orders must not both take the last place.
        with self._lock:
            if self._active() >= self._most_active:
                return json_answer(429, {"detail": "Too many active tasks"})
            order = self._order(model, fields, fault)
            self.ledger.take(order)
            self._running[order.id] = time.monotonic()
        cost = self._credits(fault)
        receipt: dict[str, Any] = {"id": order.id, "cost": cost if order.tells_cost else None}
        receipt |= {"input_mp": None, "output_mp": 1.0}
        is_odd = fault is not None and fault.kind is FaultKind.POLLING_URL
        url = fault.value if fault is not None and is_odd else f"{base}/v1/get_result?id={order.id}"
        if url:
            receipt["polling_url"] = url
        return json_answer(200, receipt)

    def poll(self, id: str, base: str, fault: Fault | None) -> Answer:
        """Reports where an order stands."""
        order = self.ledger.find(id)
        if order is None:
            return json_answer(200, {"id": id, "status": "Task not found", "result": None})
        report: dict[str, Any] = {"id": id, "status": "Pending", "result": None, "progress": None, "details": None}
        if fault is not None and fault.kind is FaultKind.STATE:
            return json_answer(200, {**report, "status": fault.value})
        self.ledger.change(id, polls=order.polls + 1)
        if order.polls < self._pending_polls:
            return json_answer(200, {**report, "progress": order.polls / (self._pending_polls + 1)})
        with self._lock:
            self._running.pop(id, None)
            report["status"] = order.ends
            if order.ends == "Ready":
                token = uuid.uuid4().hex
                self._addresses[id] = (token, time.monotonic() + self._address_seconds)
                report["result"] = {"sample": f"{base}/delivery/{id}?sig={token}", "seed": order.fields.get("seed")}
        if "Moderated" in order.ends:
            report["details"] = {"Moderation Reasons": ["Derivative Works Filter"]}
        if order.tells_cost:
            report["cost"] = order.charged_micro_usd / 10_000
        return json_answer(200, report)

    def fetch(self, id: str, token: str, carries_key: bool, fault: Fault | None) -> Answer:
        """Delivers a picture."""
        order = self.ledger.find(id)
        with self._lock:
            self.keys_on_delivery += carries_key
            if fault is not None and fault.kind is FaultKind.EXPIRED:
                self._addresses.pop(id, None)
            known, end = self._addresses.get(id, ("", 0.0))
        if order is None or token != known or not token or time.monotonic() >= end:
            return Answer(403, b"<Error><Code>AuthenticationFailed</Code></Error>", "application/xml")
        self.ledger.change(id, fetches=order.fetches + 1)
        look = hashlib.sha256(json.dumps(order.fields, sort_keys=True).encode()).digest()[:3]
        width, height = (int(order.fields.get(side, 256)) for side in ("width", "height"))
        return Answer(200, _png(width, height, look), "image/png")

    def balance(self) -> Answer:
        """What is left of a hundred dollars."""
        return json_answer(200, {"credits": 10_000 - self.ledger.bill().charged_micro_usd / 10_000})

    def _active(self) -> int:
        now = time.monotonic()
        self._running = {id: since for id, since in self._running.items() if now - since < _RUNS_AT_MOST_SECONDS}
        return len(self._running)

    def _credits(self, fault: Fault | None) -> float:
        return float(fault.value) if fault is not None and fault.kind is FaultKind.COST else self._credits_each

    def _order(self, model: str, fields: dict[str, Any], fault: Fault | None) -> Order:
        kind = None if fault is None else fault.kind
        ends = "Ready"
        if fault is not None and kind is FaultKind.MODERATED:
            ends = fault.value or "Request Moderated"
        elif kind is FaultKind.FAILED:
            ends = "Error"
        kept = {
            name: value[:_LONGEST_KEPT] if isinstance(value, str) and name != "prompt" else value
            for name, value in fields.items()
        }
        return Order(
            id=str(uuid.uuid4()),
            model=model,
            fields=kept,
            charged_micro_usd=round(self._credits(fault) * 10_000) if ends == "Ready" else 0,
            ends=ends,
            tells_cost=kind is not FaultKind.NO_COST,
            taken_at=time.time(),
        )

    def _refusal(self, model: str, fields: Any) -> Answer | None:
        if not isinstance(fields, dict):
            return _invalid([], "Input should be a valid dictionary", "model_attributes_type")
        if not isinstance(fields.get("prompt"), str) and not model.startswith(_NO_PROMPT):
            return _invalid(["prompt"], "Field required", "missing")
        for side in ("width", "height"):
            value = fields.get(side, 64)
            if not isinstance(value, int) or not 64 <= value <= 4096:
                return _invalid([side], "Input should be greater than or equal to 64", "greater_than_equal")
        if model == "flux-3-image" and (extra := sorted(set(fields) - _FLUX3_FIELDS)):
            return _invalid([extra[0]], "Extra inputs are not permitted", "extra_forbidden")
        return None
