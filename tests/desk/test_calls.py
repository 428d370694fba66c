"""Whom to call, the riskiest first: what comes of a call by one press, and taken back."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from app.models import Actor, ActorCall, ActorProtected, ActorQuestion, Report, Role
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import read, write
from app.platform.web.french import day_text
from app.records import acts
from app.records.sealed import open_provenance
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.desk.bureau import Browser, Bureau
from tests.makers import decide
from tests.short_lists import csv, ids, run

HERE = "/gestion/appels"
OLD = "Association ancienne;Association;1 rue Ancienne;93000;Bobigny;01 99 00 03 01;"
NEW = "Association récente;Association;2 rue Ancienne;93000;Bobigny;01 99 00 03 02;"
CELL = "CRIP urgente;CRIP;3 rue Ancienne;93000;Bobigny;01 99 00 03 03;"
HOME = "Foyer des appels;MECS;4 rue Cachée;93000;Bobigny;01 99 00 03 04;"
PARIS = "Association parisienne;Association;1 rue de Paris;75011;Paris;01 99 00 03 05;"
ROW = re.compile(r'id="a-([0-9a-f]{16})"')


@pytest.fixture
def due(bureau: Bureau) -> dict[str, str]:
    """Public ids by name of actors whose terms are over: who was first due comes first here."""
    runtime = Runtime(bureau.settings, bureau.databases, bureau.vault, "", None)
    run(runtime, csv(OLD, NEW, CELL, HOME), source="appels")
    run(runtime, csv(PARIS), source="ailleurs", territory="75")
    with write(bureau.databases.staff) as session:
        for table in ("actor_call", "report", "actor_question"):
            session.execute(text(f"DELETE FROM {table}"))
    lapse(bureau)
    return ids(runtime)


def lapse(bureau: Bureau) -> None:
    """Let all terms be over, whatever was written since."""
    today = paris_day(bureau.clock.at)
    with write(bureau.databases.staff) as session:
        session.execute(update(ActorProtected).values(due_on=today - timedelta(days=10)))
        old = select(Actor.id).where(Actor.name == "Association ancienne")
        given = update(ActorProtected).where(ActorProtected.actor_id.in_(old))
        session.execute(given.values(due_on=today - timedelta(days=50)))


@pytest.fixture
def curateur(bureau: Bureau) -> Browser:
    return bureau.signed_in(Role.CURATEUR)


def listed(browser: Browser, query: str = "") -> list[str]:
    page = browser.get(f"{HERE}{query}")
    assert page.status_code == 200
    return ROW.findall(page.text)


def call(browser: Browser, public_id: str, result: str) -> str:
    """Note what came of a call, and return where that leads."""
    answer = browser.post(f"{HERE}/{public_id}", {"reponse": result})
    assert answer.status_code == 303
    return answer.headers["location"]


def taken_back(browser: Browser, location: str) -> int:
    found = re.search(r"appel=([0-9a-f-]{36})", location)
    assert found
    return browser.post(f"{HERE}/annuler", {"appel": found[1]}).status_code


def actor(bureau: Bureau, name: str) -> Actor:
    with read(bureau.databases.staff) as session:
        return session.scalars(select(Actor).where(Actor.name == name)).one()


@pytest.mark.slow
def test_who_answers_urgently_comes_first_then_whom_no_mail_reaches_then_the_oldest(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    names = ["CRIP urgente", "Association ancienne", "Association récente"]
    assert listed(curateur, "?territoire=93")[-2:] == [due[each] for each in names[1:]]
    assert due["CRIP urgente"] in listed(curateur)[:2]
    recent = actor(bureau, "Association récente")
    with write(bureau.databases.staff) as session:
        now, day = bureau.clock.at, paris_day(bureau.clock.at) - timedelta(days=10)
        ended = {"outcome": "bounced", "ended_at": now}
        question = ActorQuestion(
            actor_id=recent.id, due_on=day, made_at=now, ends_at=now, sent_at=now, **ended
        )
        session.add(question)
    assert listed(curateur, "?territoire=93")[-2:] == [due[each] for each in (names[2], names[1])]
    assert "Courriel revenu" in curateur.get(HERE).text


def test_right_renews_the_day_at_once_and_is_taken_back(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    public_id = due["Association ancienne"]
    before = actor(bureau, "Association ancienne").verified_on
    location = call(curateur, public_id, "juste")
    said = actor(bureau, "Association ancienne")
    assert said.verified_on == paris_day(bureau.clock.at)
    with read(bureau.databases.staff) as session:
        fields = session.get_one(StoredProvenance, said.id).fields
        assert open_provenance(bureau.vault, said.id, fields)["verified_on"].how == "call"
    assert public_id not in listed(curateur)
    assert taken_back(curateur, location) == 303
    assert actor(bureau, "Association ancienne").verified_on == before
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(ActorCall.id)).all() == []
    assert taken_back(curateur, location) == 404


@pytest.mark.slow
def test_who_does_not_answer_comes_again_later_each_time(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    public_id, before = due["Association ancienne"], bureau.clock.at
    days = []
    try:
        for _ in range(5):
            assert public_id in listed(curateur)
            said = curateur.get(call(curateur, public_id, "silence")).text
            assert public_id not in listed(curateur)
            today = paris_day(bureau.clock.at)
            with read(bureau.databases.staff) as session:
                last = select(ActorCall.next_on).order_by(ActorCall.at.desc()).limit(1)
                next_on = session.scalars(last).one()
            assert next_on is not None
            assert f"reviendra ici le {day_text(next_on)}." in said
            days.append((next_on - today).days)
            bureau.clock.pass_by(days=days[-1])
            curateur = bureau.signed_in(Role.CURATEUR)
    finally:
        bureau.clock.at = before
    assert days == [1, 3, 7, 30, 30]


def test_a_wrong_number_waits_as_an_error_and_goes_with_its_call(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    location = call(curateur, due["Association ancienne"], "faux")
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(Report.wrong)).all() == ["phone"]
    assert taken_back(curateur, location) == 303
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(Report.id)).all() == []
    assert due["Association ancienne"] in listed(curateur)


@pytest.mark.slow
@pytest.mark.parametrize("result", ["silence", "faux", "juste"])
def test_what_is_noted_twice_counts_once_and_is_taken_back_at_once(
    bureau: Bureau, curateur: Browser, due: dict[str, str], result: str
) -> None:
    public_id = due["Association ancienne"]
    first = call(curateur, public_id, result)
    assert call(curateur, public_id, result) == first
    other = bureau.signed_in(Role.CURATEUR).post(f"{HERE}/{public_id}", {"reponse": result})
    assert other.status_code == 409
    assert "a déjà noté cet appel" in other.text
    with read(bureau.databases.staff) as session:
        assert len(session.scalars(select(ActorCall.id)).all()) == 1
        assert len(session.scalars(select(Report.id)).all()) == (result == "faux")
    assert taken_back(curateur, first) == 303
    with read(bureau.databases.staff) as session:
        for table in (ActorCall, Report):
            assert session.scalars(select(table.id)).all() == []


def test_who_reaches_somebody_whom_another_did_not_notes_it(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    public_id = due["Association ancienne"]
    call(bureau.signed_in(Role.CURATEUR), public_id, "silence")
    assert "fait=juste" in call(curateur, public_id, "juste")
    assert actor(bureau, "Association ancienne").verified_on == paris_day(bureau.clock.at)


def test_nobody_takes_back_the_call_of_somebody_else(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    location = call(curateur, due["Association ancienne"], "silence")
    assert taken_back(bureau.signed_in(Role.CURATEUR), location) == 404


def test_a_protected_actor_shows_its_number_and_takes_a_result_only_once_it_is_open(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    public_id = due["Lieu d'accueil – Seine-Saint-Denis"]
    page = curateur.get(HERE).text
    assert "Foyer des appels" in page
    assert "+33199000304" not in page
    assert curateur.post(f"{HERE}/{public_id}", {"reponse": "juste"}).status_code == 403
    assert curateur.post(f"/gestion/acteurs/{public_id}/ouvrir").status_code == 303
    assert 'href="tel:+33199000304"' in curateur.get(HERE).text
    assert "fait=juste" in call(curateur, public_id, "juste")
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(Actor.verified_on).where(Actor.protected)).all() == [None]


def test_a_number_that_is_not_public_is_read_on_the_sheet_where_that_is_noted(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    runtime = Runtime(bureau.settings, bureau.databases, bureau.vault, "", None)
    public_id, why = due["Association ancienne"], {"who": "essai", "why": "essai"}
    decide(runtime, acts.hide_contact, public_id, "+33199000301", **why)
    lapse(bureau)
    page = curateur.get(HERE).text
    assert "+33199000301" not in page
    assert "01 99 00 03 01" not in page.replace("\u00a0", " ")
    assert "Numéro non public, à lire sur la fiche" in page
    assert "Aucun numéro" not in page
    assert "03 01" in curateur.get(f"/gestion/acteurs/{public_id}").text.replace("\u00a0", " ")
    # Whom a person showed, whatever a list says, is called from here.
    decide(runtime, acts.show_phone, public_id, "+33199000301", **why)
    lapse(bureau)
    assert 'href="tel:+33199000301"' in curateur.get(HERE).text


def test_a_referent_calls_in_their_own_territory_and_one_of_the_state_whom_nothing_hides(
    bureau: Bureau, due: dict[str, str]
) -> None:
    departement = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert due["Association parisienne"] not in listed(departement)
    assert due["Association ancienne"] in listed(departement)
    other = due["Association parisienne"]
    assert departement.post(f"{HERE}/{other}", {"reponse": "juste"}).status_code in (403, 404)
    state = bureau.signed_in(Role.REFERENT_ETAT)
    shown = listed(state)
    assert due["Association ancienne"] in shown
    assert due["Lieu d'accueil – Seine-Saint-Denis"] not in shown
    assert "Foyer des appels" not in state.get(HERE).text


@pytest.mark.parametrize("path", [HERE, "/gestion/confirmations"])
def test_a_territory_that_is_none_of_theirs_leaves_all(
    bureau: Bureau, due: dict[str, str], path: str
) -> None:
    curateur = bureau.signed_in(Role.CURATEUR)
    whole = curateur.get(path).text
    for given in ("%00", "99", "'--"):
        assert curateur.get(f"{path}?territoire={given}&categorie={given}").text == whole


def test_each_key_of_a_call_or_a_report_is_one_of_the_dialog_and_means_nothing_else(
    bureau: Bureau, curateur: Browser, due: dict[str, str]
) -> None:
    curateur.post(f"{HERE}/{due['Association ancienne']}", {"reponse": "faux"})
    for path, first in ((HERE, "d’un appel :"), ("/gestion/signalements", "d’un signalement")):
        page = curateur.get(path).text
        keys = set(re.findall(r'name="reponse" value="\w+" data-key="(\w)"', page))
        named = re.search(rf"<dt>((?:<kbd>\w</kbd> ?)+)</dt><dd>{first}", page)
        assert named
        assert keys
        assert keys <= set(re.findall(r"<kbd>(\w)</kbd>", named[1]))
        assert "c" not in keys


def test_what_is_no_reference_of_a_mail_is_said_to_be_unknown(bureau: Bureau) -> None:
    curateur = bureau.signed_in(Role.CURATEUR)
    for given in ("\0", "G123456789", ""):
        answer = curateur.post("/gestion/confirmations/revenu", {"reference": given})
        assert answer.status_code == 422
        assert 'id="probleme"' in answer.text


def test_taking_a_call_back_leads_to_its_actor_in_the_territory_that_was_read(
    curateur: Browser, due: dict[str, str]
) -> None:
    given = {"reponse": "silence", "territoire": "93"}
    answer = curateur.post(f"{HERE}/{due['Association ancienne']}", given)
    page = curateur.get(answer.headers["location"]).text
    (undo,) = re.findall(rf'action="({HERE}/annuler[^"]*)"', page)
    (appel,) = re.findall(r'name="appel" value="([^"]+)"', page)
    answer = curateur.post(undo.replace("&amp;", "&"), {"appel": appel})
    row = f"#a-{due['Association ancienne']}"
    assert answer.headers["location"] == f"{HERE}?fait=annule&territoire=93{row}"


def test_a_masked_one_is_opened_from_the_list_which_comes_back(
    curateur: Browser, due: dict[str, str]
) -> None:
    public_id = due["Lieu d'accueil – Seine-Saint-Denis"]
    page = curateur.get(f"{HERE}?territoire=93").text
    opening = f"/gestion/acteurs/{public_id}/ouvrir"
    found = re.search(rf'action="{opening}"><button[^>]* name="suite" value="([^"]+)"', page)
    assert found
    answer = curateur.post(opening, {"suite": found[1]})
    assert answer.headers["location"] == f"{HERE}?territoire=93#a-{public_id}"


def test_nobody_to_call_in_a_territory_is_not_nobody_at_all(
    curateur: Browser, due: dict[str, str]
) -> None:
    text = curateur.get(f"{HERE}?territoire=59").text
    assert "Personne n’est à appeler ici." in text
    assert f'href="{HERE}">Voir tous' in text
