"""The events of the desk: what waits, what is written, what comes, what is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, func, select, text, true
from sqlalchemy.orm import Session

from app.announcing.content import Content
from app.announcing.writing import NOT_READ, content_of
from app.models import AgendaRecord
from app.models.agenda import EventStatus
from app.vault.sealing import Vault
from app.visibility import Viewer

Tab = Literal["a-venir", "proposes", "brouillons", "passes"]
# Of each list, so many.
MOST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """An event in a list. content: None of what names somebody hidden, which is read by opening.

    opens: False of what was sealed and does not open.
    """

    public_id: str
    status: EventStatus
    territory: str | None
    begins_at: datetime
    who: str
    content: Content | None
    opens: bool


def listed(
    session: Session, vault: Vault, viewer: Viewer, who: str, tab: Tab, now: datetime
) -> list[Line]:
    """Return one of the lists, of what somebody may read."""
    ordered = AgendaRecord.begins_at.desc() if tab == "passes" else AgendaRecord.begins_at
    asked = _readable(viewer, who).where(_of(tab, now)).order_by(ordered, AgendaRecord.id)
    return [_line(vault, each, who) for each in session.scalars(asked.limit(MOST))]


def counts(session: Session, viewer: Viewer, who: str, now: datetime) -> dict[Tab, int]:
    """Return how many there are of each."""
    tabs: tuple[Tab, ...] = ("a-venir", "proposes", "brouillons", "passes")
    readable = _readable(viewer, who).subquery()
    mine = select(readable.c.id)
    columns = (
        select(func.count())
        .select_from(AgendaRecord)
        .where(AgendaRecord.id.in_(mine), _of(tab, now))
        .scalar_subquery()
        for tab in tabs
    )
    return dict(zip(tabs, session.execute(select(*columns)).one(), strict=True))


def counting_proposed() -> Select[int]:
    """Return the statement of how many wait for a curateur."""
    waits = AgendaRecord.status == text("'proposed'")
    return select(func.count()).select_from(AgendaRecord).where(waits)


def is_masked(record: AgendaRecord, who: str) -> bool:
    """Say whether somebody reads an event only once that is noted: not what they wrote."""
    return record.masked and record.changed_by != who


def _line(vault: Vault, record: AgendaRecord, who: str) -> Line:
    content, opens = None, True
    try:
        content = None if is_masked(record, who) else content_of(vault, record)
    except NOT_READ:
        # The other ones are to be read all the same.
        opens = False
    said = (record.public_id, record.status, record.territory_code, record.begins_at)
    return Line(*said, record.made_by, content, opens)


def _readable(viewer: Viewer, who: str) -> Select[AgendaRecord]:
    own = true() if viewer.publishes_resources else AgendaRecord.made_by == who
    return select(AgendaRecord).where(own)


def _of(tab: Tab, now: datetime) -> ColumnElement[bool]:
    shown = AgendaRecord.status.in_(("published", "cancelled"))
    match tab:
        case "a-venir":
            return shown & (AgendaRecord.ends_at >= now)
        case "proposes":
            return AgendaRecord.status == "proposed"
        case "brouillons":
            return AgendaRecord.status == "draft"
    return shown & (AgendaRecord.ends_at < now)
