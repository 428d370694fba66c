"""Whom a list hides beside its homes, by name: to a curateur who opened them, for a while."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.imports.words import LOST
from app.desk.shell import gate
from app.desk.shell.gate import Desk
from app.models import Role
from app.records.opening import beside_open_until
from app.records.viewing import see_these


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An actor by its true name. loses: what it says to the public no more, in words.

    listed: whether the list has a line of it. is_hidden: whether something of it is hidden today.
    """

    name: str
    public_id: str
    loses: tuple[str, ...]
    listed: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Whom a list hides beside its homes. opens: whether there is anybody that its reader may open.

    until: when they are shut again, None where they are. found: they themselves, once opened.
    """

    opens: bool = False
    until: datetime | None = None
    found: tuple[Neighbour, ...] = ()


def beside(
    session: Session,
    desk: Desk,
    signed: SignedIn,
    deposit_id: UUID,
    stored: Iterable[Mapping[str, Any]],
) -> Beside:
    """Return whom a page names by ids as its reader may see them: a curateur alone, once opened."""
    if signed.role is not Role.CURATEUR:
        return Beside()
    # Of an actor that was erased since no id is left.
    known = {UUID(each["actor"]): each for each in stored if each["actor"]}
    until = beside_open_until(session, str(signed.account_id), deposit_id, desk.now())
    if until is None:
        return Beside(bool(known))
    found = (
        Neighbour(
            seen.record.name,
            seen.public_id,
            tuple(LOST[part] for part in known[actor].get("loses", ())),
            bool(known[actor].get("listed")),
            seen.is_hidden,
        )
        for actor, seen in see_these(session, desk.vault, gate.viewer_of(signed), known).items()
    )
    in_order = sorted(found, key=lambda each: (each.name.casefold(), each.public_id))
    return Beside(bool(known), until, tuple(in_order))
