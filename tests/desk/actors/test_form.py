"""Correcting an actor in a form: what is written, what is refused, and that nothing is lost."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.accounts.people import writer_of
from app.audit.journal import Author
from app.models import Actor, AuditEntry, Revision, Role
from app.platform.database.patience import Patience, waiting_at_most
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records.acts import unprotect
from app.records.opening import note_opening
from app.records.record import ActorRecord
from app.records.viewing import see
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct, fields, led_to, opened, send, wrong
from tests.desk.bureau import ORIGIN, Browser
from tests.makers import decide
from tests.world import HOSTILE

pytestmark = pytest.mark.slow
FREE, CRIP_NAME = "Association libre", "CRIP d'exemple"


@pytest.fixture
def curateur(desk: Desk) -> Browser:
    return desk.signed_in(Role.CURATEUR)


def record(desk: Desk, name: str) -> ActorRecord:
    with read(desk.databases.staff) as session:
        found = see(session, desk.vault, OPERATOR)
        return next(each.record for each in found if each.record.name == name)


def revisions(desk: Desk, public_id: str) -> int:
    with read(desk.databases.staff) as session:
        of = select(Actor.id).where(Actor.public_id == public_id).scalar_subquery()
        return len(session.scalars(select(Revision.id).where(Revision.actor_id == of)).all())


def public(desk: Desk, public_id: str) -> Any:
    with read(desk.databases.staff) as session:
        return session.scalars(select(Actor).where(Actor.public_id == public_id)).one()


def test_a_phone_is_corrected_and_nothing_else_changes(desk: Desk, curateur: Browser) -> None:
    before, public_id = record(desk, FREE), desk.ids()[FREE]
    answer = correct(curateur, public_id, phones="01 99 00 00 77", why="appel du service")
    assert led_to(answer) == {"acteur": public_id, "fait": "enregistre"}
    after = record(desk, FREE)
    assert after.phones == ("+33199000077",)
    assert after.model_copy(update={"phones": before.phones}) == before
    assert public(desk, public_id).phones == ["+33199000077"]
    with read(desk.databases.staff) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).one()
    assert last.action == "actor_edited"


def test_a_form_sent_as_it_is_writes_nothing(desk: Desk, curateur: Browser) -> None:
    for name, public_id in desk.ids().items():
        before = revisions(desk, public_id)
        answer = curateur.get(f"/gestion/acteurs/{public_id}/modifier")
        if answer.status_code == 303:
            assert answer.headers["location"].endswith(f"/{public_id}?pour=corriger"), name
            continue
        sent = send(curateur, f"/gestion/acteurs/{public_id}/modifier", fields(answer), {})
        assert led_to(sent)["fait"] == "inchange", name
        assert revisions(desk, public_id) == before, name


def test_hours_in_words_come_back_as_a_week(desk: Desk, curateur: Browser) -> None:
    public_id = desk.ids()[FREE]
    led_to(correct(curateur, public_id, opening_hours="lundi au vendredi 9h-12h, 14h-17h"))
    assert record(desk, FREE).opening_hours == "Mo-Fr 09:00-12:00,14:00-17:00"
    page = curateur.get(f"/gestion/acteurs/{public_id}/modifier").text
    page = page.split('class="desk-week"')[1].split("</table>")[0]
    assert page.count("9\xa0h – 12\xa0h et 14\xa0h – 17\xa0h") == 5
    assert "Mo-Fr" not in page


def test_each_wrong_field_has_its_sentence_and_nothing_is_lost(
    desk: Desk, curateur: Browser
) -> None:
    public_id, before = desk.ids()[FREE], record(desk, FREE)
    entered = {
        "name": "Association libre et neuve",
        "phones": "01 99",
        "siret": "123",
        "opening_hours": "quand on peut",
        "description": "Un accueil de jour.",
        "access": "par la cour",
    }
    answer = correct(curateur, public_id, **entered)
    assert answer.status_code == 422
    assert set(wrong(answer)) == {"phones", "siret", "opening_hours", "access"}
    said = " ".join(wrong(answer).values())
    assert "n’est pas valable" in said, "as pages write it, and no list"
    assert "'" not in said
    form = answer.text.split("data-actor-form")[1].split("</form>")[0]
    assert form.count("autofocus") == 1
    again = fields(answer)
    assert {name: again[name] for name in entered} == {
        name: [value] for name, value in entered.items()
    }
    assert record(desk, FREE) == before
    # In spite of it, what was understood is saved, and the rest is as before.
    mark = answer.text.split('name="anyway" value="')[1].split('"')[0]
    path = f"/gestion/acteurs/{public_id}/modifier"
    assert led_to(send(curateur, path, again, {"anyway": mark}))["fait"] == "enregistre"
    after = record(desk, "Association libre et neuve")
    assert (after.phones, after.siret) == (before.phones, before.siret)
    assert after.description == "Un accueil de jour."
    led_to(correct(curateur, public_id, name=FREE))


def test_a_line_without_a_number_among_phones_is_said(desk: Desk, curateur: Browser) -> None:
    actor = desk.ids()["CRIP d'exemple"]
    answer = correct(curateur, actor, phones="01 99 00 00 07\nle matin seulement")
    assert "sans numéro" in wrong(answer)["phones"]
    assert answer.status_code == 422


def test_a_form_speaks_of_fields_and_not_of_cells(desk: Desk, curateur: Browser) -> None:
    actor = desk.ids()["CRIP d'exemple"]
    said = wrong(correct(curateur, actor, emails="rien", siret="123", lat="500", lon="2,4"))
    assert said["emails"].endswith("Corrigez-la ou effacez-la.")
    assert any("Une latitude est entre -90 et 90." in each for each in said.values())
    assert said["siret"] == "Un SIRET a 14 chiffres. Corrigez-le."
    assert not [each for each in said.values() if "cellule" in each]


def test_a_name_that_is_missing_is_refused_whatever_one_says(desk: Desk, curateur: Browser) -> None:
    answer = correct(curateur, desk.ids()[FREE], name="", anyway="x")
    assert answer.status_code == 422
    assert set(wrong(answer)) == {"name"}
    assert 'name="anyway"' not in answer.text


def test_two_who_write_at_once_see_both_versions(desk: Desk, curateur: Browser) -> None:
    public_id = desk.ids()[FREE]
    path, mine = f"/gestion/acteurs/{public_id}/modifier", opened(curateur, public_id)
    other = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    led_to(correct(other, public_id, phones="01 99 00 00 55", acronym="AL"))
    answer = send(curateur, path, mine, {"phones": "01 99 00 00 66", "website": "example.org"})
    assert answer.status_code == 409
    table = answer.text.split("desk-versions")[1].split("</table>")[0]
    for said in ("01 99 00 00 55", "01 99 00 00 66", "Sigle", "AL", "example.org"):
        assert said in table.replace("\xa0", " ").replace("\u202f", " "), said
    # What is sent from there takes nothing of the other's away.
    led_to(send(curateur, path, fields(answer), {}))
    after = record(desk, FREE)
    assert after.phones == ("+33199000066",)
    assert (after.acronym, after.website) == ("AL", "https://example.org")


@pytest.mark.parametrize("number", ["-1", "999999", "", "x", "9" * 40])
def test_a_form_based_on_no_known_version_is_refused(
    desk: Desk, curateur: Browser, number: str
) -> None:
    public_id = desk.ids()[FREE]
    answer = correct(curateur, public_id, acronym="ZZ", based_on=number)
    assert answer.status_code == 409
    assert record(desk, FREE).acronym != "ZZ"


def test_words_that_hide_do(desk: Desk, curateur: Browser) -> None:
    public_id = desk.ids()["CRIP d'exemple"]
    saved = led_to(correct(curateur, public_id, name="Foyer des mineurs"))
    assert saved["fait"] == "enregistre_cache"
    assert public(desk, saved["acteur"]).protected
    page = curateur.get(f"/gestion/acteurs/{saved['acteur']}").text
    assert "le nom parle d’hébergement" in page
    # Another name, and another category, do not show it again.
    note_opened(desk, curateur, saved["acteur"])
    page = curateur.get(f"/gestion/acteurs/{saved['acteur']}").text
    assert "« foyer » dans le nom" in page
    saved = led_to(correct(curateur, saved["acteur"], name="CRIP d'exemple", category="crip"))
    assert public(desk, saved["acteur"]).protected


def note_opened(desk: Desk, browser: Browser, public_id: str) -> None:
    """Open a protected record for whoever uses a browser."""
    with read(desk.databases.staff) as session:
        actor_id = session.scalars(select(Actor.id).where(Actor.public_id == public_id)).one()
        last = select(AuditEntry.who).order_by(AuditEntry.number.desc()).limit(1)
        who = session.scalars(last).one()
    note_opening(desk.databases.staff, desk.vault, Author(who, "curateur"), actor_id)


def test_a_protected_actor_is_opened_first_and_stays_protected(
    desk: Desk, curateur: Browser
) -> None:
    public_id = desk.ids()["Foyer fictif"]
    for answer in (
        curateur.get(f"/gestion/acteurs/{public_id}/modifier"),
        curateur.post(f"/gestion/acteurs/{public_id}/modifier", {"name": "Autre"}),
    ):
        assert answer.status_code == 303
        assert answer.headers["location"].partition("?")[0] == f"/gestion/acteurs/{public_id}"
        assert "Cach" not in answer.text
    led_to(correct(curateur, desk.ids()[FREE], acronym="OUV"))
    note_opened(desk, curateur, public_id)
    answer = correct(
        curateur, public_id, name="Service calme", category="association", description="Accueil."
    )
    assert led_to(answer)["fait"] == "enregistre_cache"
    assert public(desk, led_to(answer)["acteur"]).protected
    assert record(desk, "Service calme").address == "10 rue Cachée\n93000 Bobigny"


def test_a_home_that_moves_hides_who_shares_its_new_address(desk: Desk, curateur: Browser) -> None:
    led_to(correct(curateur, desk.ids()[FREE], acronym="OUV2"))
    home = desk.ids()["Foyer de Lille"]
    note_opened(desk, curateur, home)
    answer = correct(
        curateur,
        home,
        address="2 rue de l'Exemple",
        postcode="93000",
        city="Bobigny",
        territory="93",
    )
    assert led_to(answer)["avec"] == "1"
    page = curateur.get(answer.headers["location"]).text
    assert "1 acteur partage son adresse, son téléphone, son courriel ou son site" in page
    assert public(desk, desk.ids()["ASE d'exemple"]).address is None


def test_what_a_person_published_is_hidden_again_at_another_place(
    desk: Desk, curateur: Browser
) -> None:
    led_to(correct(curateur, desk.ids()[FREE], acronym="PUB"))
    home, day = desk.ids()["Foyer de Lille"], date(2026, 1, 5)
    decide(desk.runtime, unprotect, home, who="essai", consent=day, why="accord")
    home = desk.ids()["Foyer de Lille"]
    saved = led_to(correct(curateur, home, website="https://example.org/foyer"))
    assert saved["fait"] == "enregistre"
    answer = correct(curateur, home, address="9 rue Nouvelle")
    assert led_to(answer)["fait"] == "enregistre_cache"
    assert public(desk, led_to(answer)["acteur"]).protected
    assert record(desk, "Foyer de Lille").consent_on is None


def test_a_referent_corrects_its_own_territory_alone(desk: Desk) -> None:
    referent = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    public_id = desk.ids()[FREE]
    answer = correct(referent, public_id, address="1 rue X", postcode="59000", city="Lille")
    assert answer.status_code == 422
    assert "territory" in wrong(answer)
    led_to(correct(referent, public_id, acronym="ICI"))
    elsewhere = desk.ids()["Foyer de Lille"]
    assert referent.get(f"/gestion/acteurs/{elsewhere}/modifier").status_code in (303, 404)


def test_a_referent_of_the_state_corrects_associations_alone(desk: Desk) -> None:
    state = desk.signed_in(Role.REFERENT_ETAT)
    ids = desk.ids()
    led_to(correct(state, ids[FREE], acronym="ETAT"))
    assert state.get(f"/gestion/acteurs/{ids['Service calme']}/modifier").status_code == 404
    assert "/modifier" in state.get(f"/gestion/acteurs/{ids[FREE]}").text
    assert "/modifier" not in state.get(f"/gestion/acteurs/{ids[CRIP_NAME]}").text
    given = opened(desk.signed_in(Role.CURATEUR), ids[FREE])
    answer = send(state, f"/gestion/acteurs/{ids[FREE]}/modifier", given, {"category": "ase"})
    assert answer.status_code == 422
    assert "category" in wrong(answer)


def test_a_session_that_ended_leads_by_the_door_back_to_the_form(desk: Desk) -> None:
    path = f"/gestion/acteurs/{desk.ids()[FREE]}/modifier"
    headers = {"Origin": ORIGIN, "Referer": f"{ORIGIN}{path}?champ=phones"}
    answer = desk.browser().post(path, {"name": "Autre"}, headers=headers)
    assert answer.status_code == 401
    back = quote(f"{path}?champ=phones")
    assert f'href="/connexion?suite={back}">Se connecter</a>' in answer.text
    assert "Revenir au bureau" not in answer.text
    assert "n’est pas enregistré" in answer.text
    assert "Brouillon mis de côté" in answer.text


def test_an_administrateur_and_a_visitor_correct_nothing(desk: Desk) -> None:
    path = f"/gestion/acteurs/{desk.ids()[FREE]}/modifier"
    chief = desk.signed_in(Role.ADMINISTRATEUR)
    assert chief.get(path).status_code == 403
    assert chief.post(path, {"name": "Autre"}).status_code == 403
    assert desk.browser().post(path, {"name": "Autre"}).status_code in (303, 401)


def test_what_was_never_classified_is_published_by_saying_so(desk: Desk, curateur: Browser) -> None:
    public_id = desk.ids()["Structure inconnue"]
    led_to(correct(curateur, desk.ids()[FREE], acronym="CLA"))
    note_opened(desk, curateur, public_id)
    saved = led_to(correct(curateur, public_id, category="association"))
    assert saved["fait"] == "enregistre_cache"
    note_opened(desk, curateur, saved["acteur"])
    done = led_to(correct(curateur, saved["acteur"], what="publier"))
    assert done["fait"] == "mis_en_ligne"
    assert desk.status(done["acteur"]) == "published"


def test_hostile_and_huge_text_is_text(desk: Desk, curateur: Browser) -> None:
    public_id = desk.ids()[FREE]
    led_to(correct(curateur, public_id, description=HOSTILE, referral=HOSTILE))
    page = curateur.get(f"/gestion/acteurs/{public_id}/modifier").text
    assert "<script>alert" not in page
    assert opened(curateur, public_id)["description"][0].startswith("<script>alert(1)</script>")
    answer = correct(curateur, public_id, description="é" * 6_000)
    assert "description" in wrong(answer)
    assert len(fields(answer)["description"][0]) == 6_000
    huge = correct(curateur, public_id, description="é" * 100_000)
    assert huge.status_code == 413
    assert correct(curateur, public_id, name="\x00").status_code == 422


def test_a_contact_that_is_not_public_stays_so(desk: Desk, curateur: Browser) -> None:
    public_id = desk.ids()[FREE]
    led_to(correct(curateur, public_id, withheld="06 99 00 00 12"))
    assert "+33699000012" not in public(desk, public_id).phones
    answer = correct(curateur, public_id, withheld="", phones="06 99 00 00 12")
    assert "withheld" in wrong(answer)
    mark = answer.text.split('name="anyway" value="')[1].split('"')[0]
    path = f"/gestion/acteurs/{public_id}/modifier"
    led_to(send(curateur, path, fields(answer), {"anyway": mark}))
    assert record(desk, FREE).unpublished == ("+33699000012",)
    assert public(desk, public_id).phones == []


def test_what_was_typed_stays_while_somebody_else_writes(
    desk: Desk, curateur: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = desk.ids()[FREE]
    before = revisions(desk, public_id)
    patience = Patience(0.1, partial(writer_of, desk.vault))
    engine = waiting_at_most(desk.databases.staff, patience)
    monkeypatch.setattr(desk.app.state, "desk", replace(desk.app.state.desk, engine=engine))
    with write(desk.databases.staff) as session:
        hold(session, IMPORT_LOCK, who="os:exemple")
        answer = correct(curateur, public_id, phones="01 99 00 00 66")
    assert answer.status_code == 409
    assert "exemple, en ligne de commande écrit des fiches en ce moment" in answer.text
    assert "Attendez une minute, puis recommencez." in answer.text
    assert "01 99 00 00 66" in answer.text
    assert revisions(desk, public_id) == before
