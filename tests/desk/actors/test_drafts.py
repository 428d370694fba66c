"""Forms that somebody began: offered again to them alone, and gone once they are saved."""

import html
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.models import Actor, AuditEntry, DeskDraft, Role
from app.operations.forgetting import forget_ended
from app.platform.database.sessions import read
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, fields, led_to, opened, send
from tests.desk.actors.test_reports import decide, lines, reported
from tests.desk.bureau import Browser

NEW = "/gestion/acteurs/nouveau"
TEXT = "Une phrase que personne d'autre ne lit."


def stored(desk: Desk) -> list[DeskDraft]:
    with read(desk.databases.staff) as session:
        return list(session.scalars(select(DeskDraft)))


def created(browser: Browser, name: str) -> str:
    """Publish an association of a test alone; return its public id."""
    given = fields(browser.get(NEW))
    said = {"name": name, "category": "association", "city": "Bobigny", "territory": "93"}
    answer = send(browser, NEW, given, {**said, "what": "publier"})
    return led_to(answer)["acteur"]


@pytest.mark.slow
def test_a_draft_is_sealed_offered_again_and_gone_once_saved(desk: Desk) -> None:
    browser, other = desk.signed_in(Role.CURATEUR), desk.signed_in(Role.CURATEUR)
    public_id = desk.ids()["Association libre"]
    path = f"/gestion/acteurs/{public_id}"
    given = opened(browser, public_id)
    for text in ("Une phrase", TEXT):
        answer = send(browser, f"{path}/brouillon", given, {"description": text})
        assert answer.status_code == 204
    (draft,) = stored(desk)
    assert b"phrase" not in draft.content
    assert "Vous aviez commencé" in browser.get(f"{path}/modifier").text
    assert "Vous aviez commencé" not in other.get(f"{path}/modifier").text
    resumed = fields(browser.get(f"{path}/modifier?reprendre=true"))
    assert resumed["description"] == [TEXT]
    assert TEXT not in other.get(f"{path}/modifier?reprendre=true").text
    # Somebody else was faster: what was begun on the former version is not written over theirs.
    led_to(correct(other, public_id, acronym="VITE"))
    resumed = fields(browser.get(f"{path}/modifier?reprendre=true"))
    answer = send(browser, f"{path}/modifier", resumed, {})
    assert answer.status_code == 409
    led_to(send(browser, f"{path}/modifier", fields(answer), {}))
    assert opened(browser, public_id)["description"] == [TEXT]
    assert opened(browser, public_id)["acronym"] == ["VITE"]
    assert stored(desk) == []


def test_a_draft_is_forgotten_where_its_author_says_so(desk: Desk) -> None:
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    given = fields(browser.get(NEW))
    assert send(browser, f"{NEW}/brouillon", given, {"name": "Commencé"}).status_code == 204
    assert fields(browser.get(f"{NEW}?reprendre=true"))["name"] == ["Commencé"]
    assert browser.post(f"{NEW}/brouillon/oublier").headers["location"] == NEW
    assert stored(desk) == []


@pytest.mark.slow
def test_what_was_written_of_a_place_that_was_masked_again_is_not_lost(desk: Desk) -> None:
    browser = desk.signed_in(Role.CURATEUR)
    public_id = desk.ids()["Foyer fictif"]
    path = f"/gestion/acteurs/{public_id}"
    assert browser.post(f"{path}/ouvrir").status_code == 303
    given = opened(browser, public_id)
    with read(desk.databases.staff) as session:
        last = session.scalars(select(func.max(AuditEntry.at))).one()
    before, desk.clock.at = desk.clock.at, last + timedelta(minutes=16)
    try:
        answer = send(browser, f"{path}/modifier", given, {"description": TEXT})
        assert led_to(answer)["fait"] == "referme"
        for page in (path, f"{path}/modifier", f"{path}/modifier?reprendre=true"):
            assert TEXT not in browser.get(page).text
            assert "Cach" not in browser.get(page).text
    finally:
        desk.clock.at = before
    assert browser.post(f"{path}/ouvrir").status_code == 303
    assert fields(browser.get(f"{path}/modifier?reprendre=true"))["description"] == [TEXT]


def protected(desk: Desk, public_id: str) -> str:
    """Let a colleague protect an actor; return the address of its sheet from then on."""
    path = f"/gestion/acteurs/{public_id}"
    answer = desk.signed_in(Role.CURATEUR).post(f"{path}/proteger", {"pourquoi": "Menaces."})
    return answer.headers["location"].partition("?")[0]


