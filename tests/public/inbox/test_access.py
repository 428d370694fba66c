"""The form by which a professional asks for an account: what it stores, and what it refuses."""

from datetime import timedelta

import httpx
import pytest

from app.inbox.message import AccessAsked
from tests.public.inbox.conftest import Visitor, received

PATH = "/professionnels/demande"
GIVEN = {
    **{"nom": "Camille Exemple", "courriel": "camille@example.org", "siret": ""},
    **{"organisation": "Association d’exemple", "fonction": "Éducatrice", "departement": "93"},
}


def send(visitor: Visitor, *, after: float = 10, **fields: str) -> httpx.Response:
    """Send the form as a browser without script does."""
    stamp = visitor.client.get(PATH).text.split('name="vu" value="')[1].split('"')[0]
    visitor.clock.at += timedelta(seconds=after)
    headers = {"Origin": str(visitor.client.base_url).rstrip("/"), "Accept": "text/html"}
    given = {"vu": stamp, "site": "", **GIVEN, **fields}
    return visitor.client.post(PATH, data=given, headers=headers)


def test_what_is_asked_is_read_by_the_desk_alone(visitor: Visitor) -> None:
    page = visitor.client.get(PATH)
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    # Names and functions of the field tell of no child.
    for siret, organisation, function in (
        ("", "SOS Villages d’Enfants", "Éducatrice auprès de mineurs victimes de prostitution"),
        ("00000000000000", "Groupe SOS Jeunesse", "Cheffe de service"),
        ("aucun", "Allô enfance en danger", "Écoutante"),
    ):
        answer = send(
            visitor,
            siret=siret,
            organisation=organisation,
            fonction=function,
            nom=" Camille\u202e Exemple ",
        )
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/merci")
        (asked,) = received(visitor.runtime)
        assert asked == AccessAsked(
            name="Camille Exemple",
            mail="camille@example.org",
            organisation=organisation,
            siret=siret,
            function=function,
            territory="93",
        )
    assert "C’est envoyé" in visitor.client.get(f"{PATH}/merci").text


@pytest.mark.parametrize(
    ("after", "fields", "said"),
    [
        (1, {}, "Relisez ce que vous avez écrit"),
        (13 * 3600, {}, "ouverte depuis longtemps"),
        (10, {"site": "http://spam.example"}, "Laissez vide"),
        (10, {"nom": " "}, "Écrivez votre prénom"),
        (10, {"courriel": "camille"}, "n’est pas complète"),
        (10, {"courriel": ""}, "n’est pas complète"),
        (10, {"organisation": "x" * 201}, "moins de 200"),
        (10, {"fonction": ""}, "Écrivez votre fonction"),
        (10, {"siret": "1" * 21}, "moins de 20"),
        (10, {"departement": ""}, "Choisissez le département"),
        (10, {"departement": "ZZ"}, "Choisissez le département"),
    ],
)
def test_what_cannot_be_sent_is_said_and_stays_on_the_page(
    visitor: Visitor, after: float, fields: dict[str, str], said: str
) -> None:
    answer = send(visitor, after=after, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'name="fonction"' in answer.text
    assert received(visitor.runtime) == []


def test_who_tells_of_a_child_reads_whom_to_call_and_nothing_is_stored(visitor: Visitor) -> None:
    answer = send(visitor, fonction="Aidez-moi, mon beau-père me touche la nuit")
    assert "Parlez-en à quelqu’un maintenant" in answer.text
    assert "C’était une demande d’accès" in answer.text
    assert received(visitor.runtime) == []


def test_nobody_asks_while_nobody_would_be_answered(visitor: Visitor) -> None:
    shown, clock = visitor.client.get(PATH), visitor.clock.at
    visitor.clock.at += timedelta(days=40)
    closed = visitor.client.get(PATH).text
    assert "<form" in shown.text
    assert 'name="courriel"' not in closed
    assert "ne pourrait pas vous répondre" in closed
    assert 'href="tel:119"' in closed
    headers = {"Origin": str(visitor.client.base_url).rstrip("/")}
    assert visitor.client.post(PATH, data=GIVEN, headers=headers).status_code == 422
    visitor.clock.at = clock
    assert received(visitor.runtime) == []


def test_a_form_of_another_site_is_refused(visitor: Visitor) -> None:
    headers = {"Origin": "https://exemple.invalid"}
    assert visitor.client.post(PATH, data=GIVEN, headers=headers).status_code == 403
    assert received(visitor.runtime) == []


def test_what_was_written_runs_in_no_page(visitor: Visitor) -> None:
    answer = send(visitor, after=1, organisation='"><script>alert(1)</script>')
    assert "<script>alert(1)" not in answer.text
