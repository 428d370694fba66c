"""What the public would read, beside a form: as its own pages say it, and nothing is written."""

import html
import re

import httpx
import pytest
from sqlalchemy import func, select

from app.models import Actor, AuditEntry, Revision, Role
from app.platform.database.sessions import read
from geo.address import address_key
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, fields, led_to, opened, send
from tests.desk.actors.test_form import note_opened
from tests.desk.bureau import Browser

FREE, HOME, NEW = "Association libre", "Foyer fictif", "/gestion/acteurs/nouveau"
PLACE = {"address": "44 rue Neuve", "postcode": "93000", "city": "Bobigny", "territory": "93"}


@pytest.fixture
def curateur(desk: Desk) -> Browser:
    return desk.signed_in(Role.CURATEUR)


def card(answer: httpx.Response) -> str:
    """The words of what stands beside a form."""
    found = re.search(r"data-beside>(.*?)</div>", answer.text, re.DOTALL)
    assert found, answer.text[:2000]
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found[1], flags=re.DOTALL)
    return " ".join(html.unescape(words).split())


def looked(browser: Browser, public_id: str, **changes: object) -> httpx.Response:
    given = opened(browser, public_id)
    return send(browser, f"/gestion/acteurs/{public_id}/apercu", given, changes)


def stored(desk: Desk) -> tuple[int, ...]:
    """How much there is of what a deed would write."""
    with read(desk.databases.staff) as session:
        tables = (Actor, Revision, AuditEntry)
        return tuple(session.scalar(select(func.count()).select_from(each)) or 0 for each in tables)


def test_no_address_is_remembered_once_it_is_answered(desk: Desk, curateur: Browser) -> None:
    sheet = f"/gestion/acteurs/{desk.ids()[HOME]}"
    curateur.post(f"{sheet}/ouvrir")
    looked(curateur, desk.ids()[HOME], **PLACE)
    assert address_key.cache_info().currsize == 0  # type: ignore[attr-defined]
    curateur.get(sheet)
    assert address_key.cache_info().currsize == 0  # type: ignore[attr-defined]


@pytest.mark.slow
def test_it_is_the_card_of_the_public_page(desk: Desk, curateur: Browser) -> None:
    public_id = desk.ids()[FREE]
    sheet = curateur.get(f"/gestion/acteurs/{public_id}").text
    shown = sheet.split('<ul class="desk-public">')[1].split("</ul>")[0]
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", shown, flags=re.DOTALL)
    beside = card(curateur.get(f"/gestion/acteurs/{public_id}/modifier"))
    assert beside == " ".join(html.unescape(words).split())


def by_default(answer: httpx.Response) -> str:
    """What a form says of missions that nobody chose, nothing where it says nothing."""
    found = re.search(r"data-by-default><span>(.*?)</span>", answer.text, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])) if found else ""


def test_missions_that_follow_from_the_category_are_said_before_they_are_published(
    desk: Desk, curateur: Browser
) -> None:
    given = {"name": "Club d’échecs", "category": "info_jeunes", **PLACE, "address": "77 rue Neuve"}
    empty = fields(curateur.get(NEW))
    answer = send(curateur, f"{NEW}/apercu", empty, given)
    missions = "Écoute, Accès aux droits"
    assert missions in by_default(answer)
    assert f"Missions publiées, par défaut de la catégorie : {missions}" in card(answer)
    chosen = send(curateur, f"{NEW}/apercu", empty, given | {"functions": ["justice"]})
    assert by_default(chosen) == ""
    assert missions not in card(chosen)
    # Not understood yet, and it is said all the same.
    begun = send(curateur, f"{NEW}/apercu", empty, {"category": "info_jeunes"})
    assert missions in by_default(begun)
    acteur = led_to(send(curateur, NEW, empty, given | {"what": "publier"}))["acteur"]
    assert opened(curateur, acteur)["functions"] == ["ecoute", "acces_droits"]


def test_what_is_entered_is_shown_and_nothing_is_written(desk: Desk, curateur: Browser) -> None:
    public_id, before = desk.ids()[FREE], stored(desk)
    changes = {"name": "Association rebaptisée", "description": "Un accueil.", "why": "essai"}
    answer = looked(curateur, public_id, **changes)
    assert answer.status_code == 200
    assert "Association rebaptisée" in card(answer)
    assert "Un accueil." in card(answer)
    assert "data-changed" in answer.text
    again = fields(answer)
    assert {name: again[name] for name in changes} == {n: [v] for n, v in changes.items()}
    assert stored(desk) == before
    # What comes back is saved as what was shown first.
    path = f"/gestion/acteurs/{public_id}/modifier"
    assert led_to(send(curateur, path, again, {"name": FREE}))["fait"] == "enregistre"


def test_what_would_hide_is_neutral(desk: Desk, curateur: Browser) -> None:
    answer = looked(curateur, desk.ids()[FREE], name="Foyer libre", category="mecs")
    said = card(answer)
    assert "Foyer libre" not in said
    assert "Lieu d’accueil – Seine-Saint-Denis" in said
    assert "Ce lieu est protégé" in said


@pytest.mark.parametrize("entered", [{"address": "10 rue Cachée"}, {"phones": "01 99 00 00 10"}])
def test_nobody_learns_by_looking_where_a_hidden_place_is(
    desk: Desk, curateur: Browser, entered: dict[str, str]
) -> None:
    given = fields(curateur.get(NEW))
    known = PLACE | {"name": "Club du coin", "category": "association"} | entered
    said = card(send(curateur, f"{NEW}/apercu", given, known))
    assert "Club du coin" in said
    assert "caché" not in said


def test_a_protected_actor_is_opened_first_and_its_card_stays_neutral(
    desk: Desk, curateur: Browser
) -> None:
    public_id = desk.ids()[HOME]
    path = f"/gestion/acteurs/{public_id}/apercu"
    answer = curateur.post(path, {"name": "Autre"})
    assert answer.status_code == 303
    assert "Cach" not in answer.text
    led_to(correct(curateur, desk.ids()[FREE], acronym="OUV"))
    note_opened(desk, curateur, public_id)
    said = card(looked(curateur, public_id, category="association", name="Service calme"))
    assert "Service calme" not in said
    assert "Cach" not in said


def test_a_new_actor_is_shown_once_it_is_understood(desk: Desk, curateur: Browser) -> None:
    first = curateur.get(NEW)
    assert "dès que le nom" in card(first)
    known = PLACE | {"name": "Antenne neuve", "category": "prevention"}
    answer = send(curateur, f"{NEW}/apercu", fields(first), known)
    assert "Antenne neuve" in card(answer)
    assert "Un brouillon" in card(answer)
    assert fields(answer)["name"] == ["Antenne neuve"]


def test_a_referent_looks_at_its_own_territory_alone(desk: Desk) -> None:
    referent, elsewhere = desk.signed_in(Role.REFERENT_DEPARTEMENT), desk.ids()["Foyer de Lille"]
    answer = referent.post(f"/gestion/acteurs/{elsewhere}/apercu", {"name": "x"})
    assert answer.status_code == 404
    chief = desk.signed_in(Role.ADMINISTRATEUR)
    assert chief.post(f"{NEW}/apercu", {"name": "x"}).status_code == 403


def test_a_field_that_is_wrong_leaves_the_rest_to_be_seen(desk: Desk, curateur: Browser) -> None:
    said = card(looked(curateur, desk.ids()[FREE], phones="01 99", acronym="ALI"))
    assert FREE in said
    assert "dès que le nom" in card(looked(curateur, desk.ids()[FREE], name=""))
