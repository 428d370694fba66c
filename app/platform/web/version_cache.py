"""Values in the memory of a process, each for as long as the version of its territory stands."""

from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from sys import getsizeof
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from cachetools import LRUCache

from app.platform.web.versions import Versions

Value = TypeVar("Value")
# Of a territory, with a moment where that counts as well.
Version = UUID | tuple[UUID, int]

LIMIT = 64 * 2**20
# What an entry costs beside the bytes of its value and of its key: its headers, its place.
OVERHEAD = 2_000


class _Entry(NamedTuple):
    version: Version
    value: Any
    size: int


def _size(entry: _Entry) -> int:
    return entry.size


def _weight(key: object) -> int:
    """Return the bytes of a key: an address that somebody filled up is larger than its answer."""
    parts: Iterable[object] = ()
    if isinstance(key, tuple | frozenset):
        parts = key
    elif is_dataclass(key):
        parts = (getattr(key, each.name) for each in fields(key))
    return getsizeof(key) + sum(map(_weight, parts))


class VersionCache:
    """Caches what was made for a territory until its version changes, LIMIT bytes at most.

    Only what depends on nothing else may be cached: not on who asks, nor on the hour unless it is
    in the version. The version is asked for before `make` is called, and `make` opens its own
    session: one that had read before would still show what was before, under a version that is
    newer than it. A page whose session is open asks that one for the version: see value_under.
    """

    def __init__(self, versions: Versions, limit: int = LIMIT) -> None:
        self._versions = versions
        self._lock = Lock()
        # The least recently used leave first.
        self._entries: LRUCache[Hashable, _Entry] = LRUCache(limit, _size)
        self._being_made: dict[Hashable, Future[Any]] = {}
        # How often something was looked for and was there, or was not.
        self.hits, self.misses = 0, 0

    @property
    def size(self) -> int:
        """Return the bytes that values and their keys take by now."""
        return int(self._entries.currsize)

    @property
    def limit(self) -> int:
        """Return the bytes that they may take."""
        return int(self._entries.maxsize)

    def __len__(self) -> int:
        """Return how many values are cached."""
        return len(self._entries)

    def keys(self) -> set[Hashable]:
        """Return the keys of all that is cached."""
        with self._lock:
            return set(self._entries)

    def version(self, territory: str, moment: int | None = None) -> Version | None:
        """Return what a value for a territory stands under now; None where that is not known.

        moment: what the value depends on beside, as the minute; one of them is cached at a time.
        """
        known = self._versions.of(territory)
        return known if known is None or moment is None else (known, moment)

    def value(
        self,
        key: Hashable,
        territory: str,
        make: Callable[[], Value],
        size: Callable[[Value], int],
    ) -> Value:
        """Return what make returns, or returned under the present version; size: in bytes.

        key names the value, its territory included. One who asks makes it, and
        the others wait for what it returns or raises.
        """
        return self.value_under(key, self.version(territory), make, size)

    def value_under(
        self,
        key: Hashable,
        version: Version | None,
        make: Callable[[], Value],
        size: Callable[[Value], int],
    ) -> Value:
        """Return the same under a version that the caller read, in the session that make reads."""
        found: Value | None = self.find(key, version)
        if found is not None:
            return found
        if version is None:
            return make()
        with self._lock:
            awaited: Future[Value] | None = self._being_made.get((key, version))
            mine: Future[Value] = Future()
            if awaited is None:
                self._being_made[key, version] = mine
        if awaited is not None:
            return awaited.result()
        try:
            found = make()
            self.store(key, version, found, size(found))
            mine.set_result(found)
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._being_made[key, version]
        return found

    def find(self, key: Hashable, version: Version | None) -> Any:
        """Return what is cached under a version; None for nothing, or for another version."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and version is not None:
                if entry.version == version:
                    self.hits += 1
                    return entry.value
                del self._entries[key]
            self.misses += 1
            return None

    def store(self, key: Hashable, version: Version | None, value: object, size: int) -> None:
        """Cache a value of so many bytes under a version, in the place of one under another."""
        size += OVERHEAD + _weight(key)
        with self._lock:
            # One that would push out a quarter of the others is not worth it.
            if version is not None and size <= self._entries.maxsize // 4:
                self._entries[key] = _Entry(version, value, size)
