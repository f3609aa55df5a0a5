"""A Google Cloud Storage that runs in the test's own process.

It holds what the real one promises and other emulators ignore: generation preconditions, resumable sessions that answer
308, checksums compared before an object appears, pages. It needs nothing but the standard library.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

CHUNK_STEP = 256 * 1024
"""Every chunk of a session but the last is a multiple of it."""

Resource = dict[str, Any]


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _crc_table()


def crc32c(data: bytes) -> str:
    """The CRC-32C of `data` as Cloud Storage writes it: base64 of the big-endian value."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 255]
    return base64.b64encode((crc ^ 0xFFFFFFFF).to_bytes(4, "big")).decode()


class Refused(Exception):
    """An answer other than success.

    Parameters
    ----------
    status
        The HTTP status.
    reason
        The stable word, for example "conditionNotMet".
    message
        What a person reads.
    """

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


@dataclasses.dataclass
class _Session:
    name: str
    total: int
    metadata: Resource
    query: dict[str, str]
    data: bytearray = dataclasses.field(default_factory=bytearray)
    resource: Resource | None = None


class FakeGcs:
    """One bucket, served over HTTP from its own thread while the `with` block runs.

    Parameters
    ----------
    bucket
        Its name; every other is missing.
    check_crc32c
        Whether uploads are compared with the CRC-32C that they state. In Python that takes a second for 10 MB.

    Examples
    --------
    >>> with FakeGcs("shop") as service:
    ...     service.put("art/1.png", b"picture", content_type="image/png")["size"]
    '7'
    """

    def __init__(self, bucket: str = "shop", *, check_crc32c: bool = True) -> None:
        self.bucket = bucket
        self._check_crc32c = check_crc32c
        self._lock = threading.Lock()
        self._data: dict[str, bytes] = {}
        self._resources: dict[str, Resource] = {}
        self._sessions: dict[str, _Session] = {}
        self._failures: list[int] = []
        self._generation = 1_700_000_000_000_000
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """What STORAGE_EMULATOR_HOST or `GcsOptions.endpoint` is to be."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeGcs:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def fail_next(self, status: int, *, times: int = 1) -> None:
        """Answers the next `times` requests with `status`, and does nothing else."""
        with self._lock:
            self._failures += [status] * times

    def put(self, name: str, data: bytes, *, content_type: str = "application/octet-stream") -> Resource:
        """Stores an object as something else would, without Vitrine's metadata; returns its resource."""
        with self._lock:
            return self._store(name, data, {"contentType": content_type}, {})

    def resource(self, name: str) -> Resource | None:
        """The object's metadata, as Cloud Storage's JSON has it."""
        with self._lock:
            return self._resources.get(name)

    def data(self, name: str) -> bytes | None:
        """The object's bytes."""
        with self._lock:
            return self._data.get(name)

    def names(self) -> list[str]:
        """What the bucket holds, in order."""
        with self._lock:
            return sorted(self._data)

    # --- what requests do; all under the lock -------------------------------------------------------------------------

    def _check_precondition(self, name: str, query: dict[str, str]) -> None:
        resource = self._resources.get(name, {"generation": "0", "metageneration": "0"})
        for parameter, field in (("ifGenerationMatch", "generation"), ("ifMetagenerationMatch", "metageneration")):
            if parameter in query and query[parameter] != resource[field]:
                raise Refused(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.")

    def _store(self, name: str, data: bytes, metadata: Resource, query: dict[str, str]) -> Resource:
        self._check_precondition(name, query)
        if "acl" in metadata or "predefinedAcl" in query:
            raise Refused(400, "invalid", "Cannot use ACL when uniform bucket-level access is enabled.")
        stated = metadata.get("crc32c")
        checksum = crc32c(data) if self._check_crc32c or stated is None else stated
        if stated is not None and stated != checksum:
            raise Refused(400, "invalid", "Provided CRC32C does not match the calculated one.")
        self._generation += 1
        now = datetime.datetime.now(datetime.timezone.utc)
        resource: Resource = {
            "name": name,
            "bucket": self.bucket,
            "size": str(len(data)),
            "generation": str(self._generation),
            "metageneration": "1",
            "updated": now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z",
            "contentType": metadata.get("contentType", "application/octet-stream"),
            "crc32c": checksum,
        }
        if "metadata" in metadata:
            resource["metadata"] = metadata["metadata"]
        self._data[name] = data
        self._resources[name] = resource
        return resource

    def _existing(self, name: str, query: dict[str, str]) -> Resource:
        resource = self._resources.get(name)
        if resource is None or query.get("generation", resource["generation"]) != resource["generation"]:
            raise Refused(404, "notFound", f"No such object: {self.bucket}/{name}")
        return resource

    def _list(self, query: dict[str, str]) -> Resource:
        start = max(query.get("startOffset", ""), query.get("pageToken", ""))
        most = int(query.get("maxResults", "1000"))
        names = [name for name in sorted(self._data) if name >= start and name.startswith(query.get("prefix", ""))]
        page: Resource = {"kind": "storage#objects", "items": [self._resources[name] for name in names[:most]]}
        if len(names) > most:
            page["nextPageToken"] = names[most]
        return page

    def _add_chunk(self, session: _Session, content_range: str, chunk: bytes) -> tuple[int, Resource, int]:
        """Status, resource and how much is kept."""
        if session.resource is not None:
            return 200, session.resource, session.total
        match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", content_range)
        if match:
            first, last, total = (int(group) for group in match.groups())
            whole = last + 1 == total or len(chunk) % CHUNK_STEP == 0
            if (first, total, last - first + 1) != (len(session.data), session.total, len(chunk)) or not whole:
                raise Refused(400, "invalid", f"Bad Content-Range: {content_range}")
            session.data += chunk
        elif content_range != f"bytes */{session.total}" or chunk:
            raise Refused(400, "invalid", f"Bad Content-Range: {content_range}")
        if len(session.data) < session.total:
            return 308, {}, len(session.data)
        session.resource = self._store(session.name, bytes(session.data), session.metadata, session.query)
        session.data.clear()
        return 200, session.resource, session.total


def _multipart(content_type: str, body: bytes) -> tuple[Resource, bytes]:
    """Metadata and bytes of a multipart/related upload."""
    line = b"--" + content_type.partition("boundary=")[2].encode()
    head, metadata, rest = body.split(line, 2)
    data = rest[: rest.rindex(b"\r\n" + line + b"--")]
    if head:
        raise Refused(400, "badRequest", "Malformed multipart body.")
    parsed: Resource = json.loads(metadata.partition(b"\r\n\r\n")[2])
    return parsed, data.partition(b"\r\n\r\n")[2]


def _blocks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), 65536):
        yield data[start : start + 65536]


