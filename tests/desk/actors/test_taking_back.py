"""A protection pressed by mistake is taken back by one press, of who was public and nobody else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from app.models import Role
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records import acts, second_look, taking_back
from app.records.hidden import hidden
from app.records.sheets import last_revision
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, led_to
from tests.desk.actors.masked import do
from tests.desk.actors.test_sheet import journal
from tests.desk.actors.test_undo import listed, record, seen, sheet
from tests.desk.bureau import Browser
from tests.makers import decide
from tests.meanwhile import is_blocked, until
from tests.short_lists import csv, run


def protect(desk: Desk, browser: Browser, name: str, **given: str) -> str:
    """Press "Protéger" on the sheet of an actor; return its id since."""
    address = f"/gestion/acteurs/{desk.ids()[name]}/proteger"
    answer = browser.post(address, data={"pourquoi": "par erreur"} | given)
    assert answer.status_code == 303, answer.text
    return desk.ids()[name]


def press(browser: Browser, public_id: str) -> httpx.Response:
    return browser.post(f"/gestion/acteurs/{public_id}/proteger/annuler")


def number(desk: Desk, name: str) -> int:
    with read(desk.databases.staff) as session:
        return last_revision(session, seen(desk, name).actor_id)


def public(desk: Desk, name: str) -> tuple[object, ...]:
    """What a visitor reads of an actor, but for its address on this site."""
    columns = "name, protected, status, address, phones, email, ST_AsText(point)"
    with desk.databases.public.connect() as connection:
        found = text(f"SELECT {columns} FROM actor WHERE public_id = :id")
        row = connection.execute(found, {"id": desk.ids()[name]}).one_or_none()
        return tuple(row) if row else ()


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.CURATEUR, Role.REFERENT_DEPARTEMENT])
@pytest.mark.parametrize("secret", ["false", "true"])
def test_it_is_as_before_in_a_new_version_and_noted(desk: Desk, role: Role, secret: str) -> None:
    name, browser = f"Pressée {role.value} {secret}", desk.signed_in(role)
    listed(desk, name)
    before, was, noted = public(desk, name), seen(desk, name), journal(desk, TAKEN)
    now = protect(desk, browser, name, secret=secret)
    assert public(desk, name) != before
    page = browser.get(f"/gestion/acteurs/{now}").text
    assert f'action="/gestion/acteurs/{now}/proteger/annuler"' in page
    assert "vous seul pouvez annuler cette protection" in page
    answer = press(browser, now)
    assert led_to(answer)["fait"] == "protection_annulee"
    page = sheet(browser, answer)
    assert "La protection est annulée" in page
    assert "/proteger/annuler" not in page
    assert "Protection annulée" in page
    assert public(desk, name) == before
    is_now = seen(desk, name)
    assert (is_now.record, set(is_now.causes), is_now.level) == (was.record, set(was.causes), None)
    # Neither of its former addresses leads anywhere.
    assert desk.ids()[name] not in (now, was.public_id)
    assert number(desk, name) == 3
    assert journal(desk, TAKEN) == noted + 1
    assert press(browser, now).status_code == 404
    assert press(browser, desk.ids()[name]).status_code == 409


TAKEN = "protection_taken_back"


@pytest.mark.slow
def test_what_a_person_had_given_to_the_public_is_public_again(desk: Desk) -> None:
    name, browser = "Foyer publié", desk.signed_in()
    home = listed(desk, name, "MECS")
    consent = paris_day() - timedelta(days=30)
    decide(desk.runtime, acts.unprotect, home, who="e", consent=consent, why="accord")
    before, was = public(desk, name), record(desk, name)
    press(browser, protect(desk, browser, name))
    assert public(desk, name) == before
    assert record(desk, name) == was
    assert was.consent_on == consent


def stays(desk: Desk, answer: httpx.Response, name: str, why: str) -> None:
    """Check that nothing was taken back, and that its author reads why and what to do."""
    assert answer.status_code == 409, answer.text
    said = " ".join(answer.text.split())
    assert "Rien n’est annulé, l’acteur reste protégé" in said
    assert why in said
    assert "suit « Lever la protection »" in said
    assert f'href="/gestion/acteurs/{desk.ids()[name]}"' in said
    level = seen(desk, name).level
    assert level is not None
    assert level == "held" or name not in public(desk, name)


def demand(desk: Desk, name: str) -> None:
    """Its list asks that it be not published."""
    head = "Nom;Catégorie;Adresse;Code postal;Commune;Observations"
    seat = f"{sum(map(ord, name))} rue Ouverte;93300;Aubervilliers"
    line = f"{name};Association;{seat};ne pas diffuser l'adresse"
    run(desk.runtime, f"{head}\r\n{line}".encode(), source=name, territory=None)


def colleague(desk: Desk, name: str) -> None:
    other = desk.signed_in()
    other.post(f"/gestion/acteurs/{desk.ids()[name]}/ouvrir")
    assert correct(other, desk.ids()[name], acronym="CO").status_code == 303


def again(desk: Desk, name: str) -> None:
    protect(desk, desk.signed_in(), name)


def command(desk: Desk, name: str) -> None:
    decide(desk.runtime, acts.protect, desk.ids()[name], who="os:essai", why="menaces")


@pytest.mark.slow
@pytest.mark.parametrize("act", [demand, colleague, again, command])
def test_whatever_was_written_meanwhile_leaves_it_protected(
    desk: Desk, act: Callable[[Desk, str], None]
) -> None:
    name, browser = f"Changée par {act.__name__}", desk.signed_in()
    listed(desk, name)
    protect(desk, browser, name)
    act(desk, name)
    now = desk.ids()[name]
    stays(desk, press(browser, now), name, "la dernière chose écrite sur cette fiche")
    assert "/proteger/annuler" not in browser.get(f"/gestion/acteurs/{now}").text


@pytest.mark.slow
def test_neither_another_person_nor_another_role_takes_it_back(desk: Desk) -> None:
    name, browser = "Pressée par un autre", desk.signed_in()
    listed(desk, name)
    now = protect(desk, browser, name)
    other = desk.signed_in()
    assert "/proteger/annuler" not in other.get(f"/gestion/acteurs/{now}").text
    stays(desk, press(other, now), name, "ou une autre personne")
    assert press(desk.signed_in(Role.ADMINISTRATEUR), now).status_code == 403
    # Who may not read it any more finds nobody there.
    state = desk.signed_in(Role.REFERENT_ETAT)
    listed(desk, "Pressée par l’État")
    assert press(state, protect(desk, state, "Pressée par l’État")).status_code == 404
    assert seen(desk, "Pressée par l’État").level == "neutral"


def test_nobody_is_promised_what_they_cannot_do(desk: Desk) -> None:
    promised, name = "vous pouvez annuler pendant dix minutes", "Promise à certains"
    listed(desk, name)
    listed(desk, "Brouillon promis", draft=True)
    pages = [
        desk.signed_in(role).get(f"/gestion/acteurs/{desk.ids()[whom]}/proteger").text
        for role, whom in (
            (Role.CURATEUR, name),
            (Role.REFERENT_ETAT, name),
            (Role.CURATEUR, "Brouillon promis"),
        )
    ]
    assert [promised in page for page in pages] == [True, False, False]


def test_it_is_too_late_after_ten_minutes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    name, browser = "Trop tard", desk.signed_in()
    listed(desk, name)
    now = protect(desk, browser, name)
    assert timedelta(minutes=10) == taking_back.WITHIN
    monkeypatch.setattr(taking_back, "WITHIN", timedelta(0))
    stays(desk, press(browser, now), name, "plus de dix minutes ont passé")
    assert "/proteger/annuler" not in browser.get(f"/gestion/acteurs/{now}").text


@pytest.mark.parametrize("case", ["home", "demand", "draft"])
def test_who_was_hidden_before_stays_so(desk: Desk, case: str) -> None:
    name, browser = f"Déjà cachée {case}", desk.signed_in()
    if case == "demand":
        demand(desk, name)
    else:
        listed(desk, name, "MECS" if case == "home" else "Association", draft=case == "draft")
    now = protect(desk, browser, name)
    stays(desk, press(browser, now), name, "n’était pas entièrement public avant")
    assert "/proteger/annuler" not in browser.get(f"/gestion/acteurs/{now}").text


@pytest.mark.slow
def test_what_a_correction_or_several_at_once_hid_is_none(desk: Desk) -> None:
    browser = desk.signed_in()
    for name in ("Cachée en corrigeant", "Protégée en lot"):
        listed(desk, name)
    words = "Un foyer pour mineures."
    correct(browser, desk.ids()["Cachée en corrigeant"], description=words)
    do(browser, "proteger", [desk.ids()["Protégée en lot"]], pourquoi="menaces")
    for name in ("Cachée en corrigeant", "Protégée en lot"):
        stays(desk, press(browser, desk.ids()[name]), name, "n’est pas votre « Protéger »")


def test_a_colleague_who_asks_to_lift_it_leaves_it_to_both(desk: Desk) -> None:
    name, browser = "Levée demandée", desk.signed_in()
    listed(desk, name)
    now = protect(desk, browser, name)
    with write(desk.databases.staff) as session:
        today = paris_day()
        second_look.ask(session, desk.vault, now, who="autre", consent=today, why="accord")
    stays(desk, press(browser, now), name, "une levée est déjà demandée")


SAME = "Voisine;Association;3 rue Commune;93300;Aubervilliers;01 99 00 77 70;"


def neighbour(desk: Desk, name: str) -> None:
    line = SAME.replace("Voisine", name)
    run(desk.runtime, csv(line), source=name, territory=None)


@pytest.mark.slow
def test_whom_it_hid_beside_is_public_again_but_for_who_changed_since(desk: Desk) -> None:
    names, browser = ("Pressée à côté", "Voisine égale", "Voisine gardée"), desk.signed_in()
    for name in names:
        neighbour(desk, name)
    before = public(desk, "Voisine égale")
    protect(desk, browser, names[0])
    assert [seen(desk, each).level for each in names] == ["neutral", "held", "held"]
    # A colleague looks, and keeps one hidden.
    decide(desk.runtime, acts.protect, desk.ids()[names[2]], who="autre", why="menaces")
    answer = press(browser, desk.ids()[names[0]])
    # That one is a home by decision: it hides both others.
    stays(desk, answer, names[0], "autre chose le cache maintenant")
    assert seen(desk, "Voisine égale").level == "held"
    assert public(desk, "Voisine égale") != before


@pytest.mark.slow
def test_whom_it_hid_beside_is_public_again(desk: Desk) -> None:
    names, browser = ("Pressée seule", "Voisine libre", "Voisine corrigée"), desk.signed_in()
    for index, name in enumerate(names):
        line = f"{name};Association;5 rue Partagée;93300;Aubervilliers;;{index}@example.org"
        run(desk.runtime, csv(line), source=name, territory=None)
    before = [public(desk, each) for each in names]
    protect(desk, browser, names[0])
    assert [seen(desk, each).level for each in names] == ["neutral", "held", "held"]
    colleague(desk, names[2])
    answer = press(browser, desk.ids()[names[0]])
    assert led_to(answer)["avec"] == "1"
    assert [seen(desk, each).level for each in names] == [None, None, "held"]
    assert [public(desk, each) for each in names[:2]] == before[:2]
    with read(desk.databases.staff) as session:
        left = {each.record.name: each.proposed for each in hidden(session, desk.vault, OPERATOR)}
    assert left[names[2]]


def test_a_neighbour_of_whom_a_colleague_asks_stays_to_both(desk: Desk) -> None:
    names, browser = ("Pressée à tort", "Voisine demandée"), desk.signed_in()
    for index, name in enumerate(names):
        line = f"{name};Association;7 rue Demandée;93300;Aubervilliers;;d{index}@example.org"
        run(desk.runtime, csv(line), source=name, territory=None)
    protect(desk, browser, names[0])
    with write(desk.databases.staff) as session:
        beside = desk.ids()[names[1]]
        second_look.ask(session, desk.vault, beside, who="autre", consent=None, why="bureau")
    assert led_to(press(browser, desk.ids()[names[0]]))["avec"] == "1"
    assert [seen(desk, each).level for each in names] == [None, "held"]


def test_a_home_that_came_beside_it_meanwhile_leaves_it_hidden(desk: Desk) -> None:
    name, browser = "Pressée près d’un foyer", desk.signed_in()
    listed(desk, name)
    now = protect(desk, browser, name)
    seat = f"{sum(map(ord, name))} rue Ouverte;93300;Aubervilliers"
    home = f"Foyer venu depuis;MECS;{seat};01 99 00 77 99;"
    run(desk.runtime, csv(home), source="foyers venus", territory=None)
    assert press(browser, now).status_code == 409
    assert seen(desk, name).level is not None


@pytest.mark.slow
def test_of_two_at_once_one_takes_it_back_and_a_demand_that_waited_first_wins(desk: Desk) -> None:
    name, browser = "Pressée deux fois", desk.signed_in()
    listed(desk, name)
    now = protect(desk, browser, name)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: press(browser, now).status_code, range(2)))
    assert sorted(answers) in ([303, 404], [303, 409])
    assert number(desk, name) == 3
    now = protect(desk, browser, name)
    with ThreadPoolExecutor(1) as pool, write(desk.databases.staff) as session:
        hold(session, IMPORT_LOCK)
        waiting = pool.submit(press, browser, now)
        until(lambda: is_blocked(desk.databases.staff))
        acts.protect(session, desk.vault, now, who="autre", why="menaces")
        session.commit()
        answer = waiting.result()
    stays(desk, answer, name, "la dernière chose écrite sur cette fiche")
