"""True names of hidden actors, so that staff find and sort what they may read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.models import Actor, ActorProtected, Commune
from app.platform.database.sessions import among, once
from app.records.memory import Memory
from app.records.sealed import RecordUnreadable
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import fold

HIDDEN = or_(ActorProtected.level.is_not(None), Actor.status == "secret")


@dataclass(frozen=True, slots=True)
class Named:
    """What staff of its territory read of a hidden actor without opening it.

    commune: its code. city: as the list has it. folded: its name as it is sorted. searched: words,
    each behind a space.
    """

    name: str
    folded: str
    searched: str
    commune: str | None
    city: str | None


class _Said(TypedDict):
    """What is read of a record: to read all of it takes five times as long, to check it thirty."""

    # What is in a record may be secret.
    __pydantic_config__ = ConfigDict(hide_input_in_errors=True)  # type: ignore[misc]

    name: str
    commune: NotRequired[str | None]
    city: NotRequired[str | None]


_SAID = TypeAdapter(_Said)


def named_in(clear: bytes) -> Named:
    """Return what lists read of an opened record, of any version; raise RecordUnreadable."""
    said: Mapping[str, Any]
    try:
        said = _SAID.validate_json(clear)
    except ValidationError:
        said = as_it_is(clear)
    name, city = said["name"], said.get("city")
    folded = fold(name)
    return Named(name, folded, f" {folded} {fold(city or '')}", said.get("commune"), city)


def as_it_is(clear: bytes) -> Mapping[str, Any]:
    """Read half a character too, which a record may hold and JSON may not."""
    try:
        said = json.loads(clear.decode("utf-8", "surrogatepass"))
    except ValueError:
        raise RecordUnreadable from None
    if not isinstance(said, dict) or not isinstance(said.get("name"), str):
        raise RecordUnreadable from None
    return said


# Of this process: a name is the same for whoever may read it.
NAMES = Memory(ActorProtected.record, named_in)


def true_names(
    session: Session, vault: Vault, viewer: Viewer, actors: Iterable[UUID] | None = None
) -> dict[UUID, Named]:
    """Return the names of hidden actors, or of some of them, as far as a viewer reads them."""
    if actors is not None:
        return NAMES.of(session, vault, viewer, HIDDEN, among(Actor.id, actors))
    # A page asks for all of them to find, to sort and to count.
    return once(session, ("names", viewer), lambda: NAMES.of(session, vault, viewer, HIDDEN))


def communes(session: Session, names: Iterable[Named]) -> dict[str, str]:
    """Return the names of the communes of some actors, by code."""
    codes = {each.commune for each in names if each.commune}
    statement = select(Commune.code, Commune.name).where(among(Commune.code, codes))
    return dict(session.execute(statement).all())
