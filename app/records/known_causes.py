"""Why actors are hidden, so that staff narrow a list by it; of a cause its reason alone.

Causes are sealed, since they name neighbours and words; what is remembered here is neither.
"""

from typing import NamedTuple, NotRequired
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.models import ActorProtected
from app.records.causes import Judged, undecided
from app.records.memory import Memory
from app.records.sealed import RecordUnreadable, why_today
from app.vault.sealing import Vault
from app.visibility import Viewer


class _Said(TypedDict):
    # What is in a cause may be secret.
    __pydantic_config__ = ConfigDict(hide_input_in_errors=True)  # type: ignore[misc]

    why: str
    what: NotRequired[str]
    field: NotRequired[str]
    dismissed_on: NotRequired[str | None]
    confirmed_on: NotRequired[str | None]
    ended_on: NotRequired[str | None]


_SAID = TypeAdapter(list[_Said])


class Whys(NamedTuple):
    """Why an actor is hidden. undecided: those that wait for a person."""

    every: frozenset[str]
    undecided: frozenset[str]


def whys_in(clear: bytes) -> Whys:
    """Return the reasons that nobody dismissed; raise RecordUnreadable."""
    try:
        said = _SAID.validate_json(clear)
    except ValidationError:
        raise RecordUnreadable from None
    left = [(_why(each), each) for each in said if each.get("dismissed_on") is None]
    judged = (
        Judged(
            why,
            confirmed=each.get("confirmed_on") is not None,
            ended=each.get("ended_on") is not None,
        )
        for why, each in left
    )
    return Whys(frozenset(why for why, _ in left), undecided(judged))


def _why(said: _Said) -> str:
    return why_today(said["why"], said.get("what", ""), said.get("field", ""))


# Of this process: a reason is the same for whoever may read it.
WHYS = Memory(ActorProtected.causes, whys_in)


def known_whys(
    session: Session, vault: Vault, viewer: Viewer, *which: ColumnElement[bool]
) -> dict[UUID, Whys]:
    """Return why each hidden actor is, as far as a viewer may open it; which: of its columns."""
    return WHYS.of(session, vault, viewer, ActorProtected.level.is_not(None), *which)
