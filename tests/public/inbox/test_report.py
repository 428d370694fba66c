"""The form by which anybody reports an error: what it stores, and what nobody learns by it."""

import re
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from app.inbox.message import Correction
from app.inbox.putting import NotPut
from app.main import create_app
from app.platform.database.engines import Databases
from app.public.inbox import forms
from app.runtime.staff import Runtime
from tests.meanwhile import in_one_hour
from tests.public.inbox.conftest import (
    ABSENT,
    ARCHIVED,
    NEUTRAL,
    OPEN,
    Visitor,
    received,
    visiting,
)
from tests.serving import serving

RIGHT = "01 99 00 00 09"


def without_id(answer: httpx.Response, actor: str) -> str:
    stamped = answer.text.split('name="vu" value="')
    page = stamped[0] + (stamped[1].partition('"')[2] if len(stamped) > 1 else "")
    return page.replace(actor, "ID")


def test_the_page_says_first_that_it_is_no_alert_and_leaves_nothing_behind(
    visitor: Visitor,
) -> None:
    answer = visitor.page()
    main = answer.text.partition("<main")[2]
    warning = main.index("Ce formulaire n’est pas une alerte")
    assert warning < main.index("<h1>") < main.index("<form")
    for number in ("tel:119", "tel:17", "sms:114"):
        assert f'href="{number}"' in main[warning:][: main.index("<h1>")]
    assert "Service ouvert" in main
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    # With no-referrer the form would come as from nowhere.
    assert answer.headers.get_list("referrer-policy") == ["same-origin"]
    assert visitor.client.get("/").headers["referrer-policy"] == "no-referrer"


def test_what_is_sent_is_read_by_the_desk_alone(visitor: Visitor) -> None:
    answer = visitor.send(juste=f" {RIGHT}\r\nmerci ", courriel="a.b@example.org")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/acteurs/{OPEN}/signaler/merci",
    )
    thanks = visitor.client.get(answer.headers["location"])
    assert "c’est envoyé" in thanks.text
    assert "set-cookie" not in answer.headers
    assert received(visitor.runtime) == [
        Correction(actor=OPEN, wrong="phone", right=f"{RIGHT}\nmerci", mail="a.b@example.org")
    ]


def test_who_sends_learns_nothing_of_whom_there_is(visitor: Visitor) -> None:
    pages, thanks = {}, set()
    for actor in (OPEN, NEUTRAL, ARCHIVED, ABSENT):
        pages[actor] = without_id(visitor.page(actor), actor)
        answer = visitor.send(actor, juste=RIGHT)
        assert (answer.status_code, answer.headers["location"].replace(actor, "")) == (
            303,
            "/acteurs//signaler/merci",
        )
        thanks.add(without_id(visitor.client.get(answer.headers["location"]), actor))
    assert len(thanks) == 1
    assert pages[ARCHIVED] == pages[ABSENT]
    assert "archivé" not in pages[ARCHIVED]
    # Of a neutral sheet its neutral name, which anybody reads, and no more than of another one.
    assert pages[NEUTRAL].replace("Lieu d’accueil – Nord", "Service ouvert") == pages[OPEN]
    assert len(received(visitor.runtime)) == 4


def test_what_cannot_be_an_id_is_answered_as_one_that_is_nobodys(visitor: Visitor) -> None:
    for odd in ("nulle-part", "A" * 16, "oui'><b>y"):
        given = quote(odd)
        assert without_id(visitor.page(given), given) == without_id(visitor.page(ABSENT), ABSENT)
        answer = visitor.send(given, juste=RIGHT)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/acteurs/{given}/signaler/merci",
        )
    assert received(visitor.runtime) == []


def test_what_tells_of_a_child_is_answered_with_the_numbers_and_stored_nowhere(
    visitor: Visitor,
) -> None:
    said = "Aidez-moi, mon beau-père me frappe"
    for fields in ({}, {"courriel": "x", "faux": ""}, {"site": "x"}):
        answer = visitor.send(juste=said, after=0, **fields)
        assert answer.status_code == 200
        main = answer.text.partition("<main")[2]
        assert "rien n’a été envoyé ni gardé" in main
        assert all(f'href="{each}"' in main for each in ("tel:119", "tel:17", "sms:114"))
        assert "beau-père" not in answer.text
    assert received(visitor.runtime) == []


