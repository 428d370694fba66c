"""Forms that somebody began: offered again to them alone, and gone once they are saved."""

from datetime import timedelta

from sqlalchemy import func, select

from app.models import Actor, AuditEntry, DeskDraft, Role
from app.operations.forgetting import forget_ended
from app.platform.database.sessions import read
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, fields, led_to, opened, send
from tests.desk.actors.test_reports import decide, lines, reported

NEW = "/gestion/acteurs/nouveau"
TEXT = "Une phrase que personne d'autre ne lit."


def stored(desk: Desk) -> list[DeskDraft]:
    with read(desk.databases.staff) as session:
        return list(session.scalars(select(DeskDraft)))


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
