"""The form by which somebody asks to come to an event: what it stores, and what it refuses."""

from datetime import timedelta

import httpx
import pytest

from app.inbox.message import EventAsked
from tests.makers_agenda import BEGINS, WRITTEN, announced, cancelled
from tests.public.inbox.conftest import Visitor, received


@pytest.fixture
def event(visitor: Visitor) -> str:
    visitor.clock.at = WRITTEN + timedelta(days=1)
    return announced(visitor.runtime, registers=True)


def path(event_id: str) -> str:
    return f"/agenda/{event_id}/inscription"


def send(visitor: Visitor, event_id: str, *, after: float = 10, **fields: str) -> httpx.Response:
    """Send the form as a browser without script does."""
    shown = visitor.client.get(path(event_id)).text
    stamp = shown.split('name="vu" value="')[1].split('"')[0]
    visitor.clock.at += timedelta(seconds=after)
    headers = {"Origin": str(visitor.client.base_url).rstrip("/"), "Accept": "text/html"}
    given = {"vu": stamp, "site": "", "courriel": "camille@example.org", **fields}
    return visitor.client.post(path(event_id), data=given, headers=headers)


def test_an_address_is_read_by_the_worker_alone_and_always_answered_the_same(
    visitor: Visitor, event: str
) -> None:
    page = visitor.client.get(f"/agenda/{event}").text
    assert f'href="{path(event)}"' in page
    for _ in range(2):
        answer = send(visitor, event)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path(event)}/merci")
    expected = EventAsked(event=event, mail="camille@example.org")
    assert received(visitor.runtime) == [expected, expected]
    assert "C’est envoyé" in visitor.client.get(f"{path(event)}/merci").text


@pytest.mark.parametrize(
    ("after", "fields", "said"),
    [
        (1, {}, "Relisez ce que vous avez écrit"),
        (10, {"courriel": "camille"}, "n’est pas complète"),
        (10, {"courriel": ""}, "n’est pas complète"),
        (10, {"courriel": "a@example.org\nBcc: b@example.org"}, "n’est pas complète"),
        (10, {"site": "http://spam.example"}, "Laissez vide"),
    ],
)
def test_what_is_wrong_is_said_and_not_sent(
    visitor: Visitor, event: str, after: float, fields: dict[str, str], said: str
) -> None:
    answer = send(visitor, event, after=after, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert received(visitor.runtime) == []


def test_there_is_no_form_of_what_takes_no_registration(visitor: Visitor, event: str) -> None:
    without = announced(visitor.runtime)
    network = announced(visitor.runtime, registers=True, audience="reseau")
    for event_id in (without, network, "0" * 16, "x"):
        assert visitor.client.get(path(event_id)).status_code == 404
    assert "inscription" not in visitor.client.get(f"/agenda/{without}").text


def test_the_form_closes_with_its_event(visitor: Visitor, event: str) -> None:
    cancelled(visitor.runtime, event)
    assert "Personne ne peut s’inscrire" in visitor.client.get(path(event)).text
    over = announced(visitor.runtime, registers=True)
    visitor.clock.at = BEGINS + timedelta(days=1)
    assert "Personne ne peut s’inscrire" in visitor.client.get(path(over)).text
