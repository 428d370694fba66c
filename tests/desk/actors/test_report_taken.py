"""An address and a closure are taken by one key; what a person has to write stands in the form."""

import html
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from app.models import Actor, Role
from app.platform.database.sessions import read, write
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import fields, send
from tests.desk.actors.test_reports import PAGE, decide, lines, reported
from tests.desk.actors.test_sheet import opened
from tests.desk.bureau import Browser

NAME, ASE = "Association libre", "ASE d'exemple"
FORM = re.compile(r'href="(/gestion/acteurs/\w+/modifier\?signalement=[^"]+)"')


@pytest.fixture(autouse=True)
def emptied(desk: Desk) -> Iterator[None]:
    """Nothing is left of the reports of a test."""
    yield
    with write(desk.databases.staff) as session:
        session.execute(text("DELETE FROM report"))


@pytest.fixture
def curateur(desk: Desk) -> Browser:
    return desk.signed_in(Role.CURATEUR)


def actor(desk: Desk, name: str) -> Actor:
    with read(desk.databases.staff) as session:
        return session.scalars(select(Actor).where(Actor.public_id == desk.ids()[name])).one()


def geocoded_anew(desk: Desk) -> int:
    with read(desk.databases.staff) as session:
        asked = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = 'geocode'"
        return int(session.scalar(text(asked)) or 0)


def undone(browser: Browser, report: str) -> None:
    given = {"signalement": report}
    assert browser.post(f"{PAGE}/annuler", given).headers["location"].endswith(f"#s-{report}")


def form_of(line: str) -> str:
    (found,) = FORM.findall(line)
    return html.unescape(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "becomes"),
    [
        ("12 rue Neuve, 93000 Bobigny", "12 rue Neuve\n93000 Bobigny"),
        ("14, av. de la Paix\n93300 Aubervilliers", "14, av. de la Paix\n93300 Aubervilliers"),
        ("16 bis rue Neuve", "16 bis rue Neuve\n93300 Aubervilliers"),
        ("18 rue Neuve, aubervilliers", "18 rue Neuve\n93300 Aubervilliers"),
    ],
    ids=["another town", "shortened", "no town", "no postcode"],
)
def test_an_address_is_taken_by_one_key_and_taken_back_with_its_point(
    desk: Desk, curateur: Browser, right: str, becomes: str
) -> None:
    report, before = reported(desk, NAME, "address", right), actor(desk, NAME)
    (line,) = lines(curateur)
    assert f'<del class="desk-diff__old">{before.address}</del>' in line
    assert f'<ins class="desk-diff__new">{becomes}</ins>' in line
    assert 'data-key="a"' in line
    asked = geocoded_anew(desk)
    assert decide(curateur, report, "prendre", line) == f"{PAGE}?fait=prendre"
    assert actor(desk, NAME).address == becomes
    # The job of the worker finds where that is.
    assert geocoded_anew(desk) > asked
    undone(curateur, report)
    assert actor(desk, NAME).address == before.address


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "written"),
    [
        ("au 12 rue Neuve, derrière la mairie", "au 12 rue Neuve\nderrière la mairie"),
        ("rue Neuve, 93000 Bobigny", "rue Neuve"),
        ("12 rue Neuve, 75011 Paris", "12 rue Neuve"),
        ("12 rue Neuve, 93000", "12 rue Neuve"),
        ("dans la même rue", "dans la même rue"),
    ],
    ids=["words around", "no number", "another territory", "no town", "words"],
)
def test_what_is_no_whole_address_here_opens_the_form_with_it(
    desk: Desk, curateur: Browser, right: str, written: str
) -> None:
    report = reported(desk, NAME, "address", right)
    (line,) = lines(curateur)
    assert 'data-key="a"' not in line
    assert curateur.post(f"{PAGE}/{report}", {"reponse": "prendre"}).status_code == 409
    page = curateur.get(form_of(line))
    assert fields(page)["address"][0] == written
    assert "Un visiteur signale : adresse fausse." in page.text
    assert "La fiche dit « " in page.text.replace("\u00a0", " ")
    assert re.search(r'<textarea id="address"[^>]* autofocus', page.text)


