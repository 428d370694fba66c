"""The form by which anybody proposes a resource: what it stores, and what it refuses."""

from datetime import timedelta

import httpx
import pytest

from app.inbox.message import ProposedLink
from tests.public.inbox.conftest import Visitor, received

PATH = "/ressources/proposer"
LINK = {"adresse": "https://exemple.fr/guide", "titre": "Guide d’exemple"}


def send(visitor: Visitor, *, after: float = 10, **fields: str) -> httpx.Response:
    """Send the form as a browser without script does."""
    stamp = visitor.client.get(PATH).text.split('name="vu" value="')[1].split('"')[0]
    visitor.clock.at += timedelta(seconds=after)
    headers = {"Origin": str(visitor.client.base_url).rstrip("/"), "Accept": "text/html"}
    given = {"vu": stamp, "site": "", **LINK, **fields}
    return visitor.client.post(PATH, data=given, headers=headers)


def test_the_page_says_first_that_it_is_no_alert_and_leaves_nothing_behind(
    visitor: Visitor,
) -> None:
    answer = visitor.client.get(PATH)
    main = answer.text.partition("<main")[2]
    warning = main.index("Ce formulaire n’est pas une alerte")
    assert warning < main.index("<h1>") < main.index("<form")
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get_list("referrer-policy") == ["same-origin"]
    assert f'href="{PATH}"' in visitor.client.get("/ressources").text


def test_what_is_proposed_is_read_by_the_desk_alone(visitor: Visitor) -> None:
    answer = send(visitor, titre=" Guide\u202e d’exemple ", pourquoi="Pour\r\nles éducateurs ")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/merci")
    assert "c’est envoyé" in visitor.client.get(answer.headers["location"]).text
    assert received(visitor.runtime) == [
        ProposedLink(url=LINK["adresse"], title="Guide d’exemple", why="Pour\nles éducateurs")
    ]


def test_what_tells_of_a_child_is_answered_with_the_numbers_and_stored_nowhere(
    visitor: Visitor,
) -> None:
    said = "Aidez-moi, mon beau-père me frappe"
    for fields in ({"pourquoi": said}, {"titre": said}):
        answer = send(visitor, after=0, **fields)
        main = answer.text.partition("<main")[2]
        assert "rien n’a été envoyé ni gardé" in main
        assert f'<a href="{PATH}">Revenir au formulaire</a>' in main
        assert "beau-père" not in answer.text
    assert received(visitor.runtime) == []


@pytest.mark.parametrize(
    ("after", "fields", "said"),
    [
        (1, {}, "Relisez ce que vous avez écrit"),
        (13 * 3600, {}, "ouverte depuis longtemps"),
        (10, {"vu": "é.é"}, "ouverte depuis longtemps"),
        (10, {"site": "http://spam.example"}, "Laissez vide"),
        (10, {"adresse": ""}, "Collez l’adresse"),
        (10, {"adresse": "javascript:alert(1)"}, "Collez l’adresse"),
        (10, {"adresse": f"https://exemple.fr/{'x' * 700}"}, "trop longue"),
        (10, {"titre": " "}, "Écrivez le titre"),
        (10, {"titre": "x" * 201}, "moins de 200"),
        (10, {"pourquoi": "x" * 501}, "moins de 500"),
    ],
)
def test_what_cannot_be_sent_is_said_and_stays_on_the_page(
    visitor: Visitor, after: float, fields: dict[str, str], said: str
) -> None:
    answer = send(visitor, after=after, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'name="titre"' in answer.text
    assert received(visitor.runtime) == []


def test_a_form_of_another_site_is_refused(visitor: Visitor) -> None:
    headers = {"Origin": "https://exemple.invalid"}
    assert visitor.client.post(PATH, data=LINK, headers=headers).status_code == 403
    assert received(visitor.runtime) == []


def test_what_was_written_runs_in_no_page(visitor: Visitor) -> None:
    answer = send(visitor, after=1, titre='"><script>alert(1)</script>')
    assert "<script>alert(1)" not in answer.text
