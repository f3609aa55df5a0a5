"""bindings/streams.cpp."""

from __future__ import annotations

import io

import pytest

import vitrine
from vitrine.typing import Readable

StoredSource = vitrine.ByteSource | bytes | bytearray | memoryview | Readable


class LentStore(vitrine.ObjectStore):
    """Notes what it reads from the stream that it is lent, and keeps the stream, which it should not."""

    kept: vitrine.ByteSource
    first: bytes

    def put(
        self,
        key: str,
        source: StoredSource,
        *,
        mode: vitrine.PutMode | str = "create_only",
        media_type: str = "text/plain",
        context: vitrine.Context | None = None,
    ) -> vitrine.ObjectRef:
        assert isinstance(source, vitrine.ByteSource)
        self.kept = source
        self.first = source.read(3)
        return vitrine.ObjectRef(key=key, sha256="0" * 64, size=3, media_type=media_type)


def test_a_python_store_reads_what_the_library_lends() -> None:
    """A source inside an override reads like a file."""
    store = LentStore()
    vitrine.ObjectStore.put(store, "a", b"hello")
    assert store.first == b"hel"


def test_a_lent_stream_is_dead_after_its_call() -> None:
    """Keeping it is answered with an error, not with a dangling pointer."""
    store = LentStore()
    vitrine.ObjectStore.put(store, "a", b"hello")
    with pytest.raises(ValueError, match="lent for one call"):
        store.kept.read()


def test_a_file_is_stored_piece_by_piece() -> None:
    """Anything with read() is a source."""
    store = vitrine.make_memory_object_store()
    store.put("a", io.BytesIO(b"x" * 3_000_000))
    assert len(store.get("a")) == 3_000_000


def test_a_file_is_filled() -> None:
    """Anything with write() is a sink."""
    store = vitrine.make_memory_object_store()
    store.put("a", b"hello")
    file = io.BytesIO()
    store.get_to("a", file)
    assert file.getvalue() == b"hello"


def test_what_a_file_raises_comes_out() -> None:
    """A broken source is not an empty one."""

    class Broken:
        def read(self, size: int) -> bytes:
            raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        vitrine.make_memory_object_store().put("a", Broken())


def test_nothing_is_stored_when_a_source_fails() -> None:
    """The key is as it was."""
    store = vitrine.make_memory_object_store()

    class Broken:
        def read(self, size: int) -> bytes:
            raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        store.put("a", Broken())
    assert store.head("a") is None


def test_a_source_that_gives_too_much_is_refused() -> None:
    """A misbehaving read() must not overrun anything."""

    class Generous:
        def read(self, size: int) -> bytes:
            return bytes(size + 1)

    with pytest.raises(ValueError, match="more bytes"):
        vitrine.make_memory_object_store().put("a", Generous())


def test_a_file_in_text_mode_is_refused() -> None:
    """Its pieces are no bytes."""
    with pytest.raises((TypeError, RuntimeError)):
        vitrine.make_memory_object_store().put("a", io.StringIO("text"))  # type: ignore[arg-type]


def test_what_is_no_source_is_a_type_error() -> None:
    """A number cannot be read."""
    with pytest.raises(TypeError, match="bytes or a file"):
        vitrine.make_memory_object_store().put("a", 5)  # type: ignore[arg-type]
