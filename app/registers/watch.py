"""Which public actors the State says to be closed, for a person to decide."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.records.hidden_numbers import numbers_of_hidden
from app.records.proposals import Proposed, propose
from app.records.viewing import Seen
from app.registers.api import Api
from app.registers.closures import Closure, closures
from app.registers.public_numbers import numbered
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day


@dataclass(frozen=True, slots=True)
class Watched:
    """A public actor whose establishment is closed or has moved: for a person to look at."""

    actor: Seen
    closure: Closure


def watch(
    api: Api, public: dict[str, Seen], is_public: Callable[[str, UUID], bool]
) -> Iterator[Watched]:
    """Yield who is closed or has moved; raises ApiFailed, after those before it were yielded.

    is_public: whether a number and its actor still are, asked of each before it is sent: all of
    France takes hours, in which somebody may be hidden.
    """
    still = (number for number, actor in public.items() if is_public(number, actor.actor_id))
    for closure in closures(api, still):
        yield Watched(public[closure.siret], closure)


def propose_closures(
    session: Session, vault: Vault, viewer: Viewer, found: Collection[Watched]
) -> list[Watched]:
    """Store each closure for a person to decide, but of those whom somebody hid meanwhile.

    Return what was stored. Who took over is not said where somebody hidden has that number: whoever
    looks it up reads where they are.
    """
    public, hidden = numbered(session, vault, viewer)
    asked = {each.closure.siret for each in found}
    followers = {each.closure.moved_to for each in found if each.closure.moved_to}
    hidden |= numbers_of_hidden(session, vault, (asked | followers) - hidden)
    still = {each.actor_id for number, each in public if number not in hidden}
    said = [
        replace(each, closure=replace(each.closure, moved_to=None, moved_on=None))
        if each.closure.moved_to in hidden
        else each
        for each in found
        if each.actor.actor_id in still
    ]
    key = index_key(session, vault)
    propose(session, vault, key, map(_proposed, said))
    return said


def detail_of(closure: Closure) -> dict[str, str | None]:
    """Return a closure as a proposal holds it, said today."""
    return {
        "siret": closure.siret,
        "closed_on": closure.closed_on.isoformat() if closure.closed_on else None,
        "moved_to": closure.moved_to,
        "moved_on": closure.moved_on.isoformat() if closure.moved_on else None,
        "said_on": paris_day().isoformat(),
    }


def _proposed(watched: Watched) -> Proposed:
    actor, detail = watched.actor.actor_id, detail_of(watched.closure)
    subject = f"{actor}/{detail['siret']}/{detail['closed_on']}/{detail['moved_to']}"
    return Proposed("closed", actor, subject, detail)
