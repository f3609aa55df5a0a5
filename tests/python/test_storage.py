"""bindings/storage.cpp, and the conformance of an object store written in Python."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

import vitrine
from vitrine import Context, ObjectInfo, ObjectPage, ObjectRef, ObjectStore
from vitrine.typing import Readable, Seconds, Writable


class OwnStore(ObjectStore):
    """Keeps objects in a dict."""

    def __init__(self) -> None:
        super().__init__()
        self._objects: dict[str, tuple[ObjectInfo, bytes]] = {}

    def put(
        self,
        key: str,
        source: vitrine.ByteSource | bytes | bytearray | memoryview | Readable,
        *,
        mode: vitrine.PutMode | str = "create_only",
        media_type: str = "application/octet-stream",
        context: Context | None = None,
    ) -> ObjectRef:
        assert isinstance(source, vitrine.ByteSource)
        if key in self._objects and mode is vitrine.PutMode.create_only:
            raise vitrine.ConflictError(f"There is an object '{key}' already.")
        data = source.read()
        ref = ObjectRef(key=key, sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type)
        self._objects[key] = (ObjectInfo(ref, vitrine.FakeClock().now()), data)
        return ref

    def get_to(self, key: str, sink: vitrine.ByteSink | Writable, *, context: Context | None = None) -> ObjectRef:
        if key not in self._objects:
            raise vitrine.NotFoundError(f"There is no object '{key}'.")
        info, data = self._objects[key]
        sink.write(data)
        return info.ref

    def head(self, key: str, *, context: Context | None = None) -> ObjectInfo | None:
        return self._objects[key][0] if key in self._objects else None

    def list(
        self, prefix: str = "", *, after: str | None = None, limit: int = 1000, context: Context | None = None
    ) -> ObjectPage:
        keys = sorted(key for key in self._objects if key.startswith(prefix) and key > (after or ""))
        page = [self._objects[key][0] for key in keys[:limit]]
        return ObjectPage(objects=page, next=keys[limit - 1] if len(keys) > limit else None)

    def remove(self, key: str, *, context: Context | None = None) -> bool:
        return self._objects.pop(key, None) is not None

    def url(self, key: str, *, lifetime: Seconds = 3600, context: Context | None = None) -> str:
        if key not in self._objects:
            raise vitrine.NotFoundError(f"There is no object '{key}'.")
        return f"own:{key}"


STORES: dict[str, Callable[[Path], ObjectStore]] = {
    "memory": lambda folder: vitrine.make_memory_object_store(),
    "file": vitrine.open_file_object_store,
    "python": lambda folder: OwnStore(),
}


@pytest.fixture(params=STORES.values(), ids=list(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """Each store in turn. Verbs are called as ObjectStore.verb(store, …): a Python store is reached through C++."""
    factory: Callable[[Path], ObjectStore] = request.param
    return factory(tmp_path / "objects")


def test_what_is_put_is_got(store: ObjectStore) -> None:
    """Byte for byte."""
    ObjectStore.put(store, "a/b", b"hello")
    assert ObjectStore.get(store, "a/b") == b"hello"


def test_a_reference_carries_the_digest(store: ObjectStore) -> None:
    """And size and type."""
    ref = ObjectStore.put(store, "a", b"hello", media_type="text/plain")
    assert ref == ObjectRef(key="a", sha256=hashlib.sha256(b"hello").hexdigest(), size=5, media_type="text/plain")


def test_a_taken_key_is_a_conflict(store: ObjectStore) -> None:
    """Unless one asks to replace."""
    ObjectStore.put(store, "a", b"1")
    with pytest.raises(vitrine.ConflictError):
        ObjectStore.put(store, "a", b"2")


def test_replace_replaces(store: ObjectStore) -> None:
    """The last one wins."""
    ObjectStore.put(store, "a", b"1")
    ObjectStore.put(store, "a", b"2", mode="replace")
    assert ObjectStore.get(store, "a") == b"2"


def test_a_missing_object_is_not_found(store: ObjectStore) -> None:
    """An error, as somebody counts on it."""
    with pytest.raises(vitrine.NotFoundError):
        ObjectStore.get(store, "nothing")


def test_an_object_larger_than_asked_for_is_refused(store: ObjectStore) -> None:
    """Memory is not filled by surprise."""
    ObjectStore.put(store, "a", b"x" * 100)
    with pytest.raises(vitrine.ImageTooLargeError):
        ObjectStore.get(store, "a", most=10)


def test_an_object_goes_into_a_file(store: ObjectStore) -> None:
    """Without being whole in memory."""
    ObjectStore.put(store, "a", b"hello")
    file = io.BytesIO()
    ObjectStore.get_to(store, "a", file)
    assert file.getvalue() == b"hello"


def test_head_of_nothing_is_none(store: ObjectStore) -> None:
    """Absence, not an error."""
    assert ObjectStore.head(store, "nothing") is None


def test_head_tells_when(store: ObjectStore) -> None:
    """In UTC."""
    ObjectStore.put(store, "a", b"1")
    info = ObjectStore.head(store, "a")
    assert info is not None
    assert info.updated_at.tzinfo is not None


def test_objects_are_listed_by_prefix(store: ObjectStore) -> None:
    """In order of their keys."""
    ObjectStore.put(store, "b/2", b"")
    ObjectStore.put(store, "b/1", b"")
    ObjectStore.put(store, "a", b"")
    assert [info.ref.key for info in ObjectStore.list(store, "b/").objects] == ["b/1", "b/2"]


def test_a_page_leads_to_the_next(store: ObjectStore) -> None:
    """Until nothing is left."""
    ObjectStore.put(store, "a", b"")
    ObjectStore.put(store, "b", b"")
    first = ObjectStore.list(store, limit=1)
    second = ObjectStore.list(store, after=first.next, limit=1)
    assert ([info.ref.key for info in second.objects], second.next) == (["b"], None)


def test_remove_tells_whether_there_was_one(store: ObjectStore) -> None:
    """True, then False."""
    ObjectStore.put(store, "a", b"")
    assert [ObjectStore.remove(store, "a"), ObjectStore.remove(store, "a")] == [True, False]


def test_an_object_has_an_address(store: ObjectStore) -> None:
    """With its key in it, or the file's."""
    ObjectStore.put(store, "a", b"")
    assert ":" in ObjectStore.url(store, "a", lifetime=60)


def test_a_key_that_leads_out_of_the_store_is_refused(tmp_path: Path) -> None:
    """Keys are no paths."""
    with pytest.raises(ValueError, match=r"\.\."):
        vitrine.open_file_object_store(tmp_path / "objects").put("../a", b"")


def test_a_folder_that_cannot_be_made_is_not_found(tmp_path: Path) -> None:
    """Its parent is missing."""
    with pytest.raises(vitrine.NotFoundError):
        vitrine.open_file_object_store(tmp_path / "a" / "b")