def _handler(service: FakeGcs) -> type[BaseHTTPRequestHandler]:
    """The class whose objects answer one connection each."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing: a test's output is its own."""

        def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | (headers or {})).items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for block in _blocks(body):
                self.wfile.write(block)

        def _answer_json(self, status: int, value: Resource, headers: dict[str, str] | None = None) -> None:
            self._answer(status, json.dumps(value).encode(), headers)

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            try:
                with service._lock:
                    if service._failures:
                        raise Refused(service._failures.pop(0), "backendError", "As the test wished.")
                self._dispatch(body)
            except Refused as refused:
                error = {"domain": "global", "reason": refused.reason, "message": str(refused)}
                self._answer_json(
                    refused.status, {"error": {"code": refused.status, "message": str(refused), "errors": [error]}}
                )

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def _dispatch(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            if parts.path.startswith("/session/"):
                return self._session(parts.path[len("/session/") :], body)
            match = re.fullmatch(r"(/upload)?/storage/v1/b/([^/]+)/o(?:/([^/]+))?", parts.path)
            if not match or match[2] != service.bucket:
                raise Refused(404, "notFound", "The specified bucket does not exist.")
            if match[1]:
                return self._upload(query, body)
            with service._lock:
                if not match[3]:
                    return self._answer_json(200, service._list(query))
                return self._object(unquote(match[3]), query, body)

        def _object(self, name: str, query: dict[str, str], body: bytes) -> None:
            resource = service._existing(name, query)
            if self.command == "GET" and query.get("alt") == "media":
                first = int(self.headers.get("Range", "bytes=0-")[len("bytes=") : -1])
                return self._answer(206 if "Range" in self.headers else 200, service._data[name][first:])
            if self.command == "GET":
                return self._answer_json(200, resource)
            service._check_precondition(name, query)
            if self.command == "DELETE":
                del service._data[name], service._resources[name]
                return self._answer(204, b"")
            changes = json.loads(body)
            resource.setdefault("metadata", {}).update(changes.get("metadata", {}))
            resource["metageneration"] = str(int(resource["metageneration"]) + 1)
            return self._answer_json(200, resource)

        def _upload(self, query: dict[str, str], body: bytes) -> None:
            if query.get("uploadType") == "multipart":
                metadata, data = _multipart(self.headers["Content-Type"], body)
                with service._lock:
                    return self._answer_json(200, service._store(query["name"], data, metadata, query))
            if query.get("uploadType") != "resumable":
                raise Refused(400, "invalid", "Unknown uploadType.")
            with service._lock:
                name = f"s{len(service._sessions)}"
                total = int(self.headers["X-Upload-Content-Length"])
                service._sessions[name] = _Session(query["name"], total, json.loads(body), query)
            return self._answer(200, b"", {"Location": f"{service.url}/session/{name}"})

        def _session(self, name: str, body: bytes) -> None:
            with service._lock:
                if name not in service._sessions:
                    raise Refused(404, "notFound", "There is no such session.")
                status, resource, kept = service._add_chunk(
                    service._sessions[name], self.headers.get("Content-Range", ""), body
                )
            headers = {"Range": f"bytes=0-{kept - 1}"} if status == 308 and kept else {}
            return self._answer_json(status, resource, headers)

    return Handler
