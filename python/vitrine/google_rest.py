"""Asks Google's services what the stores do not need to know: for vitrine doctor and vitrine migrate."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import vitrine

PAGE = 300
_FIRESTORE = "https://firestore.googleapis.com"
_STORAGE = "https://storage.googleapis.com"
_LARGEST_ANSWER = 64 << 20
_TIMEOUT_SECONDS = 60.0

Document = dict[str, Any]


class TokenWatch(vitrine.HttpTransport):
    """Passes requests on and keeps the access token that the last answer held, since credentials do not show theirs."""

    def __init__(self, inner: vitrine.HttpTransport) -> None:
        super().__init__()
        self._inner = inner
        self._lock = threading.Lock()
        self._token = ""

    @property
    def token(self) -> str:
        """Empty before there was one. As secret as a key."""
        with self._lock:
            return self._token

    def send(self, request: vitrine.HttpRequest, *, context: vitrine.Context | None = None) -> vitrine.HttpResponse:
        """What the inner transport answers."""
        answer = self._inner.send(request, context=context)
        try:
            document = json.loads(answer.body)
        except ValueError:
            return answer
        if isinstance(document, dict) and isinstance(document.get("access_token"), str):
            with self._lock:
                self._token = document["access_token"]
        return answer


class GoogleRest:
    """Requests with a token.

    Parameters
    ----------
    transport
        Over which everything goes.
    credentials_file
        A key file; None: what the machine offers.
    is_emulator
        Every request is the owner's.
    """

    def __init__(
        self, transport: vitrine.HttpTransport, credentials_file: Path | None = None, *, is_emulator: bool = False
    ) -> None:
        self._transport = transport
        self._is_emulator = is_emulator
        self._file = credentials_file
        self._token = ""

    def ask(self, method: str, url: str, body: object = None) -> Any:
        """The answer's JSON.

        Raises
        ------
        PermissionDeniedError, NotFoundError, ConflictError, RateLimitedError, UnavailableError
            By Google's status, with Google's words.
        """
        answer = self._send(method, url, body)
        if answer.status == 401 and not self._is_emulator:
            self._token = ""
            answer = self._send(method, url, body)
        try:
            document = json.loads(answer.body or b"{}")
        except ValueError:
            document = {}
        if not answer.ok:
            raise _refusal(answer.status, document, url)
        return document

    def _send(self, method: str, url: str, body: object) -> vitrine.HttpResponse:
        headers = [("Authorization", f"Bearer {self._bearer()}")]
        content = b""
        if body is not None:
            headers.append(("Content-Type", "application/json"))
            content = json.dumps(body).encode()
        return self._transport.send(
            vitrine.HttpRequest(
                method,
                url,
                headers=headers,
                body=content,
                max_response_bytes=_LARGEST_ANSWER,
                timeout=_TIMEOUT_SECONDS,
            )
        )

    def _bearer(self) -> str:
        if self._is_emulator:
            return "owner"
        if not self._token:
            watch = TokenWatch(self._transport)
            vitrine.open_google_credentials(self._file or "", transport=watch).check()
            self._token = watch.token
        return self._token


_CLASSES: dict[int, type[vitrine.Error]] = {
    401: vitrine.PermissionDeniedError,
    403: vitrine.PermissionDeniedError,
    404: vitrine.NotFoundError,
    409: vitrine.ConflictError,
    412: vitrine.ConflictError,
    429: vitrine.RateLimitedError,
}
_GRANTS = {
    "firestore": "Grant the service account roles/datastore.user in the project that the credentials belong to.",
    "storage": "Grant the service account roles/storage.objectUser on the bucket.",
}


def _refusal(status: int, document: Any, url: str) -> vitrine.Error:
    body = document[0] if isinstance(document, list) and document else document
    error = body.get("error", {}) if isinstance(body, dict) else {}
    told = error if isinstance(error, str) else str(error.get("message", ""))
    words = told[:600] or f"HTTP status {status}"
    service = "storage" if "/storage/" in url else "firestore"
    if isinstance(error, dict) and error.get("status") == "FAILED_PRECONDITION":
        return vitrine.ConflictError(words)
    if status in (401, 403):
        words += f" {_GRANTS[service]}"
    return _CLASSES.get(status, vitrine.UnavailableError)(words)


class FirestoreReader:
    """Documents as plain values.

    Parameters
    ----------
    rest
        Who asks.
    project
        Whose database.
    emulator
        HOST:PORT; empty for the real one.
    """

    def __init__(self, rest: GoogleRest, project: str, emulator: str = "") -> None:
        self._rest = rest
        self._base = f"http://{emulator}" if emulator else _FIRESTORE
        self._documents = f"projects/{project}/databases/(default)/documents"

    def query(
        self,
        collection: str,
        *,
        equal: Mapping[str, str] | None = None,
        order_by: Sequence[tuple[str, str]] = (),
        limit: int = PAGE,
        after: str = "",
    ) -> list[Document]:
        """One page. Each document has its "id", "name", "update_time" and "fields".

        Parameters
        ----------
        equal
            Texts that fields have.
        order_by
            Fields with ASCENDING or DESCENDING.
        after
            A document's name, in an order by names.
        """
        query: dict[str, Any] = {"from": [{"collectionId": collection}], "limit": limit}
        filters = [
            {"fieldFilter": {"field": {"fieldPath": path}, "op": "EQUAL", "value": {"stringValue": value}}}
            for path, value in (equal or {}).items()
        ]
        if filters:
            query["where"] = {"compositeFilter": {"op": "AND", "filters": filters}}
        if order_by:
            query["orderBy"] = [{"field": {"fieldPath": path}, "direction": direction} for path, direction in order_by]
        if after:
            query["startAt"] = {"values": [{"referenceValue": after}], "before": False}
        answer = self._rest.ask("post", f"{self._base}/v1/{self._documents}:runQuery", {"structuredQuery": query})
        return [_document(each["document"]) for each in answer if "document" in each]

    def all(self, collection: str) -> Iterator[Document]:
        """Every document of a collection, page by page."""
        after = ""
        while True:
            page = self.query(collection, order_by=[("__name__", "ASCENDING")], after=after)
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1]["name"]

    def set_text(self, document: Document, field: str, value: str) -> None:
        """Writes one field, if the document is still as it was read; all others stay.

        Raises
        ------
        ConflictError
            Somebody changed it meanwhile.
        """
        write = {
            "update": {"name": document["name"], "fields": {field: {"stringValue": value}}},
            "updateMask": {"fieldPaths": [field]},
            "currentDocument": {"updateTime": document["update_time"]},
        }
        self._rest.ask("post", f"{self._base}/v1/{self._documents}:commit", {"writes": [write]})


class StorageReader:
    """Who may read the objects of a bucket.

    Parameters
    ----------
    rest
        Who asks.
    bucket
        Its name.
    emulator
        Its address; empty for the real one.
    """

    def __init__(self, rest: GoogleRest, bucket: str, emulator: str = "") -> None:
        self._rest = rest
        self._base = f"{emulator.rstrip('/') or _STORAGE}/storage/v1/b/{quote(bucket, safe='')}"

    def public_objects(self) -> Iterator[str]:
        """Names of objects whose own list of rights lets everybody read them."""
        token = ""
        while True:
            query = {"projection": "full", "maxResults": "1000"} | ({"pageToken": token} if token else {})
            page = self._rest.ask("get", f"{self._base}/o?{urlencode(query)}")
            for item in page.get("items", []):
                if any(right.get("entity") in _EVERYBODY for right in item.get("acl", [])):
                    yield str(item["name"])
            token = str(page.get("nextPageToken", ""))
            if not token:
                return

    def bucket_is_public(self) -> bool | None:
        """True if the bucket's rights let everybody read its objects; None where we may not look at them."""
        try:
            policy = self._rest.ask("get", f"{self._base}/iam")
        except (vitrine.PermissionDeniedError, vitrine.NotFoundError):
            return None
        return any(
            member in _EVERYBODY for binding in policy.get("bindings", []) for member in binding.get("members", [])
        )


_EVERYBODY = ("allUsers", "allAuthenticatedUsers")


def _document(raw: Mapping[str, Any]) -> Document:
    name = str(raw["name"])
    return {
        "id": name.rpartition("/")[2],
        "name": name,
        "update_time": str(raw.get("updateTime", "")),
        "fields": {field: _plain(value) for field, value in raw.get("fields", {}).items()},
    }


def _plain(value: Mapping[str, Any]) -> Any:
    kind, content = next(iter(value.items()))
    if kind == "integerValue":
        return int(content)
    if kind == "mapValue":
        return {field: _plain(each) for field, each in content.get("fields", {}).items()}
    if kind == "arrayValue":
        return [_plain(each) for each in content.get("values", [])]
    return None if kind == "nullValue" else content
