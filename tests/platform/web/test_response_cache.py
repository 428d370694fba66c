"""What is cached is served as long as its version stands, and no longer; who has it gets 304."""

import asyncio
import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier, Event
from time import sleep
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine
from starlette.requests import Request
from starlette.responses import Response

from app.errors import TerritoryUnknown
from app.places.schemas import Place
from app.platform.web.response_cache import WORTH_PACKING, respond
from app.platform.web.version_cache import OVERHEAD, VersionCache
from app.platform.web.versions import Versions

LONG = b"x" * WORTH_PACKING
# Bytes that a short key takes at most.
KEY = 180
JSON = "application/geo+json"


class FakeVersions(Versions):
    """Versions as a test says them."""

    def __init__(self) -> None:
        super().__init__(create_engine("postgresql+psycopg://nowhere"))
        self.current: dict[str, UUID] = {"93": uuid4(), "59": uuid4()}

    def of(self, territory: str) -> UUID | None:
        """Return the version that a test has set."""
        return self.current.get(territory)

    def change(self, territory: str) -> None:
        """Raise a version."""
        self.current[territory] = uuid4()


@pytest.fixture
def versions() -> FakeVersions:
    return FakeVersions()


@pytest.fixture
def cache(versions: FakeVersions) -> VersionCache:
    return VersionCache(versions, limit=100_000)


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw})


def counted(content: bytes = LONG, status: int = 200) -> tuple[list[None], Callable[[], Response]]:
    """Return what makes an answer, and a list that grows each time that it is called."""
    calls: list[None] = []

    def make() -> Response:
        calls.append(None)
        return Response(content, status, media_type=JSON)

    return calls, make


def ask(
    cache: VersionCache,
    make: Callable[[], Response],
    key: str = "key",
    territory: str = "93",
    moment: int = 0,
    **headers: str,
) -> Response:
    async def made() -> Response:
        return make()

    async def answered() -> Response:
        version = cache.version(territory, moment)
        return await respond(cache, request(**headers), key, version, made, nullcontext())

    # In a thread of its own: a browser that a worker drives leaves a loop in the main one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, answered()).result()


def test_what_was_made_is_served_until_the_version_changes(
    cache: VersionCache, versions: FakeVersions
) -> None:
    calls, make = counted()
    for _ in range(3):
        answer = ask(cache, make)
        assert (answer.status_code, bytes(answer.body)) == (200, LONG)
        assert answer.headers["content-type"] == JSON
    versions.change("59")
    ask(cache, make)
    assert len(calls) == 1
    versions.change("93")
    ask(cache, make)
    assert len(calls) == 2


def test_nothing_is_cached_nor_served_while_versions_are_unknown(
    cache: VersionCache, versions: FakeVersions
) -> None:
    calls, make = counted()
    ask(cache, make)
    standing = versions.current.pop("93")
    ask(cache, make)
    ask(cache, make, key="other")
    assert len(calls) == 3
    versions.current["93"] = standing
    ask(cache, make)
    assert len(calls) == 3
    ask(cache, make, key="other")
    assert len(calls) == 4


def test_what_changes_while_an_answer_is_made_is_not_missed(
    cache: VersionCache, versions: FakeVersions
) -> None:
    def slow() -> Response:
        versions.change("93")
        return counted(b"old")[1]()

    def slow_value() -> str:
        versions.change("93")
        return "old"

    ask(cache, slow)
    assert bytes(ask(cache, counted(b"new")[1]).body) == b"new"
    assert cache.value("value", "93", slow_value, len) == "old"
    assert cache.value("value", "93", lambda: "new", len) == "new"
    assert cache.value("value", "93", lambda: "newer", len) == "new"


def test_what_depends_on_the_minute_is_cached_for_it_alone(cache: VersionCache) -> None:
    calls, make = counted()
    for minute in (7, 7, 8, 8, 7):
        ask(cache, make, moment=minute)
    # One at a time: what was cached of another minute makes room.
    assert len(calls) == 3


def test_headers_of_an_answer_are_cached_with_it(cache: VersionCache) -> None:
    def make() -> Response:
        return Response(LONG, headers={"HX-Push-Url": "/autour"}, media_type=JSON)

    tag = ask(cache, make).headers["etag"]
    for name, value in (("accept", "*/*"), ("accept_encoding", "gzip"), ("if_none_match", tag)):
        again = ask(cache, counted(b"other")[1], moment=0, **{name: value})
        assert again.headers["hx-push-url"] == "/autour"
        assert len(again.headers.getlist("content-type")) <= 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Set-Cookie", "a=b"),
        ("Vary", "Accept, Cookie"),
        ("Vary", "Authorization"),
        ("Vary", "*"),
        ("Cache-Control", "private, max-age=60"),
        ("Cache-Control", "no-store"),
    ],
)
def test_an_answer_that_says_it_is_for_one_visitor_is_not_cached(
    cache: VersionCache, name: str, value: str
) -> None:
    def make() -> Response:
        return Response(LONG, headers={name: value}, media_type=JSON)

    assert ask(cache, make).headers[name] == value
    assert len(cache) == 0
    assert bytes(ask(cache, counted(b"other")[1]).body) == b"other"


