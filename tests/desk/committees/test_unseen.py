"""Whoever does not sit in the place of a CDLP cannot tell whether there is one, nor who does."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from app.models import Role, StaffSession
from app.network import committee_meetings, committee_texts, committees
from app.network.committee_errors import CommitteeUnknown
from app.platform.database.sessions import read
from app.visibility import Viewer
from app.visible.asking import Asker
from tests.desk.bureau import Browser, Bureau
from tests.desk.committees import seats
from tests.desk.committees.seats import (
    AGENDA,
    CODE,
    DECISION,
    DESK,
    FUNCTION,
    OTHER,
    ROOM,
    ROOMS,
    seated,
)

SECRETS = (AGENDA, DECISION, FUNCTION, "Sentinelle")
# What an error says of itself alone.
NUMBERS = re.compile(r"[0-9a-f]{4}\u00a0[0-9a-f]{4}\u00a0[0-9a-f]{4}")


@pytest.fixture
def filled(bureau: Bureau, convener: Browser) -> Browser:
    """A member of a place that has everything."""
    _, browser = seated(bureau, convener)
    sent = {"jour": seats.planned(bureau), "texte": AGENDA}
    assert convener.post(f"{DESK}/ordre-du-jour", sent).status_code == 303
    sent = {"jour": seats.today(bureau), "texte": DECISION}
    assert convener.post(f"{DESK}/decisions", sent).status_code == 303
    return browser


def answered(browser: Browser, path: str) -> tuple[int, str]:
    """What is answered at an address, but for the address and the number of an error."""
    answer = browser.get(path)
    return answer.status_code, re.sub("cdlp/[0-9a-z]{2}", "", NUMBERS.sub("", answer.text))


@pytest.mark.slow
def test_what_is_not_there_and_what_is_not_yours_answer_alike(
    bureau: Bureau, convener: Browser, filled: Browser, professional: Browser
) -> None:
    _, left = seated(bureau, convener)
    left.post(f"{ROOM}/quitter")
    _, elsewhere = seated(bureau, convener, OTHER)
    for browser in (professional, left, elsewhere):
        answers = {answered(browser, f"{ROOMS}/{code}") for code in ("13", CODE, "zz")}
        assert [status for status, _ in answers] == [404]
        assert browser.post(f"{ROOM}/accepter").status_code == 404
        for path in ("/pro", ROOMS, "/pro/agenda", "/pro/ressources"):
            page = browser.get(path).text
            assert not [each for each in SECRETS if each in page], path


@pytest.mark.parametrize(
    "role", [Role.CURATEUR, Role.ADMINISTRATEUR, Role.REFERENT_DEPARTEMENT, None]
)
def test_nobody_else_of_the_staff_sees_inside(
    bureau: Bureau, filled: Browser, role: Role | None
) -> None:
    browser = bureau.signed_in(role) if role else bureau.browser()
    for path in (ROOM, DESK, ROOMS):
        answer = browser.get(path)
        assert answer.status_code == (403 if role else 303)
        assert answered(browser, path) == answered(browser, path.replace(CODE, "13"))
    for page in ("/gestion", "/gestion/etat-des-lieux/93", "/gestion/agenda", "/gestion/journal"):
        said = browser.get(page).text
        assert not [each for each in SECRETS if each in said], page
        assert "Espace fermé de la CDLP" not in said


def test_who_is_excluded_reads_nothing_even_behind_the_gate(
    bureau: Bureau, convener: Browser, filled: Browser
) -> None:
    person, browser = seated(bureau, convener)
    asker = asker_of(bureau, person.id)
    viewer = Viewer.professional(asker)
    mine = {each.account_id: each.id for each in seats.rows(bureau)}[person.id]
    with read(bureau.databases.staff) as session:
        given = (session, bureau.vault, viewer, CODE)
        assert committees.read_seats(*given, bureau.clock.at)
    assert convener.post(f"{DESK}/retirer", {"siege": str(mine)}).status_code == 303
    with read(bureau.databases.staff) as session:
        given = (session, bureau.vault, viewer, CODE)
        assert committees.read_seats(*given, bureau.clock.at) == []
        assert committee_meetings.read_coming(*given, bureau.clock.at) == []
        assert committee_meetings.read_own(session, bureau.vault, viewer, bureau.clock.at) == []
        assert committee_texts.read_decisions(*given) == []
        assert committees.read_invited(*given, bureau.clock.at) == []
        assert committees.read_rooms(session, viewer) == []
        with pytest.raises(CommitteeUnknown):
            committees.read_room(session, viewer, CODE)
    assert browser.get(ROOM).status_code == 404


def asker_of(bureau: Bureau, account: UUID) -> Asker:
    with read(bureau.databases.staff) as session:
        own = select(StaffSession.id).where(StaffSession.account_id == account)
        return Asker(account, session.scalars(own).one(), bureau.clock.at)


@pytest.mark.slow
def test_who_is_excluded_while_reading_reads_all_or_nothing(
    bureau: Bureau, convener: Browser, filled: Browser
) -> None:
    for _ in range(10):
        person, browser = seated(bureau, convener)
        mine = {each.account_id: each.id for each in seats.rows(bureau)}[person.id]
        with ThreadPoolExecutor(4) as pool:
            pages = [pool.submit(browser.client.get, ROOM, headers=sent(browser)) for _ in range(6)]
            out = convener.post(f"{DESK}/retirer", {"siege": str(mine)})
            after = browser.get(ROOM)
        assert out.status_code == 303
        assert after.status_code == 404
        for each in pages:
            answer = each.result()
            assert answer.status_code in {200, 404}
            assert (DECISION in answer.text) == (answer.status_code == 200)


def sent(browser: Browser) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return {"Cookie": cookies, "Accept": "text/html", "X-Forwarded-Proto": "https"}
