"""Texts for professionals wait until a curateur gives them, or decides that nobody reads them."""

import pytest
from sqlalchemy import select, text, update

from app.models import ActorProtected, AuditEntry, Role
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.ahead import open_ahead
from app.records.heard_names import HEARD
from app.records.record import Origin
from geo.zones import paris_day
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.home import Home
from tests.desk.service import HOW, Service, waits
from tests.makers import decide


@pytest.mark.slow
def test_a_text_is_given_by_a_curateur_each_time_that_it_changes_and_a_referent_takes_it_back(
    bureau: Bureau, service: Service, professional: Browser, curateur: Browser
) -> None:
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert service.say(referent, "referral", "professionnel") == 403
    assert waits(curateur, service) == (True, True)
    # Who gives nothing is told of nothing that waits: their list is narrowed by words alone.
    assert "À donner aux professionnels" not in referent.get("/gestion/acteurs?donner=oui").text
    assert "donner aux professionnels" not in referent.get("/gestion").text
    # Twice, by two who read the same page.
    for _ in range(2):
        assert service.say(curateur, "referral", "professionnel") == 303
    assert service.say(curateur, "referrers", "professionnel") == 303
    assert service.read(professional) == {"how", "who"}
    assert not waits(curateur, service)[0]
    service.list(how=f"{HOW} Et par lettre.")
    assert service.read(professional) == {"who"}
    assert waits(curateur, service)[0]
    assert service.say(curateur, "referral", "professionnel") == 303
    assert service.read(professional) == {"how", "who"}
    assert service.say(referent, "referral", "protege") == 303
    assert service.read(professional) == {"who"}
    # Nor is what was given of it before read again.
    service.list()
    assert service.read(professional) == {"who"}
    assert service.say(referent, "referral", "professionnel") == 403


@pytest.mark.slow
def test_a_record_that_does_not_open_is_said_to_and_closes_nothing_else(
    bureau: Bureau, service: Service, curateur: Browser
) -> None:
    other, said = Service(bureau), "ne s’ouvre pas"
    assert said not in curateur.get("/gestion").text
    mine = ActorProtected.actor_id == other.id
    with write(bureau.databases.staff) as session:
        whole = session.scalars(select(ActorProtected.record).where(mine)).one()
        broken = whole[:-1] + bytes([whole[-1] ^ 1])
        session.execute(update(ActorProtected).where(mine).values(record=broken))
    try:
        page = curateur.get("/gestion")
        assert (page.status_code, said in page.text) == (200, True)
        assert waits(curateur, service) == (True, True)
        listed = curateur.get("/gestion/acteurs?donner=illisible").text
        assert other.page in listed
        assert service.page not in listed
    finally:
        with write(bureau.databases.staff) as session:
            session.execute(update(ActorProtected).where(mine).values(record=whole))
    assert said not in curateur.get("/gestion").text
    assert waits(curateur, other) == (True, True)


def test_a_text_that_says_what_lists_alone_call_a_hidden_place_is_not_given_by_one_press(
    bureau: Bureau, service: Service, place: Home, professional: Browser, curateur: Browser
) -> None:
    listed = place.name
    with write(bureau.databases.staff) as session:
        writer, edit = acts.find(session, bureau.vault, place.public_id)
        by = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        edit.change("name", "Relais du Grand Exemple", by)
        acts.write(session, bureau.vault, writer, edit, "edit", "essai")
    service.list(how=f"{HOW} Orientation par {listed}.")
    page = curateur.get(service.page).text
    called = "d’un lieu caché : <strong>Relais du Grand Exemple, Aubervilliers</strong>"
    assert called in page
    assert "Donner malgré ce nom" in page
    form = {"champ": "referral", "lecteurs": "professionnel"}
    seen = page.split('name="champ" value="referral"')[1].split('name="lu" value="')[1][:64]
    assert curateur.post(f"{service.page}/lecteurs", form | {"lu": seen}).status_code == 409
    assert service.read(professional) == set()
    # The journal says in spite of which place, by its id, by which a curateur finds it.
    assert service.say(curateur, "referral", "professionnel") == 303
    journal = f"/gestion/journal?objet={service.id}"
    noted = bureau.signed_in(Role.ADMINISTRATEUR).get(journal).text
    spite = f'malgré le nom de : <a href="/gestion/journal?objet={place.id}">'
    assert f"{spite}Service d’accompagnement – Seine-Saint-Denis</a>" in noted
    assert listed not in noted
    assert "Grand Exemple" not in noted
    with read(bureau.databases.staff) as session:
        written = text("SELECT e::text FROM audit_entry e WHERE action = 'readers_written'")
        assert str(place.id) not in "".join(session.scalars(written))
    assert place.page in curateur.get(f"/gestion/acteurs?q={place.id}").text
    # Remembered, and forgotten with what else was opened.
    assert len(HEARD) > 0
    open_ahead(bureau.databases.staff, bureau.vault)
    assert len(HEARD) == 0


@pytest.mark.slow
def test_a_text_that_is_to_be_given_to_nobody_waits_no_more_until_it_changes(
    bureau: Bureau, service: Service, professional: Browser, curateur: Browser
) -> None:
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert curateur.get(service.page).text.count(">Ne pas donner<") == 2
    assert ">Ne pas donner<" not in referent.get(service.page).text
    for field in ("referral", "referrers"):
        assert waits(curateur, service) == (True, True)
        assert service.say(curateur, field, "protege") == 303
    assert not waits(curateur, service)[0]
    page = curateur.get(service.page).text
    assert page.count("équipe seule, c’est décidé") == 2
    assert ">Ne pas donner<" not in page
    assert service.read(professional) == set()
    with read(bureau.databases.staff) as session:
        noted = select(AuditEntry.action).where(AuditEntry.subject == str(service.id))
        assert list(session.scalars(noted)).count("readers_written") == 2
    # It is given later, and what changes is asked anew.
    assert service.say(curateur, "referrers", "professionnel") == 303
    assert service.read(professional) == {"who"}
    service.list(how=f"{HOW} Et par lettre.")
    assert waits(curateur, service) == (True, True)
    assert service.say(curateur, "referral", "protege") == 303
    assert not waits(curateur, service)[0]
    # What a référent takes back waits for a curateur, who may leave it so.
    assert service.say(referent, "referrers", "protege") == 303
    assert waits(curateur, service)[0]
    assert service.say(curateur, "referrers", "professionnel") == 303
    assert service.say(curateur, "referrers", "protege") == 303
    assert not waits(curateur, service)[0]
    # Nor does what was decided of it outlast that it was hidden.
    decide(runtime(bureau), acts.protect, service.public_id, who="essai", why="Menaces.")
    lifted = {"who": "essai", "consent": bureau.clock.at.date(), "why": "Ce sont des bureaux."}
    decide(runtime(bureau), acts.unprotect, service.public_id, **lifted)
    assert waits(curateur, service)[0]
