"""The whole record of an actor, as it is sealed, and where each of its fields comes from."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from pydantic import ConfigDict

from app.models.protected import Level
from importers.row import ActorFields, Lean

Status = Literal["draft", "published", "archived", "secret"]


class ActorRecord(ActorFields):
    """All that is known of an actor; app/records/projection.py says what of it may be public.

    A field that is added here takes its default in records sealed before. One that is renamed, or
    means something else, takes a new version and an upgrade in app/records/sealed.py.
    """

    model_config = ConfigDict(
        # Written back without a field that it does not know, a record would lose it.
        extra="forbid",
        validate_assignment=True,
        # What is in a record may be secret, and an error may be logged.
        hide_input_in_errors=True,
    )

    version: Literal[3] = 3
    status: Status = "published"
    # Day of the operator's written consent to a public address, accepted by a person.
    consent_on: date | None = None
    # Of its phones and mailboxes, those that a person gave to the public, whatever hides them.
    shown: tuple[str, ...] = ()
    # Communes that a person said it has, one by one or with all of a territory.
    communes_said: tuple[str, ...] = ()

    def said_with(self, more: Iterable[str], less: Iterable[str]) -> tuple[str, ...]:
        """Return the communes that a person said, with those that they add and take now."""
        return tuple(sorted({*self.communes_said, *more} - {*less}))


class Origin(Lean):
    """What wrote a field: a line of a list, or a person; of two, the higher rank stays.

    refused: digests of what lists said otherwise as a person wrote it (app/records/said.py).
    how: who said so to a person: the actor by the link of a mail, by
    telephone, or at a meeting of those who steer.
    """

    model_config = ConfigDict(frozen=True)

    source: UUID | Literal["staff"]
    file: UUID | None = None
    # Of a workbook.
    sheet: str | None = None
    line: int | None = None
    day: date
    rank: int
    # Former releases noted none.
    refused: tuple[str, ...] | None = None
    how: Literal["own", "call", "meeting"] | None = None


# Field of the record -> its origin.
Provenance = dict[str, Origin]


class Change(NamedTuple):
    """What a field was and is; origin: what had written the value before, or None."""

    before: Any
    after: Any
    origin: Origin | None = None


def withholds(record: ActorRecord, changes: Mapping[str, Change]) -> bool:
    """Return whether a phone or a mailbox that a record had before some changes is withheld now."""
    if (unpublished := changes.get("unpublished")) is None:
        return False
    given: set[str] = set()
    for name in ("phones", "emails"):
        given.update(changes[name].before if name in changes else getattr(record, name))
    return not given.isdisjoint({*unpublished.after} - {*unpublished.before})


def is_hidden(level: Level | None, status: Status) -> bool:
    """Return whether anything of an actor is hidden, or it was never to be public."""
    return level is not None or status in ("draft", "secret")