@pytest.mark.parametrize(
    ("after", "fields", "said"),
    [
        (1, {}, "Relisez ce que vous avez écrit"),
        (13 * 3600, {}, "ouverte depuis longtemps"),
        (10, {"vu": ""}, "ouverte depuis longtemps"),
        (10, {"vu": f"1700000000.{'0' * 64}"}, "ouverte depuis longtemps"),
        (10, {"vu": "é.é"}, "ouverte depuis longtemps"),
        (10, {"site": "http://spam.example"}, "Laissez vide"),
        (10, {"faux": ""}, "Choisissez ce qui est faux"),
        (10, {"faux": "tout"}, "Choisissez ce qui est faux"),
        (10, {"faux": "hours", "juste": " "}, "Écrivez ce qui serait juste"),
        (10, {"juste": "x" * 1_001}, "moins de 1000 caractères"),
        (10, {"courriel": "pas une adresse"}, "n’est pas complète"),
        (10, {"courriel": "a@example.org\r\nBcc: b@example.org"}, "n’est pas complète"),
    ],
    ids=[
        "early",
        "late",
        "none",
        "forged",
        "odd",
        "trap",
        "missing",
        "other",
        "empty",
        "long",
        "mail",
        "header",
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_written_is_lost(
    visitor: Visitor, after: float, fields: dict[str, str], said: str
) -> None:
    given = {"juste": RIGHT} | fields
    answer = visitor.send(after=after, **given)
    assert answer.status_code == 422
    assert said in answer.text
    # What is said on top leads to its field.
    top = answer.text.partition('role="alert"')[2].partition("<form")[0]
    links = re.findall(r'<a href="#(\w+)">', top)
    assert bool(links) == bool(fields.keys() - {"vu"})
    assert all(answer.text.count(f' id="{field}"') == 1 for field in links)
    if given["juste"].strip():
        assert given["juste"] in answer.text
    assert received(visitor.runtime) == []


def test_who_sent_too_early_or_too_late_sends_the_shown_form_again(visitor: Visitor) -> None:
    for after in (1, 13 * 3600):
        again = visitor.send(juste=RIGHT, after=after)
        stamp = again.text.split('name="vu" value="')[1].split('"')[0]
        visitor.clock.at += timedelta(seconds=4)
        assert visitor.post(vu=stamp, faux="phone", juste=RIGHT).status_code == 303
    assert len(received(visitor.runtime)) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://ailleurs.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://ailleurs.example"},
    ],
    ids=["nothing", "null", "other", "cross", "typed in", "both"],
)
def test_no_other_site_sends_the_form(visitor: Visitor, headers: dict[str, str]) -> None:
    answer = visitor.client.post(
        f"/acteurs/{OPEN}/signaler", data={"faux": "closed"}, headers=headers
    )
    assert answer.status_code == 403
    assert received(visitor.runtime) == []


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</textarea><b>x</b>",
        "' onfocus=alert(1) autofocus='",
        "{{ 7 * 7 }}<i>",
    ],
)
def test_what_is_shown_again_runs_nothing(visitor: Visitor, payload: str) -> None:
    answer = visitor.send(juste=payload, courriel=payload, site=payload)
    assert answer.status_code == 422
    assert payload not in answer.text


def test_a_large_body_is_refused(visitor: Visitor) -> None:
    assert visitor.post(faux="closed", juste="x" * 20_000).status_code == 413


@pytest.mark.slow
def test_when_too_many_come_the_form_says_so_and_shows_what_was_written(runtime: Runtime) -> None:
    in_one_hour(runtime.staff)
    with visiting(runtime) as visitor:
        for _ in range(20):
            assert visitor.send(juste=RIGHT).status_code == 303
        answer = visitor.send(juste="Il ferme à midi", faux="hours")
        assert answer.status_code == 503
        assert "envoyez-le de nouveau dans une heure" in answer.text
        # A whole office may be one network: it is thanked, and told what else it can do.
        assert "Merci de votre aide" in answer.text
        assert "lien de dépôt" in answer.text
        assert re.search(r"Ou écrivez à <a href=\"[^\"]+\"", answer.text)
        assert "Il ferme à midi" in answer.text
        assert len(received(runtime)) == 20


def test_what_cannot_be_stored_is_sent_again_in_a_minute_and_not_in_an_hour(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise NotPut

    monkeypatch.setattr(forms, "put", refused)
    answer = visitor.send(juste="Il ferme à midi", faux="hours")
    assert answer.status_code == 503
    assert "de nouveau dans une minute" in answer.text
    assert "lien de dépôt" not in answer.text
    assert "Il ferme à midi" in answer.text


@pytest.mark.slow
def test_without_the_login_or_a_key_the_page_gives_an_address(runtime: Runtime) -> None:
    for contact, link in (
        ("carte@example.org", "mailto:carte@example.org"),
        (None, "/mentions-legales#contact"),
    ):
        settings = runtime.settings.model_copy(update={"contact": contact})
        for databases in (
            Databases(runtime.databases.staff, runtime.databases.public),
            runtime.databases,
        ):
            app = create_app(settings, databases)
            with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
                page = client.get(f"/acteurs/{OPEN}/signaler").text
                main = page.partition("<main")[2].partition("</main>")[0]
                assert f'href="{link}"' in main
                assert "<form" not in main
                origin = {"Origin": address}
                sent = client.post(
                    f"/acteurs/{OPEN}/signaler", data={"faux": "closed"}, headers=origin
                )
                assert sent.status_code == 422
                assert "<form" not in sent.text.partition("<main")[2]


def test_sheets_and_cards_lead_to_the_form(visitor: Visitor) -> None:
    for actor in (OPEN, NEUTRAL):
        sheet = visitor.client.get(f"/acteurs/{actor}", follow_redirects=True).text
        assert sheet.count(f'href="/acteurs/{actor}/signaler"') == 2
    page = visitor.client.get("/departements/93").text
    assert f'href="/acteurs/{OPEN}/signaler" rel="nofollow"' in page
    frame = visitor.client.get("/integration/93").text
    assert f'/acteurs/{OPEN}/signaler" target="_blank" rel="noopener"' in frame
