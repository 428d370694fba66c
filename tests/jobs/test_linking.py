"""How addresses of resources are asked: politely, where they lead, and never inside."""

import logging
import socket
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.link_asking import GAP, Asker
from app.jobs.linking import NetworkSilent, look
from app.models import ResourceLink
from app.runtime.staff import Runtime
from tests.makers_resources import made, now

HERE = "https://exemple.fr/guide"
Answers = dict[str, Any]


class Web:
    """Servers by address; what was asked, in its order, and how long was waited in all."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.asked, self.slept = answers, list[str](), list[float]()
        self.time = 1_000.0

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url}")
        given = self.answers.get(f"{request.method} {request.url}")
        given = self.answers.get(str(request.url), 500) if given is None else given
        if isinstance(given, str):
            return httpx.Response(302, headers={"Location": given})
        if isinstance(given, Exception):
            raise given
        return httpx.Response(given)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def asker(self) -> Asker:
        return Asker(httpx.MockTransport(self.answer), lambda: self.time, self.sleep)


def asked(answers: Answers, url: str = HERE) -> tuple[str, list[str]]:
    """Return what is found of an address, and what was asked."""
    web = Web(answers)
    asker = web.asker()
    with asker.client:
        return asker.ask(url).verdict, web.asked


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *((200, "alive"), (206, "alive"), (304, "alive"), (401, "alive"), (403, "alive")),
        *((404, "dead"), (410, "dead"), (429, "unsure"), (500, "unsure"), (503, "unsure")),
    ],
)
def test_a_status_says_whether_it_is_alive(status: int, verdict: str) -> None:
    assert asked({HERE: status})[0] == verdict


def test_a_page_that_answers_no_head_is_asked_for() -> None:
    for refused in (405, 404, 500):
        verdict, what = asked({f"HEAD {HERE}": refused, f"GET {HERE}": 200})
        assert (verdict, what) == ("alive", [f"HEAD {HERE}", f"GET {HERE}"])


def test_it_is_looked_where_an_address_leads() -> None:
    led = {HERE: "/ailleurs", "https://exemple.fr/ailleurs": "http://www.exemple.org/"}
    assert asked({**led, "http://www.exemple.org/": 200})[0] == "alive"
    assert asked({**led, "http://www.exemple.org/": 404})[0] == "dead"


def test_who_leads_in_a_circle_is_left_alone_after_some_steps() -> None:
    verdict, what = asked({HERE: HERE})
    assert verdict == "unsure"
    assert len(what) <= 6


@pytest.mark.parametrize(
    "inside",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "https://10.0.0.1/"),
        *("http://169.254.169.254/latest/", "http://0x7f000001/", "http://intranet/"),
        *("https://bureau.internal/", "https://exemple.fr:8080/", "ftp://exemple.fr/"),
        *("file:///etc/passwd", "https://a:b@exemple.fr/", "http://[64:ff9b::7f00:1]/"),
    ],
)
def test_nothing_inside_is_asked_whoever_leads_there(inside: str) -> None:
    verdict, what = asked({HERE: inside, inside: 200})
    assert verdict == "unsure"
    assert what == [f"HEAD {HERE}"]
    assert asked({inside: 200}, inside) == ("unsure", [])


def test_a_name_that_stands_for_this_machine_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = socket.create_server(("127.0.0.1", 0))
    port = heard.getsockname()[1]
    connect = socket.create_connection

    def inside(_address: Any, *given: Any, **named: Any) -> socket.socket:
        return connect(("127.0.0.1", port), *given, **named)

    monkeypatch.setattr(socket, "create_connection", inside)
    asker = Asker()
    with asker.client, heard:
        assert asker.ask("http://exemple.fr/").verdict == "unsure"
        heard.settimeout(5)
        peer, _ = heard.accept()
        with peer:
            peer.settimeout(5)
            assert peer.recv(100) == b""


@pytest.mark.parametrize(
    "error", [httpx.ConnectError(""), httpx.ReadTimeout(""), httpx.RemoteProtocolError("")]
)
def test_a_server_that_does_not_answer_is_no_dead_page(error: Exception) -> None:
    assert asked({HERE: error})[0] == "unsure"


def test_a_host_is_left_alone_between_two_requests_and_others_are_not() -> None:
    web = Web({HERE: 200, "https://exemple.fr/autre": 200, "https://exemple.org/": 200})
    asker = web.asker()
    with asker.client:
        for url in (HERE, "https://exemple.org/", "https://exemple.fr/autre"):
            asker.ask(url)
    assert web.slept == [GAP]


def noted(runtime: Runtime) -> int:
    with Session(runtime.staff) as session:
        return len(session.scalars(select(ResourceLink.url_digest)).all())


def test_a_night_notes_what_it_found_and_says_nothing_of_it(
    runtime: Runtime, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.WARNING)
    made(runtime, url=HERE)
    web = Web({HERE: 404})
    look(runtime, now(), web.asker())
    assert noted(runtime) == 1
    web = Web({HERE: 200})
    look(runtime, now(), web.asker())
    assert web.asked == []
    said = caplog.text + "".join(capfd.readouterr())
    assert "exemple.fr" not in said


def test_nothing_is_noted_where_the_network_is_gone(runtime: Runtime) -> None:
    made(runtime, url=HERE)
    made(runtime, url="https://exemple.org/b", title="Autre", doi=None, isbn=None)
    gone = httpx.ConnectError("")
    with pytest.raises(NetworkSilent):
        look(runtime, now(), Web({HERE: gone, "https://exemple.org/b": gone}).asker())
    assert noted(runtime) == 0
    look(runtime, now(), Web({HERE: gone, "https://exemple.org/b": 200}).asker())
    assert noted(runtime) == 2
