"""Whom a connection reached is asked before anything is sent, and may be gone by then."""

import select
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.registers.api import Api
from app.registers.errors import ApiGone, NetworkGone
from app.registers.pace import ATTEMPTS
from app.registers.patience import Patience
from tests.registers.downloading import BODY, Client, whole
from tests.registers.register_server import says

RESET_AT_ONCE = struct.pack("ii", 1, 0)


@pytest.fixture
def resetting(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[bool]]]:
    """The address of a server that resets each connection before it is looked at; one entry each.

    Its reset is waited for, so that it is never too late.
    """
    met: list[bool] = []
    plain = Patience._trace

    def late(patience: Patience, host: str, name: str, info: dict[str, Any]) -> None:
        if name.endswith("connect_tcp.complete"):
            poll = select.poll()
            poll.register(info["return_value"].get_extra_info("socket"), 0)
            assert poll.poll(60_000)
        plain(patience, host, name, info)

    def serve(listening: socket.socket) -> None:
        while True:
            try:
                each, _ = listening.accept()
            except OSError:
                return
            met.append(True)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
            each.close()

    monkeypatch.setattr(Patience, "_trace", late)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/register", met
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_server_that_hangs_up_at_once_is_asked_again_and_its_failure_noted(
    client: Client, resetting: tuple[str, list[bool]]
) -> None:
    url, met = resetting
    with pytest.raises(NetworkGone):
        client.fetch(url=url)
    assert len(met) == ATTEMPTS
    assert '"failures": 1' in (client.folder / "notes.json").read_text()


def test_an_api_that_hangs_up_at_once_is_asked_again(
    client: Client, resetting: tuple[str, list[bool]]
) -> None:
    url, met = resetting
    api = Api(url, clock=client.time.now, sleep=client.time.sleep)
    with api, pytest.raises(ApiGone):
        api.ask({})
    assert len(met) == ATTEMPTS


def test_a_proxy_in_our_own_network_is_no_place_that_a_server_led_to(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = client.server.url.removesuffix("/register")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, proxy)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    peers: list[str] = []
    patience = Patience(peers.append)
    client.server.answers = [says(200, BODY)]
    with httpx.Client() as asking:
        for address in ("http://registre.example/register", client.server.url):
            extensions = patience.extensions(httpx.URL(address))
            assert asking.get(address, extensions=extensions).content == BODY
    # Of both, the second alone was reached by ourselves.
    assert peers == ["127.0.0.1"]
    assert len(client.server.asked) == 2
    assert whole(client.fetch(url="http://registre.example/register"))
