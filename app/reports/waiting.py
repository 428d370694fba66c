"""The reports that wait for somebody, each with what its sheet says and what would be right."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.models import Actor, ActorProtected, Report, Role
from app.models.report import Wrong
from app.platform.database.sessions import among
from app.records.history import last_revisions
from app.records.opening import open_ones
from app.records.sheets import is_protected
from app.records.viewing import Seen, see
from app.reports.receiving import COLUMN, TABLE
from app.reports.taking import Taken, in_place, may_take, take
from app.vault.lenient import LABEL, Unread, leniently
from app.vault.sealing import Vault
from app.visibility import Viewer, of_the_state
from geo.zones import paris_day

# On one page.
MOST = 50
# Of one that does not open: nobody is answered, since nobody knows whom.
UNREAD_CONTENT = {"actor": "", "right": LABEL, "mail": "", "own": False}
LABELS: Mapping[Wrong, str] = {
    "phone": "Numéro faux",
    "closed": "Fermé",
    "address": "Adresse fausse",
    "hours": "Horaires faux",
    "other": "Autre chose",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One report. name: of its actor, empty where there is none; territory: its name and code.

    own: whether the actor itself says so, by the link of a mail.
    is_masked: whether its sheet has to be opened first, and neither right nor present is shown
    before. present: what the sheet says; taken: what can be taken as it is.
    """

    id: UUID
    wrong: Wrong
    received_at: datetime
    public_id: str = ""
    name: str = ""
    territory: str = ""
    is_protected: bool = False
    is_masked: bool = False
    right: str = ""
    wants_answer: bool = False
    own: bool = False
    present: str = ""
    taken: Taken | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What one report says. own: whether the actor itself says so."""

    wrong: Wrong
    right: str
    own: bool
    wants_answer: bool

    @property
    def label(self) -> str:
        """Return what is wrong in words."""
        return LABELS[self.wrong]


def count(session: Session, viewer: Viewer, territories: Iterable[str] = ()) -> int:
    """Return how many wait for a viewer; territories: of those alone."""
    asked = _of(select(func.count()), viewer)
    if chosen := sorted(territories):
        asked = asked.where(among(Actor.territory_code, chosen))
    counted: int = session.scalars(asked).one()
    return counted


def waiting(
    session: Session, vault: Vault, viewer: Viewer, who: str, now: datetime
) -> list[Waiting]:
    """Return the first ones that wait, as their viewer may read them; who: as the journal says."""
    found = session.scalars(
        _of(select(Report), viewer).order_by(Report.received_at, Report.id).limit(MOST)
    ).all()
    actors = {each.actor_id for each in found if each.actor_id}
    seen = {each.actor_id: each for each in see(session, vault, viewer, among(Actor.id, actors))}
    opened = open_ones(session, who, now)
    return list(_read(session, vault, viewer, found, seen, opened, now))


def find(session: Session, viewer: Viewer, report_id: UUID) -> Report | None:
    """Return a report that waits for a viewer, locked; None where it is not theirs, or decided."""
    asked = _of(select(Report), viewer).where(Report.id == report_id)
    return session.scalars(asked.with_for_update(of=Report)).one_or_none()


def said_of(
    session: Session, vault: Vault, viewer: Viewer, report_id: UUID, actor_id: UUID
) -> Said | None:
    """Return what a report says of an actor that its viewer opened; None where it waits no more."""
    of_actor = (Report.id == report_id, Report.actor_id == actor_id)
    report = session.scalars(_of(select(Report), viewer).where(*of_actor)).one_or_none()
    if report is None:
        return None
    said = said_in(session, vault, report)
    return Said(report.wrong, said["right"], is_own(said), bool(said["mail"]))


def content_of(vault: Vault, report: Report) -> dict[str, Any]:
    """Return what its sender wrote."""
    opened: dict[str, Any] = vault.open_json(TABLE, report.id, COLUMN, report.content)
    return opened


def said_in(session: Session, vault: Vault, report: Report) -> dict[str, Any]:
    """Return the same, of what does not open that it does not; raise KeyMissing where none does."""
    said = content_of(leniently(session, vault), report)
    return UNREAD_CONTENT if isinstance(said, Unread) else said


def is_own(said: dict[str, Any]) -> bool:
    """Say whether the actor itself wrote something, by the link of a mail."""
    return bool(said.get("own"))


def _of(asked: Select[Any], viewer: Viewer) -> Select[Any]:
    return (
        asked.select_from(Report)
        .outerjoin(Actor, Actor.id == Report.actor_id)
        .outerjoin(ActorProtected, ActorProtected.actor_id == Report.actor_id)
        .where(Report.decided_at.is_(None), theirs(viewer))
    )


def theirs(viewer: Viewer) -> ColumnElement[bool]:
    """Return which reports somebody answers: référents those of what is public of their own.

    That something was reported of a hidden actor would say to them that there is one.
    """
    if viewer.role is Role.CURATEUR:
        return true()
    public = viewer.worked_on() & ActorProtected.level.is_(None) & (Actor.status == "published")
    return public & of_the_state() if viewer.role is Role.REFERENT_ETAT else public


def _read(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    found: Iterable[Report],
    seen: dict[UUID, Seen],
    opened: frozenset[UUID],
    now: datetime,
) -> Iterator[Waiting]:
    gazetteer = cached_gazetteer(session.connection())
    revisions = last_revisions(session, {each.public_id for each in seen.values()})
    # Once: whether the key is there is asked of the database.
    lenient = leniently(session, vault)
    for report in found:
        common = (report.id, report.wrong, report.received_at)
        said = said_in(session, lenient, report)
        own = is_own(said)
        about = seen.get(report.actor_id) if report.actor_id else None
        if about is None:
            yield Waiting(*common, right=said["right"], wants_answer=bool(said["mail"]), own=own)
            continue
        record = about.record
        hidden = is_protected(about.level, record.status)
        masked = hidden and about.actor_id not in opened
        seat = gazetteer.territory(record.territory)
        where = f"{seat.name} ({seat.code})" if seat else record.territory
        known = (*common, about.public_id, record.name, where, hidden, masked)
        if masked:
            yield Waiting(*known, wants_answer=bool(said["mail"]), own=own)
            continue
        given = (record, about.level, gazetteer, report.wrong, said["right"], paris_day(now))
        yield Waiting(
            *known,
            said["right"],
            bool(said["mail"]),
            own,
            in_place(record, gazetteer, report.wrong),
            take(*given) if said is not UNREAD_CONTENT and may_take(viewer, report.wrong) else None,
            revisions[about.public_id],
        )
