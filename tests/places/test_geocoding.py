"""The geocoder while a person waits: asked once, for a short time, by few at once."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import httpx
import pytest

from app.places.geocoding import AT_ONCE, PER_CLIENT, WaitingGeocoder
from geo.answers import GeocoderBusy, GeocoderError, GeocoderUnreachable, Query
from geo.geocoder import Geocoder

QUERY = Query("", "12 rue Cachée", None, "Bobigny", "93008")
ANSWER = {
    "features": [
        {
            "geometry": {"coordinates": [2.45, 48.91]},
            "properties": {
                "label": "12 Rue Cachée 93000 Bobigny",
                "score": 0.97,
                "type": "housenumber",
                "citycode": "93008",
                "name": "12 Rue Cachée",
                "housenumber": "12",
            },
        }
    ]
}


class Peer:
    """A geocoder in this process. seen: the addresses asked; open: it answers once this is set."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.status = 200
        self.open = Event()
        self.open.set()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer once it may."""
        self.seen.append(str(request.url))
        self.open.wait(5)
        return httpx.Response(self.status, json=ANSWER)

    def asked(self, patience: float = 1.0, processes: int = 1) -> WaitingGeocoder:
        """Return what asks this peer."""
        transport = httpx.MockTransport(self.answer)

        def make() -> Geocoder:
            return Geocoder("http://geocoder.test", attempts=1, transport=transport)

        return WaitingGeocoder(make, patience, processes)


@contextmanager
def held(peer: Peer) -> Iterator[None]:
    """Keep the peer from answering while the block lasts."""
    peer.open.clear()
    try:
        yield
    finally:
        peer.open.set()


@pytest.fixture
def peer() -> Peer:
    """A peer that answers at once."""
    return Peer()


def test_an_address_is_found(peer: Peer) -> None:
    answer = peer.asked().of("client")(QUERY)
    assert answer is not None
    assert (answer.name, answer.lat) == ("Rue Cachée", 48.91)
    assert "citycode=93008" in peer.seen[0]


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_a_failure_is_reported_after_one_attempt(peer: Peer, status: int) -> None:
    peer.status = status
    with pytest.raises(GeocoderError):
        peer.asked().of("client")(QUERY)
    assert len(peer.seen) == 1


def test_who_waits_leaves_in_time(peer: Peer) -> None:
    started = time.monotonic()
    with held(peer), pytest.raises(GeocoderUnreachable):
        peer.asked(patience=0.1).of("client")(QUERY)
    assert time.monotonic() - started < 4


def test_only_a_few_ask_at_once_and_the_others_do_not_wait(peer: Peer) -> None:
    geocoder = peer.asked(patience=5.0)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        with held(peer):
            waiting = [pool.submit(geocoder.of(f"client {n}"), QUERY) for n in range(AT_ONCE)]
            while len(peer.seen) < AT_ONCE:
                time.sleep(0.01)
            with pytest.raises(GeocoderBusy):
                geocoder.of("one more")(QUERY)
        assert all(each.result() is not None for each in waiting)
    assert len(peer.seen) == AT_ONCE


def test_one_that_was_left_behind_still_counts_and_then_makes_room(peer: Peer) -> None:
    geocoder = peer.asked(patience=0.05)
    with held(peer):
        for number in range(AT_ONCE):
            with pytest.raises(GeocoderUnreachable):
                geocoder.of(f"client {number}")(QUERY)
        with pytest.raises(GeocoderBusy):
            geocoder.of("one more")(QUERY)
    for number in range(100):
        time.sleep(0.02)
        try:
            assert geocoder.of(f"later {number}")(QUERY) is not None
            break
        except (GeocoderBusy, GeocoderUnreachable):
            continue
    else:
        pytest.fail("No room was made.")


def test_one_client_cannot_ask_without_end_nor_keep_the_others_from_asking(peer: Peer) -> None:
    geocoder = peer.asked()
    for _ in range(PER_CLIENT.amount):
        geocoder.of("one")(QUERY)
    with pytest.raises(GeocoderBusy):
        geocoder.of("one")(QUERY)
    assert geocoder.of("another")(QUERY) is not None
    assert len(peer.seen) == PER_CLIENT.amount + 1


@pytest.mark.parametrize(("processes", "share"), [(1, 8), (3, 2), (20, 1)])
def test_all_clients_together_cannot_flood_it_from_all_processes_either(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, processes: int, share: int
) -> None:
    monkeypatch.setattr("app.places.geocoding.OF_ALL", 8)
    geocoder = peer.asked(processes=processes)
    for number in range(share):
        geocoder.of(f"client {number}")(QUERY)
    with pytest.raises(GeocoderBusy):
        geocoder.of("one more")(QUERY)
    assert len(peer.seen) == share


def test_nothing_typed_is_logged(peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    geocoder = peer.asked()
    geocoder.of("client")(QUERY)
    peer.status = 503
    with pytest.raises(GeocoderError) as caught:
        geocoder.of("client")(QUERY)
    assert "Cach" not in caplog.text + str(caught.value) + repr(caught.value)
