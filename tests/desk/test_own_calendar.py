"""A member's own calendar: what a program reads by its address, and when it reads nothing."""

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import delete, select, text, update

from app.accounts import ending, people
from app.agenda import calendar
from app.audit.journal import Author
from app.models import Account, CdlpMeeting, CommitteeMember, MemberCalendar, NetworkMember, Role
from app.network import members
from app.network.held import held
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from app.settings import ROOT
from geo.zones import paris_day
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import ORIGIN, Browser, Bureau, Person
from tests.makers_agenda import LINK, announced, cancelled, changed, withdrawn
from tests.networked import joins, leaves, moved_to
from tests.provider import node
from tests.seated import sits

PAGE = "/pro/agenda/calendrier"
ADDRESS = re.compile(rf"{ORIGIN}(/connexion/agenda/[\w-]{{43}}\.ics)")
# By which a page says which request it answers.
SAME = {"X-Request-ID": "0a" * 16}
PLACE, TEXT = "Salle sentinelle", "Texte sentinelle"


@pytest.fixture(autouse=True)
def _nothing(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        for each in (CommitteeMember, CdlpMeeting, NetworkMember):
            session.execute(delete(each))
        session.execute(text("DELETE FROM agenda_event"))


def member(bureau: Bureau) -> tuple[Person, Browser]:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    joins(runtime_of(bureau), person.id, bureau.clock.at)
    return person, bureau.signed_in_as(person)


def address_of(browser: Browser) -> str:
    """Where a member's calendar is from now on."""
    answer = browser.post(PAGE)
    (found,) = ADDRESS.findall(answer.text)
    assert "no-store" in answer.headers["cache-control"]
    return str(found)


def soon(bureau: Bureau, **fields: Any) -> str:
    """An event of the network in ten days, that says more than a calendar may."""
    begins = bureau.clock.at.replace(microsecond=0) + timedelta(days=10)
    given = {"begins_at": begins, "place": PLACE, "text": TEXT, "audience": "reseau"} | fields
    return announced(runtime_of(bureau), **given)


def entries(bureau: Bureau, address: str) -> list[Any]:
    answer = bureau.browser().get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def titles(bureau: Bureau, address: str) -> list[str]:
    return sorted(str(each["SUMMARY"]) for each in entries(bureau, address))


def dead(bureau: Bureau, address: str) -> bool:
    """Whether an address is answered as one that nobody ever had."""
    here, guess = (
        bureau.browser().get(each, **SAME)
        for each in (address, f"/connexion/agenda/{'A' * 43}.ics")
    )
    assert guess.status_code == 404
    if here.status_code == 200:
        return False
    assert (here.status_code, here.text) == (404, guess.text)
    return True


def test_it_says_titles_hours_and_where_one_signs_in_and_nothing_else(bureau: Bureau) -> None:
    _, browser = member(bureau)
    public_id = soon(bureau, title="Journée du réseau")
    address = address_of(browser)
    text = bureau.browser().get(address).text
    for secret in (PLACE, TEXT, LINK, "visio", "LOCATION", "DESCRIPTION"):
        assert secret not in text
    (entry,) = entries(bureau, address)
    assert str(entry["SUMMARY"]) == "Journée du réseau"
    assert entry["URL"] == f"{ORIGIN}/pro/agenda/{public_id}"
    assert entry["UID"] == f"{public_id}@agenda.mesure23"
    known = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"}
    assert set(entry) == known | {"STATUS", "URL"}


def test_it_has_what_its_member_reads_at_that_moment_where_they_work(bureau: Bureau) -> None:
    person, browser = member(bureau)
    for title, fields in (
        ("Pour tous", {"audience": "public"}),
        ("Chez moi", {"territory": "93"}),
        ("Ailleurs", {"territory": "974"}),
    ):
        soon(bureau, title=title, **fields)
    address = address_of(browser)
    assert titles(bureau, address) == ["Chez moi", "Pour tous"]
    moved_to(runtime_of(bureau), person.id, "974")
    assert titles(bureau, address) == ["Ailleurs", "Pour tous"]


def test_a_change_has_the_same_name_and_a_higher_number_and_what_is_off_says_so(
    bureau: Bureau,
) -> None:
    _, browser = member(bureau)
    runtime, public_id = runtime_of(bureau), soon(bureau, title="Avant")
    address = address_of(browser)
    (former,) = entries(bureau, address)
    begins = bureau.clock.at.replace(microsecond=0) + timedelta(days=11)
    changed(runtime, public_id, title="Après", begins_at=begins, audience="reseau")
    (later,) = entries(bureau, address)
    assert later["UID"] == former["UID"]
    assert later["SEQUENCE"] > former["SEQUENCE"]
    cancelled(runtime, public_id)
    (off,) = entries(bureau, address)
    assert (str(off["SUMMARY"]), off["STATUS"]) == ("Annulé : Après", "CANCELLED")
    assert off["SEQUENCE"] > later["SEQUENCE"]
    withdrawn(runtime, public_id)
    assert entries(bureau, address) == []


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Miquelon", "Pacific/Noumea"])
def test_programs_read_its_hours_by_the_clocks_that_it_brings_along(
    bureau: Bureau, zone: str
) -> None:
    _, browser = member(bureau)
    # The clocks of Paris and of Saint-Pierre change between both.
    made = [
        (soon(bureau, zone=zone, begins_at=at, ends_at=at + timedelta(hours=2)), at)
        for at in (datetime(2027, 3, 10, 9, tzinfo=UTC), datetime(2027, 4, 10, 9, tzinfo=UTC))
    ]
    address = address_of(browser)
    for entry, (public_id, at) in zip(entries(bureau, address), made, strict=True):
        assert entry["UID"] == calendar.UID.format(public_id)
        assert entry.decoded("DTSTART").astimezone(UTC) == at
    command = [node(), str(ROOT / "tests/calendar.mjs")]
    written = bureau.browser().get(address).content
    said = subprocess.run(command, input=written, capture_output=True, check=True).stdout
    read_back = [(each[0], each[3], each[4] - each[3]) for each in json.loads(said)]
    assert read_back == [
        (calendar.UID.format(public_id), at.timestamp(), 7200) for public_id, at in made
    ]


def test_a_meeting_of_their_cdlp_is_a_meeting_and_nothing_more(bureau: Bureau) -> None:
    person, browser = member(bureau)
    convener = bureau.signed_in(Role.REFERENT_ETAT)
    day = paris_day(bureau.clock.at + timedelta(days=20)).isoformat()
    assert convener.post("/gestion/etat-des-lieux/93", {"jour": day}).status_code == 303
    address = address_of(browser)
    assert entries(bureau, address) == []
    sits(convener, browser)
    (whole,) = entries(bureau, address)
    assert whole.decoded("DTSTART").isoformat() == day
    assert str(whole["SUMMARY"]) == "Réunion"
    bureau.clock.pass_by(minutes=1)
    said = {"jour": day, "debut": "14:00", "fin": "16:00", "lieu": PLACE, "texte": TEXT}
    answer = convener.post("/gestion/cdlp/93/ordre-du-jour", said)
    assert answer.status_code == 303, answer.text
    (entry,) = entries(bureau, address)
    assert entry.decoded("DTSTART").isoformat().startswith(f"{day}T14:00")
    assert (entry["UID"], entry["URL"]) == (whole["UID"], f"{ORIGIN}/pro/agenda")
    assert entry["SEQUENCE"] > whole["SEQUENCE"]
    text = bureau.browser().get(address).text
    for secret in (PLACE, TEXT, "CDLP", "cdlp", "Seine", "/93"):
        assert secret not in text
    with write(bureau.databases.staff) as session:
        session.execute(delete(CommitteeMember).where(CommitteeMember.account_id == person.id))
    assert entries(bureau, address) == []


@pytest.mark.parametrize(
    "became", ["revoked", "renewed", "left", "excluded", "disabled", "charter", "unconfirmed"]
)
def test_its_address_is_dead_at_once(bureau: Bureau, became: str) -> None:
    person, browser = member(bureau)
    soon(bureau, title="Journée du réseau")
    address = address_of(browser)
    assert titles(bureau, address) == ["Journée du réseau"]
    runtime = runtime_of(bureau)
    own = update(NetworkMember).where(NetworkMember.account_id == person.id)
    if became == "revoked":
        assert browser.post(f"{PAGE}/supprimer").status_code == 303
        assert "Créer mon adresse" in browser.get(PAGE).text
    elif became == "renewed":
        assert titles(bureau, address_of(browser)) == ["Journée du réseau"]
    elif became == "left":
        leaves(runtime, person.id)
    else:
        with write(bureau.databases.staff) as session:
            if became == "excluded":
                given = (Author("os:essai"), person.id, bureau.clock.at)
                members.exclude(session, bureau.vault, *given)
            elif became == "disabled":
                ending.disable(session, people.get(session, person.id), bureau.clock.at)
            elif became == "charter":
                session.execute(own.values(charter_on=None))
            else:
                late = bureau.clock.at - timedelta(days=400)
                session.get_one(Account, person.id).confirmed_at = late
    assert dead(bureau, address)
    if became == "left":
        joins(runtime, person.id, bureau.clock.at)
    elif became == "disabled":
        with write(bureau.databases.staff) as session:
            session.get_one(Account, person.id).disabled_at = None
    if became in ("left", "disabled"):
        # Who comes back makes another one.
        assert dead(bureau, address)


def test_its_address_is_stored_nowhere_and_shown_once(bureau: Bureau) -> None:
    person, browser = member(bureau)
    token = address_of(browser).rpartition("/")[2].removesuffix(".ics")
    assert token not in browser.get(PAGE).text
    with read(bureau.databases.staff) as session:
        (row,) = session.scalars(select(MemberCalendar)).all()
        stored = session.scalars(text("SELECT c::text FROM member_calendar c")).one()
    assert row.account_id == person.id
    assert token not in stored
    assert token.encode().hex() not in stored


def test_a_restored_backup_brings_no_address_back(bureau: Bureau) -> None:
    _, browser = member(bureau)
    address_of(browser)
    with read(bureau.databases.staff) as session:
        former = str(session.scalars(select(MemberCalendar.id)).one())
    later = address_of(browser)
    with write(bureau.databases.staff) as session:
        noted = text("SELECT subject FROM withdrawal WHERE what = 'calendar'")
        assert former in session.scalars(noted).all()
        given = (session, bureau.vault, [former], "essai")
        assert revoked_again.calendars(*given) == 0
    assert not dead(bureau, later)


def test_nobody_but_a_member_has_one(bureau: Bureau) -> None:
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert "Lire la charte" in browser.get(PAGE).text
    assert browser.post(PAGE).status_code == 403
    assert bureau.browser().get(PAGE).status_code in (303, 401)
    for guess in ("x", "%00", "A" * 99, "é" * 43):
        assert bureau.browser().get(f"/connexion/agenda/{guess}.ics").status_code == 404


def test_who_asks_what_is_held_on_them_reads_since_when_they_have_one(bureau: Bureau) -> None:
    person, browser = member(bureau)
    address_of(browser)
    with read(bureau.databases.staff) as session:
        found = held(session, bureau.vault, person.id, bureau.clock.at)
    assert found["reseau"]["calendrier_cree_le"] == paris_day(bureau.clock.at).isoformat()
