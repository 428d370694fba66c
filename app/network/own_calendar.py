"""A member's own calendar: an address that a program asks again and again, without a session.

It lies with services of others, and whoever has the address reads it: so it says titles, hours and
where one signs in, of what its member may read at that moment, and nothing of a closed place but
that there is a meeting.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.people import TOKEN_BYTES, token_digest
from app.agenda import calendar
from app.agenda.calendar import Bare
from app.agenda.queries import select_around
from app.models import Account, MemberCalendar, NetworkMember
from app.network.committee_meetings import Meeting, read_own
from app.network.errors import CalendarUnknown
from app.network.members import hold_member
from app.vault.sealing import Vault
from app.visibility import Viewer
from app.visible.members import members
from geo.zones import zone_of

NAME, MEETING = "Mon agenda", "Réunion"
AGENDA = "/pro/agenda"
DAY = timedelta(days=1)


def create(session: Session, account: UUID, now: datetime) -> str:
    """Return what the address of a member's calendar holds from now on; the former one is over.

    It is stored nowhere, only its digest. Raises NotMember.
    """
    # Two at once: one goes after the other.
    hold_member(session, account, now)
    revoke(session, account)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(MemberCalendar(account_id=account, token=token_digest(token), made_at=now))
    session.flush()
    return token


def revoke(session: Session, account: UUID) -> None:
    """Let no program read somebody's calendar any more."""
    session.execute(delete(MemberCalendar).where(MemberCalendar.account_id == account))


def made_at(session: Session, account: UUID) -> datetime | None:
    """Return since when somebody has a calendar of their own."""
    own = select(MemberCalendar.made_at).where(MemberCalendar.account_id == account)
    return session.scalar(own)


def write(session: Session, vault: Vault, token: str, origin: str, now: datetime) -> bytes:
    """Return the calendar of an address, as its member may read it now; origin: of the desk.

    Raises the same CalendarUnknown of one that is none, that was given up, or whose member is none
    any more.
    """
    row = MemberCalendar
    asked = (
        members(now)
        .join(row, row.account_id == NetworkMember.account_id)
        .where(row.token == token_digest(token))
        .with_only_columns(Account.id, Account.territories)
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        raise CalendarUnknown
    account, territories = found
    viewer = Viewer.written_to(account, now)
    events = select_around(session, viewer, territories, now)
    meetings = read_own(session, vault, viewer, now)
    entries = [calendar.bare(each, f"{origin}{AGENDA}/{each.public_id}") for each in events]
    entries += [_meeting(each, f"{origin}{AGENDA}") for each in meetings]
    zones = {each.zone for each in events}
    zones |= {zone_of(each.code).key for each in meetings if each.span}
    return calendar.write_bare(entries, zones, NAME)


def _meeting(meeting: Meeting, page: str) -> Bare:
    """Return a meeting of a CDLP, without a word of whose it is."""
    begins, ends = meeting.span or (meeting.day, meeting.day + DAY)
    uid = sha256(b"meeting " + meeting.number.bytes).hexdigest()[:16]
    # A number that grows whenever something else is said of it.
    sequence = int((meeting.changed_at - calendar.FIRST).total_seconds())
    return Bare(uid, sequence, MEETING, begins, ends, meeting.changed_at, page)
