"""Who wrote the last version of a sheet, as whoever they came before is told."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.people import writer_of
from app.accounts.sessions import SignedIn
from app.desk.shell.gate import Desk, viewer_of
from app.records import past
from app.records.sheets import read_sheet


@dataclass(frozen=True, slots=True)
class Written:
    """name: of the sheet, as its reader may know it. what: they did, as its history says."""

    name: str
    who: str
    what: str


def last_written(session: Session, desk: Desk, signed: SignedIn, public_id: str) -> Written:
    """Return who wrote the last version of an actor, and what they did; raise ActorUnknown."""
    viewer, who = viewer_of(signed), str(signed.account_id)
    sheet = read_sheet(session, desk.vault, viewer, who, public_id, desk.now())
    steps = past.steps(session, desk.vault, viewer, sheet.actor_id, masked=sheet.is_masked)
    last = next((each for each in steps if each.number == sheet.revision), steps[0])
    return Written(sheet.name, writer_of(desk.vault, session, last.who), last.label.lower())
