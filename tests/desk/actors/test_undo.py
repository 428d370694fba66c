"""What one person just did to one actor is taken back by one press, and shows nothing hidden."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from app.gazetteer.load import cached_gazetteer
from app.models import Actor, AuditEntry, Revision, Role
from app.platform.database.sessions import read, write
from app.records import acts, taking_back, undoing
from app.records.history import History
from app.records.placing import Placed
from app.records.record import ActorRecord
from app.records.viewing import Seen, see
from app.records.writing import Writer
from app.vault.digests import index_key
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, led_to
from tests.desk.bureau import Browser
from tests.makers import decide
from tests.short_lists import csv, run

BUTTON = re.compile(r'/annuler"><input type="hidden" name="lot" value="([0-9a-f-]{36})">')


def listed(desk: Desk, name: str, category: str = "Association", *, draft: bool = False) -> str:
    """Send an actor of that name, at an address of its own; return its id."""
    line = f"{name};{category};{sum(map(ord, name))} rue Ouverte;93300;Aubervilliers;;"
    run(desk.runtime, csv(line), source=name, territory=None, draft=draft)
    return desk.ids()[name]


def seen(desk: Desk, name: str) -> Seen:
    with read(desk.databases.staff) as session:
        found = see(session, desk.vault, OPERATOR)
        return next(each for each in found if each.record.name == name)


def record(desk: Desk, name: str) -> ActorRecord:
    return seen(desk, name).record


def sheet(browser: Browser, answer: httpx.Response) -> str:
    """The page that follows a deed."""
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


def undo(browser: Browser, public_id: str, lot: object) -> httpx.Response:
    return browser.post(f"/gestion/acteurs/{public_id}/annuler", data={"lot": str(lot)})


def last_batch(desk: Desk, name: str) -> UUID:
    with read(desk.databases.staff) as session:
        of = select(Revision.batch_id).where(Revision.actor_id == seen(desk, name).actor_id)
        return session.scalars(of.order_by(Revision.number.desc()).limit(1)).one()


@pytest.mark.slow
def test_a_correction_is_taken_back_as_a_new_version_and_noted(desk: Desk) -> None:
    name, browser = "À corriger", desk.signed_in()
    public_id = listed(desk, name)
    before = record(desk, name)
    page = sheet(browser, correct(browser, public_id, description="Mieux.", website="a.example"))
    (lot,) = BUTTON.findall(page)
    assert 'data-key="u"' in page
    answer = undo(browser, public_id, lot)
    assert led_to(answer)["fait"] == "annule"
    assert record(desk, name) == before
    page = sheet(browser, answer)
    assert "C’est annulé" in page
    assert not BUTTON.search(page)
    assert "Version antérieure rétablie" in browser.get(f"/gestion/acteurs/{public_id}").text
    with read(desk.databases.staff) as session:
        noted = select(AuditEntry).where(AuditEntry.subject == str(seen(desk, name).actor_id))
        assert session.scalars(noted.order_by(AuditEntry.number.desc())).first().action == (  # type: ignore[union-attr]
            "actor_restored"
        )
    assert led_to(undo(browser, public_id, lot))["fait"] == "pas_annule"


@pytest.mark.slow
def test_what_a_colleague_changed_since_is_left_and_said(desk: Desk) -> None:
    name, browser = "Corrigé à deux", desk.signed_in()
    public_id = listed(desk, name)
    answer = correct(browser, public_id, acronym="UN")
    (lot,) = BUTTON.findall(sheet(browser, answer))
    correct(desk.signed_in(), public_id, website="https://example.org/deux")
    assert not BUTTON.search(sheet(browser, answer))
    text = sheet(browser, undo(browser, public_id, lot))
    assert "Rien n’est annulé : la fiche a changé depuis" in text
    assert record(desk, name).acronym == "UN"


def test_what_the_geocoder_placed_since_is_no_change_of_anybody(desk: Desk) -> None:
    name, browser = "Placé depuis", desk.signed_in()
    public_id = listed(desk, name)
    before = record(desk, name)
    page = sheet(browser, correct(browser, public_id, address="4 rue Nouvelle"))
    with write(desk.databases.staff) as session:
        key = index_key(session, desk.vault)
        writer = Writer(session, desk.vault, key, cached_gazetteer(session.connection()))
        (edit,) = writer.stored([seen(desk, name).actor_id]).values()
        edit.move(Placed(2.38, 48.91, "street"))
        writer.save([edit], History(session, desk.vault, "worker", "geocoding"))
    (lot,) = BUTTON.findall(page)
    assert led_to(undo(browser, public_id, lot))["fait"] == "annule"
    assert record(desk, name) == before


@pytest.mark.slow
def test_nobody_takes_back_what_another_did_nor_after_an_hour(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, browser = "À un seul", desk.signed_in()
    public_id = listed(desk, name)
    answer = correct(browser, public_id, acronym="SEUL")
    (lot,) = BUTTON.findall(sheet(browser, answer))
    other = desk.signed_in()
    assert not BUTTON.search(sheet(other, answer))
    assert led_to(undo(other, public_id, lot))["fait"] == "pas_annule"
    assert undo(desk.signed_in(Role.ADMINISTRATEUR), public_id, lot).status_code == 403
    monkeypatch.setattr(undoing, "UNDONE_WITHIN", timedelta(0))
    assert not BUTTON.search(sheet(browser, answer))
    assert led_to(undo(browser, public_id, lot))["fait"] == "pas_annule"
    assert record(desk, name).acronym == "SEUL"


def test_what_a_correction_hid_stays_hidden_and_the_page_leads_to_those_who_show_it(
    desk: Desk,
) -> None:
    name, browser = "Ce qui change", desk.signed_in()
    public_id = listed(desk, name)
    answer = correct(browser, public_id, description="Un foyer pour mineures.")
    page = sheet(browser, answer)
    assert not BUTTON.search(page)
    assert "« Lever la protection », ce qu’un second curateur confirme" in page
    now, level = led_to(answer)["acteur"], seen(desk, name).level
    browser.post(f"/gestion/acteurs/{now}/ouvrir")
    assert f'href="/gestion/acteurs/{now}/lever">levez la protection' in sheet(browser, answer)
    # Somebody who sends it all the same shows nothing.
    undo(browser, now, last_batch(desk, name))
    assert seen(desk, name).level == level is not None


@pytest.mark.slow
@pytest.mark.parametrize(("secret", "name"), [("", "Atelier bleu"), ("true", "Relais du canal")])
def test_a_protection_is_not_taken_back_and_the_page_leads_to_those_who_lift_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, secret: str, name: str
) -> None:
    # As long as its author may take it back, its page says so instead.
    monkeypatch.setattr(taking_back, "WITHIN", timedelta(0))
    browser = desk.signed_in()
    given = {"pourquoi": "menaces", "secret": secret or "false"}
    answer = browser.post(f"/gestion/acteurs/{listed(desk, name)}/proteger", data=given)
    page = sheet(browser, answer)
    assert not BUTTON.search(page)
    assert "ouvrez la fiche, puis suivez « Lever la protection »" in page
    now = led_to(answer)["acteur"]
    browser.post(f"/gestion/acteurs/{now}/ouvrir")
    undo(browser, now, last_batch(desk, name))
    assert seen(desk, name).level == "neutral"
    assert record(desk, name).status == ("secret" if secret else "published")


def test_who_may_not_see_it_any_more_is_led_to_those_who_lift_a_protection(desk: Desk) -> None:
    state, public_id = desk.signed_in(Role.REFERENT_ETAT), listed(desk, "Permanence du port")
    answer = state.post(f"/gestion/acteurs/{public_id}/proteger", data={"pourquoi": "x"})
    assert "Dites-le à un curateur" in sheet(state, answer)


def test_a_restored_version_is_taken_back(desk: Desk) -> None:
    name, browser = "À rétablir", desk.signed_in()
    public_id = listed(desk, name)
    correct(browser, public_id, acronym="AR")
    given = {"version": "1", "vue": "2"}
    answer = browser.post(f"/gestion/acteurs/{public_id}/retablir", data=given)
    assert record(desk, name).acronym is None
    (lot,) = BUTTON.findall(sheet(browser, answer))
    undo(browser, public_id, lot)
    assert record(desk, name).acronym == "AR"


def test_a_version_that_says_the_same_leads_back_to_the_sheet(desk: Desk) -> None:
    browser, public_id = desk.signed_in(), listed(desk, "Déjà ainsi")
    correct(browser, public_id, acronym="DA")
    given = {"version": "2", "vue": "2"}
    answer = browser.post(f"/gestion/acteurs/{public_id}/retablir", data=given)
    assert answer.status_code == 303
    assert "rien n’est écrit" in sheet(browser, answer)


@pytest.mark.slow
def test_nobody_restores_what_they_may_not_correct_nor_into_where_they_may_not(desk: Desk) -> None:
    curateur = desk.signed_in()
    police = listed(desk, "Commissariat d’essai", "Police")
    correct(curateur, police, acronym="CE")
    given = {"version": "1", "vue": "2"}
    state = desk.signed_in(Role.REFERENT_ETAT)
    # What the State does not look after has no such page for it.
    assert state.post(f"/gestion/acteurs/{police}/retablir", data=given).status_code == 404
    assert record(desk, "Commissariat d’essai").acronym == "CE"
    moved = listed(desk, "Antenne mobile")
    correct(curateur, moved, territory="59", postcode="59000", city="Lille")
    correct(curateur, moved, territory="93", postcode="93300", city="Aubervilliers")
    given = {"version": "2", "vue": "3"}
    own = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    assert own.post(f"/gestion/acteurs/{moved}/retablir", data=given).status_code == 403
    assert record(desk, "Antenne mobile").territory == "93"


def test_what_was_put_online_is_a_draft_again(desk: Desk) -> None:
    name, browser = "Brouillon lâché", desk.signed_in()
    public_id = listed(desk, name, draft=True)
    answer = correct(browser, public_id, what="publier")
    assert desk.status(public_id) == "published"
    (lot,) = BUTTON.findall(sheet(browser, answer))
    undo(browser, public_id, lot)
    assert desk.status(public_id) == "draft"


def test_what_nobody_had_classified_is_hidden_again(desk: Desk) -> None:
    name, browser = "Sans classe", desk.signed_in()
    public_id = listed(desk, name, "Truc")
    browser.post(f"/gestion/acteurs/{public_id}/ouvrir")
    answer = correct(browser, public_id, category="association", what="publier")
    now = led_to(answer)["acteur"]
    assert desk.status(now) == "published"
    (lot,) = BUTTON.findall(sheet(browser, answer))
    assert led_to(undo(browser, now, lot))["fait"] == "annule_cache"
    assert (seen(desk, name).level, record(desk, name).category) == ("unlisted", "a_classer")


def test_what_a_person_published_by_saying_so_alone_is_hidden_again(desk: Desk) -> None:
    name, browser = "Classée par sa liste", desk.signed_in()
    listed(desk, name, "Truc")
    public_id = listed(desk, name)
    assert seen(desk, name).level == "unlisted"
    browser.post(f"/gestion/acteurs/{public_id}/ouvrir")
    answer = correct(browser, public_id, what="publier")
    now = led_to(answer)["acteur"]
    assert seen(desk, name).level is None
    (lot,) = BUTTON.findall(sheet(browser, answer))
    assert led_to(undo(browser, now, lot))["fait"] == "annule_cache"
    assert seen(desk, name).level == "unlisted"


@pytest.mark.slow
def test_a_protected_one_stays_so_and_is_opened_first(desk: Desk) -> None:
    name, browser = "Foyer corrigé", desk.signed_in()
    public_id = listed(desk, name, "MECS")
    browser.post(f"/gestion/acteurs/{public_id}/ouvrir")
    (lot,) = BUTTON.findall(sheet(browser, correct(browser, public_id, acronym="FC")))
    assert led_to(undo(browser, public_id, lot))["fait"] == "annule"
    assert (seen(desk, name).level, record(desk, name).acronym) == ("neutral", None)
    answer = correct(browser, public_id, acronym="FC")
    (lot,) = BUTTON.findall(sheet(browser, answer))
    desk.clock.pass_by(minutes=20)
    assert not BUTTON.search(sheet(browser, answer))
    assert led_to(undo(browser, public_id, lot))["fait"] == "cache"
    assert record(desk, name).acronym == "FC"


@pytest.mark.slow
def test_a_referent_takes_back_what_is_theirs(desk: Desk) -> None:
    name, browser = "Au référent", desk.signed_in(Role.REFERENT_ETAT)
    public_id = listed(desk, name)
    (lot,) = BUTTON.findall(sheet(browser, correct(browser, public_id, acronym="RE")))
    assert led_to(undo(browser, public_id, lot))["fait"] == "annule"
    assert record(desk, name).acronym is None
    (lot,) = BUTTON.findall(sheet(browser, correct(browser, public_id, acronym="RE")))
    decide(desk.runtime, acts.classify, public_id, "crip", who="essai", why="essai")
    assert undo(browser, public_id, lot).status_code == 404


def test_nothing_is_written_for_what_is_no_deed(desk: Desk) -> None:
    browser = desk.signed_in()
    public_id = listed(desk, "Sans geste")
    assert led_to(undo(browser, public_id, "0" * 32))["fait"] == "pas_annule"
    assert undo(browser, public_id, "x").status_code == 422
    assert undo(browser, "0" * 16, "0" * 32).status_code == 404
    # A creation is none that goes back to something.
    assert led_to(undo(browser, public_id, last_batch(desk, "Sans geste")))["fait"] == "pas_annule"
    with read(desk.databases.staff) as session:
        of = select(func.count()).join(Actor).where(Actor.public_id == public_id)
        assert session.scalar(of.select_from(Revision)) == 1