@pytest.mark.slow
def test_what_was_written_of_who_was_protected_meanwhile_is_not_lost(desk: Desk) -> None:
    browser, other = desk.signed_in(Role.CURATEUR), desk.signed_in(Role.REFERENT_DEPARTEMENT)
    public_id = created(browser, "Bureau d’essai")
    path = f"/gestion/acteurs/{public_id}"
    mine, theirs = opened(browser, public_id), opened(other, public_id)
    now_at = protected(desk, public_id)
    for step in ("modifier", "apercu", "situer"):
        answer = send(browser, f"{path}/{step}", mine, {"description": TEXT})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{now_at}?fait=protege_depuis"
    assert "gardé" in browser.get(answer.headers["location"]).text
    # And as it is stored while they write.
    assert send(other, f"{path}/brouillon", theirs, {"acronym": "SIGLE"}).status_code == 204
    for each, name, text in ((browser, "description", TEXT), (other, "acronym", "SIGLE")):
        assert text not in each.get(f"{now_at}/modifier?reprendre=true").text
        assert each.post(f"{now_at}/ouvrir").status_code == 303
        assert fields(each.get(f"{now_at}/modifier?reprendre=true"))[name] == [text]
        each.post(f"{now_at}/brouillon/oublier")


@pytest.mark.slow
def test_what_was_written_of_who_is_public_again_meanwhile_is_not_lost(desk: Desk) -> None:
    browser, other = desk.signed_in(Role.CURATEUR), desk.signed_in(Role.CURATEUR)
    path = f"/gestion/acteurs/{created(other, 'Comptoir d’essai')}"
    hidden = other.post(f"{path}/proteger", {"pourquoi": "Par erreur."}).headers["location"]
    hidden = hidden.partition("?")[0]
    assert browser.post(f"{hidden}/ouvrir").status_code == 303
    given = fields(browser.get(f"{hidden}/modifier"))
    public = other.post(f"{hidden}/proteger/annuler").headers["location"].partition("?")[0]
    answer = send(browser, f"{hidden}/modifier", given, {"description": TEXT})
    assert answer.headers["location"] == f"{public}/modifier?reprendre=true"
    resumed = fields(browser.get(answer.headers["location"]))
    assert resumed["description"] == [TEXT]
    # Both versions are compared before anything is written.
    again = send(browser, f"{public}/modifier", resumed, {})
    assert again.status_code == 409
    assert led_to(send(browser, f"{public}/modifier", fields(again), {}))["fait"] == "enregistre"


def test_who_may_not_know_where_a_sheet_is_reads_their_own_words_again(desk: Desk) -> None:
    state = desk.signed_in(Role.REFERENT_ETAT)
    public_id = created(desk.signed_in(), "Permanence d’essai")
    path, given = f"/gestion/acteurs/{public_id}", opened(state, public_id)
    now_at = protected(desk, public_id)
    answer = send(state, f"{path}/modifier", given, {"description": TEXT})
    assert answer.status_code == 404
    assert TEXT in html.unescape(answer.text)
    assert now_at.rpartition("/")[2] not in answer.text
    # Whoever makes an address up is answered alike.
    assert send(state, f"/gestion/acteurs/{'0' * 16}/modifier", given, {}).status_code == 404
    assert send(state, f"{path}/brouillon", given, {"description": TEXT}).status_code == 404


def test_a_draft_of_what_one_does_not_work_on_is_refused(desk: Desk) -> None:
    referent = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    elsewhere = desk.ids()["Foyer de Lille"]
    for path in (elsewhere, "x", "0" * 16):
        answer = referent.post(f"/gestion/acteurs/{path}/brouillon", {"name": "Autre"})
        assert answer.status_code == 404
    chief = desk.signed_in(Role.ADMINISTRATEUR)
    assert chief.post(f"{NEW}/brouillon", {"name": "Autre"}).status_code == 403


def test_old_drafts_are_taken_and_others_stay(desk: Desk) -> None:
    browser = desk.signed_in(Role.CURATEUR)
    send(browser, f"{NEW}/brouillon", fields(browser.get(NEW)), {"name": "Ancien"})
    count = len(stored(desk))
    forget_ended(desk.databases.staff, desk.clock.at + timedelta(days=29))
    assert len(stored(desk)) == count
    forget_ended(desk.databases.staff, desk.clock.at + timedelta(days=31))
    assert stored(desk) == []
    with read(desk.databases.staff) as session:
        assert session.scalars(select(func.count()).select_from(Actor)).one() > 0


@pytest.mark.slow
def test_what_was_begun_of_the_whole_form_stays_where_a_report_is_taken(desk: Desk) -> None:
    browser, public_id = desk.signed_in(), desk.ids()["ASE d'exemple"]
    path = f"/gestion/acteurs/{public_id}"
    send(browser, f"{path}/brouillon", opened(browser, public_id), {"description": TEXT})
    report = reported(desk, "ASE d'exemple", "phone", "01 99 00 00 57")
    (line,) = lines(browser)
    assert "fait=prendre" in decide(browser, report, "prendre", line)
    resumed = fields(browser.get(f"{path}/modifier?reprendre=true"))
    assert resumed["description"] == [TEXT]
    browser.post(f"{path}/brouillon/oublier")
