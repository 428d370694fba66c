"""What a program reads of a member's calendar, and what an invitation says, where places hide."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete

from app.audit.journal import Author
from app.models import MemberCalendar, NetworkInvitation, Role
from app.network import inviting, members, own_calendar
from app.platform.database.sessions import write
from tests.attack.agenda import NETWORK
from tests.attack.conftest import Attacked
from tests.attack.places import OPEN_MARKER
from tests.attack.test_desk import ORIGIN, sign_in
from tests.attack.test_desk_actors import desk_of
from tests.networked import joins, moved_to

pytestmark = pytest.mark.slow
BY = Author("os:essai")


@pytest.fixture
def calendar(written: Attacked) -> Iterator[tuple[UUID, str]]:
    """A member approved everywhere, and the address of their calendar."""
    account, _ = sign_in(written, Role.PROFESSIONNEL)
    joins(written.runtime, account)
    moved_to(written.runtime, account, *sorted(written.dataset.territories))
    with write(written.runtime.staff) as session:
        token = own_calendar.create(session, account, datetime.now(UTC))
    yield account, f"/connexion/agenda/{token}.ics"
    with write(written.runtime.staff) as session:
        session.execute(delete(MemberCalendar))


def test_a_calendar_says_what_its_member_may_read_and_no_place(
    written: Attacked, calendar: tuple[UUID, str]
) -> None:
    account, path = calendar
    planted = written.dataset.events
    with desk_of(written, Role.PROFESSIONNEL) as (client, _):
        answer = client.get(path, headers={"Cookie": ""})
        assert answer.status_code == 200
        # As a program reads it: long lines are folded.
        said = answer.text.replace("\r\n ", "")
        # Members read of what the network has.
        assert written.sentinels.in_text(said.encode()) == {NETWORK.lower()}
        assert f"{OPEN_MARKER}accueil" in said
        assert all(each in said for each in planted.shown)
        assert "LOCATION" not in said
        with write(written.runtime.staff) as session:
            members.exclude(session, written.runtime.vault, BY, account, datetime.now(UTC))
        gone = client.get(path, headers={"Cookie": ""})
        assert gone.status_code == 404
        unknown = client.get("/connexion/agenda/nulle-part.ics", headers={"Cookie": ""})
        assert unknown.status_code == 404
        # But for the number of the request.
        assert len({each.text.split("ce numéro")[0] for each in (gone, unknown)}) == 1


def test_an_invitation_says_the_same_to_everybody_and_nothing_of_places(
    written: Attacked,
) -> None:
    mails = ["camille@example.org", "sacha@example.org"]
    vault, now = written.runtime.vault, datetime.now(UTC)
    with write(written.runtime.staff) as session:
        inviting.invite(session, vault, BY, mails, now)
        found = [
            inviting.write(session, vault, each, ORIGIN, ORIGIN, now)
            for each in inviting.to_write(session, now)
        ]
        session.execute(delete(NetworkInvitation))
    texts = {mail.text.split("?lien=")[0] for mail in found if mail}
    assert len(texts) == 1
    assert len(found) == len(mails)
    assert written.sentinels.in_text(texts.pop().encode()) == set()
