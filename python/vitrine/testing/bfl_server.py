"""The fake BFL service as an HTTP server on this machine."""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import struct
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from vitrine.testing.bfl_faults import Fault, FaultKind, FaultScript, Verb
from vitrine.testing.bfl_ledger import Bill, Ledger, Order
from vitrine.testing.bfl_service import Answer, BflService, json_answer

_PIECES = 16
_LONGEST_BODY = 256 << 20
_HTML = b"<html><body>Bad gateway</body></html>"


class FakeBfl:
    """Plays Black Forest Labs' API over HTTP, with faults by script, and keeps the bill.

    Point a client at `url` instead of https://api.bfl.ai, with the key `key`. It takes orders at /v1/<model>, reports
    at the polling address of each, delivers at the address in the report and tells the balance at /v1/credits.
    Everything below /_fake/ is for the test, also from another process:

    | request | answer |
    | --- | --- |
    | GET /_fake/bill | `{"orders", "charged_micro_usd", "by_prompt"}` |
    | GET /_fake/orders | every order with its charge, polls and fetches |
    | GET /_fake/requests | requests by verb, and fetches that carried the key |
    | GET, POST, DELETE /_fake/faults | faults to come; POST appends one or a list |
    | POST /_fake/down | `{"seconds"}`: nobody listens for so long |

    Parameters
    ----------
    port
        0 takes a free one.
    state
        File that keeps orders and charges; a service that is started with the same file goes on with them.
    key
        The only key that is accepted.
    credits_each
        What an order costs; a credit is a US cent.
    pending_polls
        Polls that answer "Pending" before an order ends.
    most_active
        Orders that may run at once; a further one is answered with 429.
    address_seconds
        How long the address of a picture holds.
    fault_rate
        Share of requests that meet a random network fault.
    seed
        Of the random faults.

    Raises
    ------
    OSError
        The port is taken.

    Examples
    --------
    >>> with FakeBfl() as service:
    ...     service.add(Fault("submit", FaultKind.LOST))
    ...     run_my_code(service.url, service.key)
    ...     assert service.bill().orders == 1
    """

    def __init__(
        self,
        *,
        port: int = 0,
        state: Path | str | None = None,
        key: str = "test-key",
        credits_each: float = 3.0,
        pending_polls: int = 1,
        most_active: int = 24,
        address_seconds: float = 600.0,
        fault_rate: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.key = key
        self.script = FaultScript(fault_rate, seed)
        self.requests: Counter[str] = Counter()
        self.stopping = threading.Event()
        self.is_down = False
        self._up = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), self)
        self._port = int(self._server.server_address[1])
        self._ledger = Ledger(None if state is None else Path(state))
        self.service = BflService(
            self._ledger,
            key=key,
            credits_each=credits_each,
            pending_polls=pending_polls,
            most_active=most_active,
            address_seconds=address_seconds,
        )
        self._listen()

    def __enter__(self) -> FakeBfl:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def url(self) -> str:
        """The base address, as "http://127.0.0.1:43210"."""
        return f"http://127.0.0.1:{self._port}"

    def add(self, *faults: Fault) -> None:
        """Appends faults to the script."""
        for fault in faults:
            self.script.add(fault)

    def bill(self) -> Bill:
        """What is charged."""
        return self._ledger.bill()

    def orders(self) -> list[Order]:
        """All orders, in the order in which they came."""
        return self._ledger.orders()

    def down(self, seconds: float) -> None:
        """From now on nobody listens for so long, or until up(); returns at once."""
        with self._lock:
            if self.is_down or self.stopping.is_set():
                return
            self.is_down = True
            self._up.clear()
        threading.Thread(target=self._pause, args=(seconds,), daemon=True).start()

    def up(self) -> None:
        """Ends a down() before its time."""
        self._up.set()

    def close(self) -> None:
        """Stops. What is under way is cut off."""
        self.stopping.set()
        self._up.set()
        with self._lock:
            self._stop_listening()
        self._ledger.close()

    def count(self, verb: str) -> None:
        """Counts a request."""
        with self._lock:
            self.requests[verb] += 1

    def control(self, method: str, path: str, body: bytes) -> Answer:
        """Answers what comes to /_fake/."""
        if method == "GET" and path == "bill":
            return json_answer(200, dataclasses.asdict(self.bill()))
        if method == "GET" and path == "orders":
            return json_answer(200, [dataclasses.asdict(order) for order in self.orders()])
        if method == "GET" and path == "requests":
            return json_answer(200, {**self.requests, "keys_on_delivery": self.service.keys_on_delivery})
        if method == "GET" and path == "faults":
            return json_answer(200, [dataclasses.asdict(fault) for fault in self.script.pending()])
        if method == "DELETE" and path == "faults":
            self.script.clear()
            return json_answer(200, {})
        try:
            document = json.loads(body or b"null")
            if method == "POST" and path == "faults":
                self.add(*[Fault.of(each) for each in (document if isinstance(document, list) else [document])])
                return json_answer(200, {})
            if method == "POST" and path == "down":
                self.down(float(document["seconds"]))
                return json_answer(200, {})
        except (ValueError, TypeError, KeyError) as error:
            return json_answer(400, {"detail": str(error)})
        return json_answer(404, {"detail": f"There is no {method} /_fake/{path}."})

    def _listen(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _stop_listening(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _pause(self, seconds: float) -> None:
        with self._lock:
            if self.stopping.is_set():
                return
            self._stop_listening()
        self._up.wait(seconds)
        with self._lock:
            if self.stopping.is_set():
                return
            self._server = _Server(("127.0.0.1", self._port), self)
            self.is_down = False
            self._listen()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], fake: FakeBfl) -> None:
        self.fake = fake
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that are killed or give up are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: addresses are signed."""

    def do_GET(self) -> None:
        """Polls, fetches, balance, and the test's own questions."""
        self._handle("GET")

    def do_POST(self) -> None:
        """Orders, and the test's own commands."""
        self._handle("POST")

    def do_DELETE(self) -> None:
        """The test's own commands."""
        self._handle("DELETE")

    def _handle(self, method: str) -> None:
        fake = self.server.fake
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= _LONGEST_BODY:
            self._reset()
            return
        body = self.rfile.read(length)
        if parts.path.startswith("/_fake/"):
            self._send(fake.control(method, parts.path.removeprefix("/_fake/"), body))
        elif fake.is_down:
            self._reset()
        elif (verb := self._verb(method, parts.path)) is None:
            is_balance = (method, parts.path) == ("GET", "/v1/credits")
            self._send(self._authorized(fake.service.balance) if is_balance else json_answer(404, {"detail": "Not Found"}))
        else:
            fake.count(verb)
            self._play(verb, fake.script.next(verb), body)

    @staticmethod
    def _verb(method: str, path: str) -> Verb | None:
        if method == "GET" and path == "/v1/get_result":
            return "poll"
        if method == "GET" and path.startswith("/delivery/"):
            return "fetch"
        return "submit" if method == "POST" and path.startswith("/v1/") else None

    def _authorized(self, answer: Any) -> Answer:
        if not self.server.fake.service.knows(self.headers.get("x-key")):
            return json_answer(403, {"detail": "Not authenticated - Invalid Authentication"})
        made = answer()
        assert isinstance(made, Answer)
        return made

    def _carry_out(self, verb: Verb, body: bytes, fault: Fault | None) -> Answer:
        fake = self.server.fake
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if verb == "submit":
            model = parts.path.removeprefix("/v1/")
            return self._authorized(lambda: fake.service.submit(model, body, fake.url, fault))
        if verb == "poll":
            return self._authorized(lambda: fake.service.poll(query.get("id", ""), fake.url, fault))
        id = parts.path.removeprefix("/delivery/")
        return fake.service.fetch(id, query.get("sig", ""), "x-key" in self.headers, fault)

    def _play(self, verb: Verb, fault: Fault | None, body: bytes) -> None:
        kind = None if fault is None else fault.kind
        if fault is None or kind is None:
            self._send(self._carry_out(verb, body, None))
        elif kind is FaultKind.RESET:
            self._reset()
        elif kind is FaultKind.DOWN:
            self.server.fake.down(fault.seconds)
            self._reset()
        elif kind is FaultKind.STATUS:
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self._send(json_answer(fault.status, {"detail": "The script says so"}, **headers))
        elif kind is FaultKind.REDIRECT:
            self._send(json_answer(302, {}, Location=fault.value))
        elif kind is FaultKind.SLOW:
            self.server.fake.stopping.wait(fault.seconds)
            self._send(self._carry_out(verb, body, None))
        else:
            self._spoil(self._carry_out(verb, body, fault), fault)

    def _spoil(self, answer: Answer, fault: Fault) -> None:
        """Sends the answer of a request that was carried out, as the fault has it."""
        if fault.kind is FaultKind.LOST:
            self._reset()
        elif fault.kind is FaultKind.CUT:
            self._begin(answer, len(answer.body))
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.wfile.flush()
            self._reset()
        elif fault.kind is FaultKind.WRONG_LENGTH:
            self._begin(answer, len(answer.body) + 100)
            self.wfile.write(answer.body)
            self.close_connection = True
        elif fault.kind is FaultKind.TRICKLE:
            self._begin(answer, len(answer.body))
            step = max(1, -(-len(answer.body) // _PIECES))
            for start in range(0, len(answer.body), step):
                self.wfile.write(answer.body[start : start + step])
                self.server.fake.stopping.wait(fault.seconds / _PIECES)
        elif fault.kind is FaultKind.GARBAGE:
            self._send(dataclasses.replace(answer, body=_HTML))
        else:  # the fault is in the answer itself
            self._send(answer)

    def _begin(self, answer: Answer, length: int) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, answer: Answer) -> None:
        self._begin(answer, len(answer.body))
        self.wfile.write(answer.body)

    def _reset(self) -> None:
        """Ends the connection by RST, as a crash does, and not in good order."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        # Now, since the server would close in good order first, which sends FIN.
        os.close(self.connection.detach())
