"""The Cloud Storage for users' tests holds what the real one promises."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from vitrine.testing import FakeGcs
from vitrine.testing.fake_gcs import CHUNK_STEP, crc32c


@pytest.fixture
def service() -> Iterator[FakeGcs]:
    """A fresh bucket."""
    with FakeGcs("shop") as running:
        yield running


class Answer:
    """Status, headers and body, whatever the status."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(service: FakeGcs, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """Sends one request; a name's underscores stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = path if path.startswith("http") else service.url + path
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body or None, named, method=method)) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def start_session(service: FakeGcs, name: str, size: int, **metadata: Any) -> str:
    """The address of a resumable upload."""
    path = f"/upload/storage/v1/b/shop/o?uploadType=resumable&name={name}"
    return str(
        ask(
            service, "POST", path, json.dumps(metadata).encode(), X_Upload_Content_Length=str(size)
        ).headers["Location"]
    )


def test_checksum_is_castagnolis() -> None:
    """The value of RFC 3720 for 32 zero bytes, in Cloud Storage's form."""
    assert crc32c(bytes(32)) == "ipE2qg=="


def test_object_comes_back_whole_and_in_parts(service: FakeGcs) -> None:
    """A download gives all bytes, or those behind the start of a range."""
    service.put("art/1.png", b"picture")
    assert ask(service, "GET", "/storage/v1/b/shop/o/art%2F1.png?alt=media").body == b"picture"
    part = ask(service, "GET", "/storage/v1/b/shop/o/art%2F1.png?alt=media", Range="bytes=3-")
    assert (part.status, part.body) == (206, b"ture")


def test_session_says_how_much_it_has(service: FakeGcs) -> None:
    """308 with Range after a chunk, without it before; 200 with the object at the end."""
    session = start_session(service, "large", CHUNK_STEP + 1)
    total = CHUNK_STEP + 1
    asked = ask(service, "PUT", session, Content_Range=f"bytes */{total}")
    assert (asked.status, asked.headers["Range"]) == (308, None)
    first = ask(service, "PUT", session, bytes(CHUNK_STEP), Content_Range=f"bytes 0-{CHUNK_STEP - 1}/{total}")
    assert (first.status, first.headers["Range"]) == (308, f"bytes=0-{CHUNK_STEP - 1}")
    assert service.names() == []
    last = ask(service, "PUT", session, b"x", Content_Range=f"bytes {CHUNK_STEP}-{CHUNK_STEP}/{total}")
    assert (last.status, last.json()["size"]) == (200, str(total))
    assert service.names() == ["large"]


def test_session_takes_no_gap_and_no_odd_chunk(service: FakeGcs) -> None:
    """A chunk begins where the last one ended and has a length that Cloud Storage allows."""
    session = start_session(service, "large", 1000)
    assert ask(service, "PUT", session, b"x", Content_Range="bytes 1-1/1000").status == 400
    assert ask(service, "PUT", session, b"x", Content_Range="bytes 0-0/1000").status == 400


def test_wrong_checksum_is_refused(service: FakeGcs) -> None:
    """Nothing appears whose bytes do not have the checksum that was stated."""
    session = start_session(service, "a", 1, crc32c="AAAAAA==")
    assert ask(service, "PUT", session, b"x", Content_Range="bytes 0-0/1").status == 400
    assert service.names() == []


def test_preconditions_hold(service: FakeGcs) -> None:
    """Another generation than the one asked for is 412, conditionNotMet, and nothing changes."""
    service.put("a", b"old")
    refused = ask(service, "DELETE", "/storage/v1/b/shop/o/a?ifGenerationMatch=1")
    assert refused.status == 412
    assert refused.json()["error"]["errors"][0]["reason"] == "conditionNotMet"
    assert service.data("a") == b"old"


def test_lists_in_pages(service: FakeGcs) -> None:
    """Names come in order, a page at a time, from an offset on."""
    for name in ("b", "a", "c"):
        service.put(name, b"")
    page = ask(service, "GET", "/storage/v1/b/shop/o?maxResults=1&startOffset=b").json()
    assert [item["name"] for item in page["items"]] == ["b"]
    rest = ask(service, "GET", f"/storage/v1/b/shop/o?maxResults=9&pageToken={page['nextPageToken']}").json()
    assert [item["name"] for item in rest["items"]] == ["c"]
    assert "nextPageToken" not in rest


def test_other_bucket_is_missing(service: FakeGcs) -> None:
    """The message tells a missing bucket from a missing object."""
    assert "bucket does not exist" in ask(service, "GET", "/storage/v1/b/other/o").json()["error"]["message"]
    assert "No such object" in ask(service, "GET", "/storage/v1/b/shop/o/a").json()["error"]["message"]


def test_fails_as_often_as_it_is_told(service: FakeGcs) -> None:
    """fail_next() is for tests of what happens when the service does not work."""
    service.put("a", b"x")
    service.fail_next(503, times=2)
    statuses = [ask(service, "GET", "/storage/v1/b/shop/o/a").status for _ in range(3)]
    assert statuses == [503, 503, 200]


def test_metadata_can_be_patched(service: FakeGcs) -> None:
    """A patch adds to the metadata and counts the metageneration up."""
    service.put("a", b"x")
    body = json.dumps({"metadata": {"k": "v"}}).encode()
    answer = ask(service, "PATCH", "/storage/v1/b/shop/o/a?ifMetagenerationMatch=1", body).json()
    assert (answer["metadata"], answer["metageneration"]) == ({"k": "v"}, "2")
    assert service.resource("a") == answer
