"""One sealed value of somebody costs neither their own page nor the rooms where others read it."""

import pytest
from sqlalchemy import select

from app.models import Account, CommitteeMember, Passkey, Reveal, Role, StaffSession
from app.platform.database.sessions import read, write
from app.vault.lenient import LABEL
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.contacts import MOTIVE, choose, page_of
from tests.desk.home import Home
from tests.desk.test_lists_damaged import approved, damaged
from tests.networked import joins
from tests.seated import sits

ROOM = "/pro/reseau/cdlp/93"


def test_ones_own_page_says_which_key_or_session_does_not_open(bureau: Bureau) -> None:
    person = bureau.enrolled(Role.CURATEUR)
    browser = bureau.signed_in_as(person)
    with write(bureau.databases.staff) as session:
        key = Passkey(account_id=person.id, credential=person.id.bytes, public_key=b"x")
        key.name = b"nothing that opens"
        session.add(key)
        for row in session.scalars(
            select(StaffSession).where(StaffSession.account_id == person.id)
        ):
            row.device = b"nothing that opens"
    page = browser.get("/gestion/compte")
    assert page.status_code == 200
    assert page.text.count(LABEL) >= 2


@pytest.mark.parametrize("model", [Account, CommitteeMember])
def test_the_room_of_a_cdlp_is_shown_whoever_of_it_does_not_open(
    bureau: Bureau, model: type[Account] | type[CommitteeMember]
) -> None:
    convener, people = bureau.signed_in(Role.REFERENT_ETAT), [approved(bureau) for _ in range(2)]
    browsers = [bureau.signed_in_as(each) for each in people]
    for person, browser in zip(people, browsers, strict=True):
        joins(runtime(bureau), person.id)
        sits(convener, browser)
    own = CommitteeMember.account_id == people[0].id
    with read(bureau.databases.staff) as session:
        seat = session.scalars(select(CommitteeMember.id).where(own)).one()
    row, column = (people[0].id, "person") if model is Account else (seat, "content")
    with damaged(bureau, model, row, column):
        for path, browser in (("/gestion/cdlp/93", convener), (ROOM, browsers[1])):
            page = browser.get(path)
            assert page.status_code == 200
            assert LABEL in page.text
            assert f"mailto:{LABEL}" not in page.text


def test_no_contact_is_offered_to_whom_nobody_can_read(
    bureau: Bureau, place: Home, curateur: Browser
) -> None:
    choose(bureau, place, choice="asked", number="+33199887766")
    person = approved(bureau)
    assert bureau.signed_in_as(person).post(f"{page_of(place)}/contact", MOTIVE).status_code == 303
    path = "/gestion/demandes/contacts"
    assert 'value="donner"' in curateur.get(path).text
    with damaged(bureau, Account, person.id, "person"):
        page = curateur.get(path)
    assert page.status_code == 200
    assert LABEL in page.text
    assert 'value="donner"' not in page.text
    with write(bureau.databases.staff) as session:
        for each in session.scalars(select(Reveal).where(Reveal.account_id == person.id)):
            session.delete(each)
