"""Google's services on this machine: the Firestore emulator, and a Firestore that refuses."""

from __future__ import annotations

import datetime
import email.utils
import importlib.util
import json
import shutil
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

PROJECT = "demo-vitrine"

INDEX_LINK = "https://console.firebase.google.com/v1/r/project/demo-vitrine/firestore/indexes?create_composite=abc"
REFUSALS: dict[str, tuple[int, str]] = {
    "PERMISSION_DENIED": (403, "Missing or insufficient permissions."),
    "FAILED_PRECONDITION": (400, f"The query requires an index. You can create it here: {INDEX_LINK}"),
    "DEADLINE_EXCEEDED": (504, "Deadline exceeded"),
}


def _launcher() -> ModuleType:
    """The program that runs commands beside the emulator."""
    path = Path(__file__).parents[1] / "support" / "with_firestore_emulator.py"
    spec = importlib.util.spec_from_file_location("with_firestore_emulator", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def missing_emulator() -> str:
    """Why the emulator cannot be started; empty if it can."""
    if _launcher().find_jar() is None:
        return "Google's Firestore emulator is not installed (the package google-cloud-cli-firestore-emulator)."
    return "" if shutil.which("java") else "java is not installed, which Google's Firestore emulator needs."


@contextmanager
def firestore_emulator() -> Iterator[str]:
    """HOST:PORT of an emulator that ends with the block."""
    launcher = _launcher()
    host = f"127.0.0.1:{launcher.free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "emulator.log"
        with log.open("wb") as output:
            emulator = subprocess.Popen(
                [
                    "java", "-Xmx512m", "-Duser.language=en", "-cp", str(launcher.find_jar()), launcher.MAIN, "start",
                    "--host=127.0.0.1", f"--port={host.rpartition(':')[2]}", f"--rules={launcher.RULES}",
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            launcher.wait_until_ready(host, emulator, log)
            yield host
        finally:
            emulator.kill()
            emulator.wait()


def rest(host: str, method: str, path: str, body: Any = None) -> Any:
    """A request as the owner of the emulator's database; what it answers."""
    request = urllib.request.Request(
        f"http://{host}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer owner", "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"{}")


def firestore_value(value: Any) -> dict[str, Any]:
    """A value as Firestore's REST has it; datetimes are timestamps."""
    if value is None:
        return {"nullValue": None}
    if isinstance(value, bool):
        return {"booleanValue": value}
    if isinstance(value, int):
        return {"integerValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, datetime.datetime):
        return {"timestampValue": value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    if isinstance(value, dict):
        return {"mapValue": {"fields": {name: firestore_value(each) for name, each in value.items()}}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [firestore_value(each) for each in value]}}
    return {"stringValue": str(value)}


class Database:
    """The emulator's documents, as the old page and the old worker write them."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._base = f"/v1/projects/{PROJECT}/databases/(default)/documents"

    def clear(self) -> None:
        """Removes every document."""
        rest(self.host, "DELETE", f"/emulator/v1/projects/{PROJECT}/databases/(default)/documents")

    def put(self, collection: str, id: str, **fields: Any) -> None:
        """Writes a document."""
        document = {"fields": {name: firestore_value(value) for name, value in fields.items()}}
        rest(self.host, "PATCH", f"{self._base}/{collection}/{id}", document)

    def get(self, collection: str, id: str) -> dict[str, Any]:
        """Its fields, as Firestore's REST has them."""
        fields = rest(self.host, "GET", f"{self._base}/{collection}/{id}").get("fields", {})
        assert isinstance(fields, dict)
        return fields

    def everything(self) -> str:
        """All documents of the old collections, as one text to compare."""
        names = ("jobs", "intelligent_mockup_jobs", "mockups", "mockup_jobs", "costs", "vitrine_jobs")
        pages = [rest(self.host, "GET", f"{self._base}/{name}?pageSize=300") for name in names]
        return json.dumps(pages, sort_keys=True)


class RefusingFirestore:
    """A Firestore that answers every request with one status, or with nothing found.

    Parameters
    ----------
    status
        Of google.rpc.Code, as REFUSALS has them; empty answers that there are no documents.
    skew
        How far its Date header is ahead.
    """

    def __init__(self, status: str = "", *, skew: datetime.timedelta = datetime.timedelta(0)) -> None:
        self.status = status
        self.skew = skew
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> RefusingFirestore:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        """HOST:PORT."""
        return f"127.0.0.1:{self._server.server_port}"

    def _answer(self, path: str) -> tuple[int, Any]:
        if self.status:
            code, message = REFUSALS[self.status]
            return code, [{"error": {"code": code, "message": message, "status": self.status}}]
        return 200, [{"readTime": "2026-01-01T00:00:00Z"}] if path.endswith(":runQuery") else {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        firestore = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

            def date_time_string(self, timestamp: float | None = None) -> str:
                now = datetime.datetime.now(datetime.timezone.utc) + firestore.skew
                return email.utils.format_datetime(now, usegmt=True)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                code, answer = firestore._answer(self.path)
                content = json.dumps(answer).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PATCH = do_DELETE = do_POST

        return Handler
