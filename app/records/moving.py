"""A doubted point that somebody moves: written as the form of its actor would write it."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.errors import ActorUnknown
from app.gazetteer.load import cached_gazetteer
from app.models import Role
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records import doubts
from app.records.correcting import Masked, NotYours, Outdated, Wish, read_to_correct, save
from app.records.entered import shown
from app.records.many import Done, Refusal
from app.records.undoing import latest
from app.vault.sealing import Vault
from app.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Move:
    """Where somebody says that a point is, as they entered it. based_on: the revision they read."""

    lat: str
    lon: str
    based_on: int


def move(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    public_id: str,
    to: Move,
    now: datetime,
) -> Done:
    """Write where a doubted point is; raise Outdated or Wrong as the form does."""
    # Before anything is read: who writes meanwhile makes it another version.
    hold(session, IMPORT_LOCK)
    try:
        sheet = read_to_correct(session, vault, viewer, author.who, public_id, now)
    except (ActorUnknown, NotYours, Masked):
        return _refused(Refusal.UNKNOWN)
    if to.based_on != sheet.revision:
        raise Outdated
    # What is hidden has no point here, though its sheet be open.
    if sheet.record is None or not doubts.read(session, vault, viewer, [sheet.actor_id]):
        return _refused(Refusal.ALREADY)
    entered = shown(sheet.record, cached_gazetteer(session.connection()))
    wish = Wish({**entered, "lat": to.lat, "lon": to.lon}, to.based_on)
    saved = save(session, vault, viewer, author, public_id, wish, now, whole=False)
    if not saved.changed:
        return _refused(Refusal.ALREADY)
    last = latest(session, vault, author, sheet.actor_id)
    done = Done(last.batch if last else None, 1, Counter(), saved.hid + saved.beside)
    # How many others are hidden with it would say who stands beside it.
    return replace(done, hid=0) if viewer.role is Role.REFERENT_ETAT else done


def _refused(why: Refusal) -> Done:
    return Done(None, 0, Counter({why: 1}))
