"""What is written in the place of a CDLP: agendas and decisions, and nothing of a child."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app.models import (
    AuditEntry,
    CommitteeAgenda,
    CommitteeDecision,
    CommitteeMember,
    DeskDraft,
    Role,
)
from app.network import committee_texts
from app.network.held import held
from app.platform.database.sessions import read, write
from app.records import acts
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.committees import seats
from tests.desk.committees.seats import AGENDA, CODE, DECISION, DESK, OTHER, ROOM, ROOMS, seated
from tests.desk.home import Home
from tests.makers import decide as hide

CHILD = "Sentinelle : Léa, 14 ans, est orientée vers l’UAPED."


def decide(bureau: Bureau, convener: Browser, **sent: str) -> str:
    given = {"jour": seats.today(bureau), "texte": DECISION, **sent}
    answer = convener.post(f"{DESK}/decisions", given)
    assert answer.headers["location"] == f"{DESK}?fait=ecrit"
    with read(bureau.databases.staff) as session:
        latest = select(CommitteeDecision.id).order_by(CommitteeDecision.made_at.desc()).limit(1)
        return str(session.scalars(latest).one())


@pytest.mark.slow
def test_members_read_what_comes_and_what_was_decided(bureau: Bureau, convener: Browser) -> None:
    _, browser = seated(bureau, convener)
    _, elsewhere = seated(bureau, convener, OTHER)
    day = seats.planned(bureau)
    sent = {"jour": day, "texte": AGENDA}
    assert convener.post(f"{DESK}/ordre-du-jour", sent).status_code == 303
    decision = decide(bureau, convener)
    page = browser.get(ROOM).text
    assert AGENDA in page
    assert DECISION in page
    other = elsewhere.get(f"{ROOMS}/{OTHER}").text
    assert AGENDA not in other
    assert DECISION not in other
    assert convener.post(f"{DESK}/effacer", {"decision": decision}).status_code == 303
    assert convener.post(f"{DESK}/ordre-du-jour", sent | {"texte": ""}).status_code == 303
    page = browser.get(ROOM).text
    assert AGENDA not in page
    assert DECISION not in page


def test_what_is_written_is_sealed_and_noted_without_its_text(
    bureau: Bureau, convener: Browser
) -> None:
    decide(bureau, convener)
    with read(bureau.databases.staff) as session:
        clear = repr(session.execute(select(CommitteeDecision.__table__)).all())
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert last is not None
        assert last.action == "closed_place_written"
        assert bureau.vault.open("audit_entry", last.id, "detail", last.detail) == b"{}"
    assert "Sentinelle" not in clear


@pytest.mark.parametrize("form", ["decisions", "ordre-du-jour"])
def test_a_text_that_names_a_child_is_sent_back_and_stored_nowhere(
    bureau: Bureau, convener: Browser, capfd: pytest.CaptureFixture[str], form: str
) -> None:
    day = seats.planned(bureau) if form == "ordre-du-jour" else seats.today(bureau)
    before = written(bureau)
    answer = convener.post(f"{DESK}/{form}", {"jour": day, "texte": CHILD})
    assert answer.status_code == 422
    assert "Pas d’enfant ici" in answer.text
    # It is still there for who wrote it, and for nobody else.
    assert answer.text.count(CHILD) == 1
    assert answer.headers["cache-control"] == "no-store"
    assert CHILD not in convener.get(DESK).text
    assert written(bureau) == before
    assert "Léa" not in "".join(capfd.readouterr())
    assert not found_in(bureau.settings.data_dir, "Léa, 14 ans")
    with bureau.databases.staff.connect() as connection:
        queued = "SELECT args::text FROM jobs.procrastinate_jobs"
        assert "Léa" not in "".join(connection.execute(text(queued)).scalars())


def written(bureau: Bureau) -> tuple[int, ...]:
    """How many rows there are of what might keep a text."""
    tables = (CommitteeDecision, CommitteeAgenda, AuditEntry, DeskDraft)
    with read(bureau.databases.staff) as session:
        counts = (select(func.count()).select_from(each) for each in tables)
        return tuple(session.scalars(each).one() for each in counts)


def found_in(folder: Path, said: str) -> list[Path]:
    files = (each for each in folder.rglob("*") if each.is_file())
    return [each for each in files if said.encode() in each.read_bytes()]


@pytest.mark.parametrize(
    "sent",
    [{"texte": " "}, {"texte": "x" * 2_001}, {"jour": ""}, {"jour": "2015-01-01"}, {"jour": "x"}],
)
def test_what_is_no_decision_is_sent_back(
    bureau: Bureau, convener: Browser, sent: dict[str, str]
) -> None:
    given = {"jour": seats.today(bureau), "texte": DECISION} | sent
    answer = convener.post(f"{DESK}/decisions", given)
    assert answer.status_code == 422
    assert given["texte"].strip() in answer.text
    later = {"jour": seats.planned(bureau), "texte": DECISION}
    assert convener.post(f"{DESK}/decisions", later).status_code == 422


def test_an_agenda_is_of_a_meeting_that_comes(bureau: Bureau, convener: Browser) -> None:
    past = seats.planned(bureau, days=-2)
    for day in (past, "", "2027-01-01"):
        sent = {"jour": day, "texte": AGENDA}
        assert convener.post(f"{DESK}/ordre-du-jour", sent).status_code == 404


def test_old_decisions_are_forgotten(bureau: Bureau, convener: Browser) -> None:
    decide(bureau, convener)
    for years, left in ((4, 1), (6, 0)):
        with write(bureau.databases.staff) as session:
            later = bureau.clock.at + timedelta(days=365 * years)
            committee_texts.forget_old(session, later)
            there = select(func.count()).select_from(CommitteeDecision)
            assert session.scalars(there).one() == left


def test_scripts_are_inert(bureau: Bureau, convener: Browser) -> None:
    _, browser = seated(bureau, convener)
    decide(bureau, convener, texte="<script>alert(1)</script> {{ 7*7 }}")
    page = browser.get(ROOM).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert CODE in ROOM


def test_a_meeting_stands_in_the_agenda_of_those_who_sit_there_alone(
    bureau: Bureau, convener: Browser, professional: Browser
) -> None:
    _, browser = seated(bureau, convener)
    _, elsewhere = seated(bureau, convener, OTHER)
    day = seats.planned(bureau)
    for path, there in (("", True), ("?territoire=93", True), ("?territoire=75", False)):
        page = browser.get(f"/pro/agenda{path}").text
        assert (f'datetime="{day}"' in page) == there, path
    for other in (elsewhere, professional):
        assert "Réunion de la CDLP" not in other.get("/pro/agenda").text
    browser.post(f"{ROOM}/quitter")
    assert "Réunion de la CDLP" not in browser.get("/pro/agenda").text


def test_what_names_a_hidden_place_is_not_stored(
    bureau: Bureau, convener: Browser, place: Home
) -> None:
    before = written(bureau)
    sent = {"jour": seats.today(bureau), "texte": f"Appeler le {place.phone}."}
    answer = convener.post(f"{DESK}/decisions", sent)
    assert answer.status_code == 422
    assert written(bureau) == before


@pytest.mark.slow
def test_who_is_hidden_since_takes_a_text_from_its_readers(
    bureau: Bureau, convener: Browser, home: Home
) -> None:
    _, browser = seated(bureau, convener)
    text = f"Sentinelle : appeler le {home.phone}."
    decide(bureau, convener, texte=text)
    sent = {"jour": seats.planned(bureau), "texte": text}
    assert convener.post(f"{DESK}/ordre-du-jour", sent).status_code == 303
    assert browser.get(ROOM).text.count(text) == 2
    hide(runtime(bureau), acts.protect, home.public_id, who="essai", why="Foyer d’exemple.")
    assert "Sentinelle : appeler" not in browser.get(ROOM).text
    page = convener.get(DESK).text
    assert "Sentinelle : appeler" not in page
    assert page.count("plus montré") == 2


def test_a_function_that_names_a_hidden_place_is_not_stored(
    bureau: Bureau, convener: Browser, place: Home
) -> None:
    sent = {"courriel": "autre@example.org", "fonction": f"Astreinte, {place.phone}"}
    assert convener.post(f"{DESK}/inviter", sent).status_code == 422
    assert seats.rows(bureau) == []


def test_who_is_hidden_since_takes_a_function_from_its_readers(
    bureau: Bureau, convener: Browser, home: Home
) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    for mail in (person.mail, "autre@example.org"):
        seats.invite(convener, mail, function=f"Astreinte, {home.phone}")
    assert browser.post(f"{ROOM}/accepter").status_code == 303
    assert home.phone in browser.get(ROOM).text
    hide(runtime(bureau), acts.protect, home.public_id, who="essai", why="Foyer d’exemple.")
    for reader, page in ((browser, ROOM), (convener, DESK)):
        assert home.phone not in reader.get(page).text
    with read(bureau.databases.staff) as session:
        said = held(session, bureau.vault, person.id, bureau.clock.at)["commissions"]
    assert [each["function"] for each in said] == [""]


def test_what_one_text_says_hides_no_other_one(bureau: Bureau, convener: Browser) -> None:
    _, browser = seated(bureau, convener)
    decide(bureau, convener, texte="Sentinelle : réunion au 12 rue des Tests à Lyon.")
    decide(bureau, convener, texte="Ouvrir un hébergement pour les mineures.")
    assert "12 rue des Tests" in browser.get(ROOM).text


@pytest.mark.slow
def test_decisions_are_read_page_by_page(bureau: Bureau, convener: Browser) -> None:
    _, browser = seated(bureau, convener)
    for number in range(committee_texts.PAGE_SIZE + 1):
        bureau.clock.pass_by(seconds=1)
        decide(bureau, convener, texte=f"Sentinelle numéro {number}.")
    page = browser.get(ROOM).text
    assert "Page 1 sur 2" in page
    assert "numéro 0." not in page
    for path in (f"{ROOM}?page=2", f"{ROOM}?page=900"):
        page = browser.get(path).text
        assert "numéro 0." in page
        assert "numéro 1." not in page


def test_what_was_erased_at_somebodys_request_leaves_the_rest_readable(
    bureau: Bureau, convener: Browser
) -> None:
    _, browser = seated(bureau, convener)
    number = decide(bureau, convener)
    with write(bureau.databases.staff) as session:
        row = session.get_one(CommitteeDecision, UUID(number))
        row.content = bureau.vault.seal_json(
            "committee_decision", row.id, "content", {"text": None}
        )
        (seat,) = session.scalars(select(CommitteeMember))
        nothing = {"mail": None, "function": None}
        seat.content = bureau.vault.seal_json("committee_member", seat.id, "content", nothing)
    for page in (browser.get(ROOM), convener.get(DESK)):
        assert page.status_code == 200
        assert DECISION not in page.text
