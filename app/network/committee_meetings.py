"""The meetings that come of a CDLP, for who reads in its place: when, where, what about, and what
is to be read before. Sealed: no list, count, calendar or feed of events or of resources has any.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.agenda.hours import hours_of
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.screening import hidden_of
from app.models import CdlpMeeting, CommitteeAgenda, Territory
from app.network.committee_errors import (
    CommitteeUnknown,
    HoursWrong,
    PapersWrong,
    TextWrong,
)
from app.network.committee_texts import TEXT_MAX
from app.network.committees import check_convenes
from app.network.screening import check_text
from app.resources.texts import line, lines
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day, zone_of

TABLE, COLUMN = CommitteeAgenda.__tablename__, "content"
PLACE_MAX, TITLE_MAX, URL_MAX, MOST_PAPERS = 300, 200, 500, 10
# So few that all are looked through again at each reading.
MOST_COMING = 4
Coming = Select[UUID, date, bytes | None, str, str, datetime]
URL = re.compile(r"https://[^\s/@]+\.[^\s/@]+(?:/\S*)?")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is to be read before a meeting: where it lies is the business of who put it there."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a meeting. begins, ends: "14:30" by the clock there, or both ""."""

    text: str = ""
    begins: str = ""
    ends: str = ""
    place: str = ""
    papers: tuple[Paper, ...] = ()

    @property
    def whole(self) -> str:
        """Return all of its texts."""
        papers = (f"{each.title} {each.url}" for each in self.papers)
        return "\n".join(each for each in (self.text, self.place, *papers) if each)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that comes. hours: in French, by each clock that counts; span: its moments, where
    its hours are said. changed_at: when what is said of it last was.

    masked: something was said, and names somebody who is hidden by now.
    """

    number: UUID
    code: str
    name: str
    day: date
    said: Said
    hours: str
    span: tuple[datetime, datetime] | None
    changed_at: datetime
    masked: bool = False


def read_coming(
    session: Session, vault: Vault, viewer: Viewer, code: str, now: datetime
) -> list[Meeting]:
    """Return the meetings that come in a place, the next first."""
    reads = viewer.reads_in_committee(CdlpMeeting.territory_code)
    asked = _coming(reads, now).where(CdlpMeeting.territory_code == code)
    return _read(session, vault, asked.limit(MOST_COMING))


def read_own(session: Session, vault: Vault, viewer: Viewer, now: datetime) -> list[Meeting]:
    """Return the next meetings of all places that somebody reads in."""
    reads = viewer.meets_in_committee(CdlpMeeting.territory_code)
    return _read(session, vault, _coming(reads, now).limit(MOST_COMING))


def write(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    code: str,
    day: date | None,
    said: Said,
    now: datetime,
) -> None:
    """Say what a meeting that comes is; nothing takes back what was said.

    Raises CommitteeUnknown, TextWrong, HoursWrong, PapersWrong, ChildNamed or PlaceNamed.
    """
    check_convenes(session, viewer, code)
    said = _checked(said)
    if said.whole:
        check_text(session, vault, said.whole)
    asked = select(CdlpMeeting.id).where(
        CdlpMeeting.territory_code == code,
        CdlpMeeting.day == day,
        CdlpMeeting.day >= paris_day(now),
    )
    meeting = session.scalar(asked.with_for_update())
    if meeting is None:
        raise CommitteeUnknown
    sealed = vault.seal_json(TABLE, meeting, COLUMN, asdict(said))
    written = {"content": sealed, "changed_at": now, "changed_by": author.who}
    if said == Said():
        session.execute(delete(CommitteeAgenda).where(CommitteeAgenda.meeting_id == meeting))
    else:
        row = insert(CommitteeAgenda).values(meeting_id=meeting, **written)
        session.execute(row.on_conflict_do_update(index_elements=["meeting_id"], set_=written))
    add(session, vault, author, Action.CLOSED_WRITTEN, str(meeting))


def papers_of(text: str) -> tuple[Paper, ...]:
    """Return the papers of a text, a line each: title, then address; raise PapersWrong."""
    found = []
    for each in filter(None, map(line, lines(text).split("\n"))):
        title, _, url = each.rpartition(" ")
        title = title.rstrip(" :–—-")
        fits = 0 < len(title) <= TITLE_MAX and len(url) <= URL_MAX
        if not fits or not URL.fullmatch(url):
            raise PapersWrong
        found.append(Paper(title, url))
    if len(found) > MOST_PAPERS:
        raise PapersWrong
    return tuple(found)


def as_lines(papers: Iterable[Paper]) -> str:
    """Return papers as their form has them."""
    return "\n".join(f"{each.title} : {each.url}" for each in papers)


def _coming(reads: ColumnElement[bool], now: datetime) -> Coming:
    changed_at = func.greatest(CommitteeAgenda.changed_at, CdlpMeeting.made_at)
    asked = (
        select(
            CdlpMeeting.id,
            CdlpMeeting.day,
            CommitteeAgenda.content,
            Territory.code,
            Territory.name,
            changed_at,
        )
        .join(Territory, Territory.code == CdlpMeeting.territory_code)
        .outerjoin(CommitteeAgenda, CommitteeAgenda.meeting_id == CdlpMeeting.id)
        .where(CdlpMeeting.day >= paris_day(now), reads)
    )
    return asked.order_by(CdlpMeeting.day, Territory.code)


def _read(session: Session, vault: Vault, asked: Coming) -> list[Meeting]:
    rows = session.execute(asked).all()
    said = {row[0]: _open(vault, row[0], row[2]) for row in rows}
    hidden = hidden_of(session, vault, {number: each.whole for number, each in said.items()})
    found = []
    for number, day, _, code, name, changed_at in rows:
        masked = number in hidden
        shown = Said() if masked else said[number]
        span = _moments(code, day, shown)
        hours = hours_of(*span, zone_of(code), code, None) if span else ""
        found.append(Meeting(number, code, name, day, shown, hours, span, changed_at, masked))
    return found


def _open(vault: Vault, number: UUID, sealed: bytes | None) -> Said:
    if sealed is None:
        return Said()
    opened: dict[str, Any] = vault.open_json(TABLE, number, COLUMN, sealed)
    papers = [(each["title"], each["url"]) for each in opened.pop("papers", ())]
    # Of what was erased at somebody's request the rest.
    whole = tuple(Paper(title, url) for title, url in papers if title and url)
    return Said(**{name: text or "" for name, text in opened.items()}, papers=whole)


def _moments(code: str, day: date, said: Said) -> tuple[datetime, datetime] | None:
    if not said.begins:
        return None
    begins, ends = map(time.fromisoformat, (said.begins, said.ends))
    own = zone_of(code)
    return datetime.combine(day, begins, own), datetime.combine(day, ends, own)


def _checked(said: Said) -> Said:
    text, place = lines(said.text), line(said.place)
    if len(text) > TEXT_MAX or len(place) > PLACE_MAX:
        raise TextWrong
    return Said(text, *_span(said.begins, said.ends), place, said.papers)


def _span(begins: str, ends: str) -> tuple[str, str]:
    if not begins and not ends:
        return "", ""
    try:
        first, last = time.fromisoformat(begins), time.fromisoformat(ends)
    except ValueError:
        raise HoursWrong from None
    if first.tzinfo or last.tzinfo or first >= last:
        raise HoursWrong
    return f"{first:%H:%M}", f"{last:%H:%M}"