@pytest.mark.slow
def test_saving_the_form_closes_the_report_and_leads_to_the_next(
    desk: Desk, curateur: Browser
) -> None:
    report = reported(desk, NAME, "address", "en face : 20 rue Neuve")
    other = reported(desk, "CRIP d'exemple", "other", "un mot")
    before = actor(desk, NAME).address
    first, _ = lines(curateur)
    form = form_of(first)
    page = curateur.get(form)
    assert f'action="{html.escape(form)}"' in page.text
    # What is wrong is said, and the way back is not forgotten.
    again = send(
        curateur, form, fields(page), {"address": "20 rue Neuve", "website": "pas un site"}
    )
    assert again.status_code == 422
    assert f'action="{html.escape(form)}"' in again.text
    assert "Un visiteur signale" in again.text
    sent = send(curateur, form, fields(again), {"website": ""})
    assert sent.headers["location"] == f"{PAGE}?fait=corrige&decide={report}#s-{other}"
    assert actor(desk, NAME).address == "20 rue Neuve\n93300 Aubervilliers"
    (left,) = lines(curateur)
    assert other in left
    # Both are taken back at once.
    undone(curateur, report)
    assert actor(desk, NAME).address == before
    assert len(lines(curateur)) == 2


def test_a_form_in_which_nothing_changed_decides_nothing(desk: Desk, curateur: Browser) -> None:
    report = reported(desk, NAME, "other", "le site ne marche pas")
    form = form_of(lines(curateur)[0])
    sent = send(curateur, form, fields(curateur.get(form)), {})
    assert sent.headers["location"] == f"{PAGE}?fait=inchange&decide={report}#s-{report}"
    (line,) = lines(curateur)
    assert report in line
    assert "décidez de ce signalement" in curateur.get(sent.headers["location"]).text


@pytest.mark.slow
def test_a_form_is_saved_though_somebody_else_decided_meanwhile(
    desk: Desk, curateur: Browser
) -> None:
    report = reported(desk, NAME, "other", "la description est fausse")
    form = form_of(lines(curateur)[0])
    page = curateur.get(form)
    assert decide(desk.signed_in(), report, "refuser") == f"{PAGE}?fait=refuser"
    sent = send(curateur, form, fields(page), {"description": "Une autre description."})
    assert sent.headers["location"] == f"{PAGE}?fait=decide"
    assert actor(desk, NAME).description == "Une autre description."


def test_the_form_of_another_actor_closes_no_report_and_says_nothing_of_it(
    desk: Desk, curateur: Browser
) -> None:
    report = reported(desk, NAME, "other", "phrase-repère")
    other = f"/gestion/acteurs/{desk.ids()[ASE]}/modifier?signalement={report}"
    page = curateur.get(other)
    assert "phrase-repère" not in page.text
    send(curateur, other, fields(page), {"description": "Ailleurs."})
    assert len(lines(curateur)) == 1


def test_of_several_telephones_all_stand_in_the_form_with_the_one_that_is_said(
    desk: Desk, curateur: Browser
) -> None:
    name = "CRIP d'exemple"
    taken = reported(desk, name, "phone", "01 99 00 00 01\n01 99 00 00 81")
    (line,) = lines(curateur)
    decide(curateur, taken, "prendre", line)
    reported(desk, name, "phone", "01 99 00 00 82")
    (line,) = lines(curateur)
    page = curateur.get(form_of(line))
    said = fields(page)["phones"][0].replace("\u00a0", " ").split("\n")
    assert said == ["01 99 00 00 01", "01 99 00 00 81", "01 99 00 00 82"]


