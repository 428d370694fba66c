"""Which public actors the State says to be closed: their numbers, and of nobody who is hidden."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ActorFingerprint
from app.platform.database.sessions import among
from app.records.marks import stored_mark
from app.records.proposals import Proposed, propose
from app.records.viewing import Seen, see
from app.registers.api import Api
from app.registers.closures import Closure, closures
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day


@dataclass(frozen=True, slots=True)
class Watched:
    """A public actor whose establishment is closed or has moved: for a person to look at."""

    actor: Seen
    closure: Closure


def public_numbers(
    session: Session, vault: Vault, viewer: Viewer, territory: str | None = None
) -> dict[str, Seen]:
    """Return SIRET -> public actor; territory: its code.

    Without each number that somebody hidden has too, by any list, wherever that is: the body of a
    home often has offices under the same one, and who sees it asked for could look the home up.
    """
    public: dict[str, Seen] = {}
    hidden: set[str] = set()
    for each in see(session, vault, viewer):
        number = each.record.siret
        if number is None:
            continue
        if each.level is not None or each.record.status != "published":
            hidden.add(number)
        elif territory in (None, each.record.territory):
            public.setdefault(number, each)
    hidden |= _of_homes(session, vault, public.keys() - hidden)
    return {number: each for number, each in public.items() if number not in hidden}


def _of_homes(session: Session, vault: Vault, numbers: Collection[str]) -> set[str]:
    """Return the numbers that some list gives for a home, whose record may have another one."""
    if not numbers:
        return set()
    key = index_key(session, vault)
    marks = {stored_mark(("siret", number), key, home=True)[1]: number for number in numbers}
    found = select(ActorFingerprint.digest).where(among(ActorFingerprint.digest, marks))
    return {marks[digest] for digest in session.scalars(found)}


def watch(api: Api, public: dict[str, Seen]) -> Iterator[Watched]:
    """Yield who is closed or has moved; raises ApiFailed, after those before it were yielded."""
    for closure in closures(api, public):
        yield Watched(public[closure.siret], closure)


def propose_closures(
    session: Session, vault: Vault, viewer: Viewer, found: Collection[Watched]
) -> None:
    """Store each closure for a person to decide, but of those whom somebody hid meanwhile."""
    still = {each.actor_id for each in public_numbers(session, vault, viewer).values()}
    said_on = paris_day()
    key = index_key(session, vault)
    propose(
        session,
        vault,
        key,
        (_proposed(each, said_on) for each in found if each.actor.actor_id in still),
    )


def _proposed(watched: Watched, said_on: date) -> Proposed:
    closure, actor = watched.closure, watched.actor.actor_id
    day = closure.closed_on.isoformat() if closure.closed_on else None
    detail = {
        "siret": closure.siret,
        "closed_on": day,
        "moved_to": closure.moved_to,
        "said_on": said_on.isoformat(),
    }
    subject = f"{actor}/{closure.siret}/{day}/{closure.moved_to}"
    return Proposed("closed", actor, subject, detail)