def test_an_error_and_what_is_no_success_are_not_cached(cache: VersionCache) -> None:
    def fail() -> Response:
        raise TerritoryUnknown(code="93")

    with pytest.raises(TerritoryUnknown):
        ask(cache, fail)
    assert ask(cache, counted(b"?", 404)[1]).status_code == 404
    assert ask(cache, counted()[1]).status_code == 200


def test_who_accepts_gzip_gets_it_and_others_do_not(cache: VersionCache) -> None:
    calls, make = counted()
    packed = ask(cache, make, accept_encoding="br, gzip")
    assert gzip.decompress(packed.body) == LONG
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == str(len(packed.body))
    plain = ask(cache, make, accept_encoding="identity")
    assert bytes(plain.body) == LONG
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] == packed.headers["etag"]
    assert len(calls) == 1


def test_what_is_small_is_not_packed(cache: VersionCache) -> None:
    answer = ask(cache, counted(b"small")[1], accept_encoding="gzip")
    assert bytes(answer.body) == b"small"
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "sent", ["{tag}", "W/{tag}", '"other", W/{tag}', 'W/"other",{tag}', "*", " * "]
)
def test_who_has_it_gets_304(cache: VersionCache, sent: str) -> None:
    make = counted()[1]
    tag = ask(cache, make).headers["etag"].removeprefix("W/")
    answer = ask(cache, make, if_none_match=sent.format(tag=tag))
    assert (answer.status_code, bytes(answer.body)) == (304, b"")
    assert answer.headers["etag"] == f"W/{tag}"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-length" not in answer.headers


def test_who_has_another_one_gets_it_whole(cache: VersionCache, versions: FakeVersions) -> None:
    first = ask(cache, counted(b"first")[1])
    versions.change("93")
    for sent in (first.headers["etag"], '"other"', "", "W/", "abc", '"'):
        assert ask(cache, counted(b"second")[1], if_none_match=sent).status_code == 200


def test_the_tag_is_of_the_content_whatever_the_version(
    cache: VersionCache, versions: FakeVersions
) -> None:
    first = ask(cache, counted()[1])
    versions.change("93")
    assert ask(cache, counted()[1]).headers["etag"] == first.headers["etag"]
    assert str(versions.current["93"]) not in str(first.headers)


def test_headers_that_one_answer_gets_do_not_stay(cache: VersionCache) -> None:
    make = counted()[1]
    ask(cache, make).headers["x-added"] = "by middleware"
    assert "x-added" not in ask(cache, make).headers


def test_the_least_asked_for_leaves_when_there_is_no_room(versions: FakeVersions) -> None:
    cache = VersionCache(versions, limit=10 * (OVERHEAD + len(LONG) + KEY))
    calls, make = counted()
    for number in range(10):
        ask(cache, make, key=f"{number}")
    ask(cache, make, key="0")
    assert len(calls) == 10
    ask(cache, make, key="new")
    ask(cache, make, key="0")
    assert len(calls) == 11
    ask(cache, make, key="1")
    assert len(calls) == 12


def test_what_somebody_writes_into_an_address_counts_with_its_answer(
    cache: VersionCache, versions: FakeVersions
) -> None:
    pairs = tuple((f"categorie{number}", "x" * 30) for number in range(90))
    key = ("/departements/93", pairs, Place("93066", "Saint-Denis", 2.36, 48.94, None, None, None))
    cache.store(key, versions.of("93"), b"", 0)
    assert cache.size > OVERHEAD + 90 * 130


def test_what_is_too_large_is_not_cached(versions: FakeVersions) -> None:
    cache = VersionCache(versions, limit=8 * len(LONG))
    calls, make = counted(LONG * 3)
    ask(cache, make)
    ask(cache, make)
    assert len(calls) == 2


@pytest.mark.parametrize("fails", [False, True], ids=["made", "failed"])
def test_who_asks_for_what_is_being_made_waits_for_it(cache: VersionCache, fails: bool) -> None:
    begun, end = Event(), Event()
    calls: list[None] = []

    def make() -> bytes:
        calls.append(None)
        begun.set()
        assert end.wait(10)
        if fails:
            raise TerritoryUnknown(code="93")
        return LONG

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(cache.value, "key", "93", make, len)
        assert begun.wait(10)
        others = [threads.submit(cache.value, "key", "93", make, len) for _ in range(3)]
        while not all(each.running() for each in others):
            sleep(0.001)
        end.set()
        for each in (first, *others):
            if fails:
                assert isinstance(each.exception(), TerritoryUnknown)
            else:
                assert each.result() is LONG
    # Who came after it had failed made it anew.
    assert len(calls) == 1 or fails
    assert not cache._being_made


def test_what_is_not_cached_is_made_for_each_who_asks(
    cache: VersionCache, versions: FakeVersions
) -> None:
    del versions.current["93"]
    both = Barrier(2)

    def make() -> bytes:
        both.wait(10)
        return LONG

    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(cache.value, "key", "93", make, len) for _ in range(2)]
        assert [each.result() for each in asked] == [LONG, LONG]