def test_who_closed_is_archived_by_one_key_and_comes_back_by_another(
    desk: Desk, curateur: Browser
) -> None:
    report, public_id = reported(desk, NAME, "closed", "depuis juin"), desk.ids()[NAME]
    (line,) = lines(curateur)
    assert "Archiver l’acteur" in line
    assert "écrit : « depuis juin »" in line
    assert decide(curateur, report, "prendre", line) == f"{PAGE}?fait=archive"
    assert desk.status(public_id) == "archived"
    sheet = curateur.get(f"/gestion/acteurs/{public_id}/historique").text
    assert "Signalé par un visiteur" in html.unescape(sheet)
    undone(curateur, report)
    assert desk.status(public_id) == "published"
    (line,) = lines(curateur)
    assert report in line


def test_a_referent_archives_who_closed_and_takes_it_back(desk: Desk) -> None:
    referent = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    report, public_id = reported(desk, NAME, "closed"), desk.ids()[NAME]
    (line,) = lines(referent)
    assert decide(referent, report, "prendre", line) == f"{PAGE}?fait=archive"
    assert desk.status(public_id) == "archived"
    undone(referent, report)
    assert desk.status(public_id) == "published"


@pytest.mark.slow
def test_who_changed_meanwhile_or_is_archived_already_is_not_archived(
    desk: Desk, curateur: Browser
) -> None:
    first, second = (reported(desk, NAME, "closed") for _ in range(2))
    other = reported(desk, NAME, "phone", "01 99 00 00 83")
    seen = lines(curateur)
    decide(curateur, other, "prendre", seen[2])
    location = decide(curateur, first, "prendre", seen[0])
    assert location == f"{PAGE}?fait=changee#s-{first}"
    assert decide(curateur, first, "prendre", lines(curateur)[0]) == f"{PAGE}?fait=archive"
    (line,) = lines(curateur)
    assert 'data-key="a"' not in line
    assert curateur.post(f"{PAGE}/{second}", {"reponse": "prendre"}).status_code == 409
    undone(curateur, first)


@pytest.mark.parametrize("name", ["Foyer fictif", "Association voisine"])
def test_a_hidden_one_is_archived_by_no_key_alone_since_its_neighbour_would_show(
    desk: Desk, curateur: Browser, name: str
) -> None:
    report, neighbour = reported(desk, name, "closed"), actor(desk, "Association voisine")
    given = {"reponse": "prendre", "vu": "1"}
    assert curateur.post(f"{PAGE}/{report}", given).status_code == 403
    opened(desk, curateur, name)
    (line,) = lines(curateur)
    assert 'data-key="a"' not in line
    assert curateur.post(f"{PAGE}/{report}", given).status_code == 409
    assert actor(desk, "Association voisine").address == neighbour.address


def test_the_address_of_a_protected_place_is_not_written_by_one_key(
    desk: Desk, curateur: Browser
) -> None:
    report, before = (
        reported(desk, NAME, "address", "10 rue Cachée, 93000 Bobigny"),
        actor(desk, NAME),
    )
    (line,) = lines(curateur)
    assert decide(curateur, report, "prendre", line) == f"{PAGE}?fait=masquerait#s-{report}"
    assert actor(desk, NAME).address == before.address


def test_the_state_takes_no_address_by_one_key(desk: Desk, curateur: Browser) -> None:
    report = reported(desk, NAME, "address", "12 rue Neuve, 93000 Bobigny")
    shown_to_it = desk.signed_in(Role.REFERENT_ETAT)
    (line,) = lines(shown_to_it)
    assert 'data-key="a"' not in line
    assert form_of(line)
    # Sent by hand it is refused as what nobody may take, wherever it lies.
    (read_by_another,) = lines(curateur)
    assert decide(shown_to_it, report, "prendre", read_by_another) == ""
    assert actor(desk, NAME).address != "12 rue Neuve\n93000 Bobigny"
