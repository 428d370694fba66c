"""A doubtful line beside the actors that it may be, as far as its reader has both open.

That of a référent is a new line as any other: nothing here is shown to them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.lists.deposit_problems import hidden_now
from app.lists.pair_effects import Effect, Foretelling, foretelling
from app.lists.review import Line
from app.lists.review_answers import NONE_OF_THEM
from app.lists.review_values import said_of_new
from app.models import Role
from app.records.opening import lines_read, open_ones
from app.records.reasons import Reason, weighed
from app.records.record import ActorRecord
from app.records.sheets import is_protected
from app.records.spelling import is_spelling
from app.records.viewing import Seen, see_these
from app.records.wording import FIELDS, said
from app.vault.sealing import Vault
from app.visibility import Viewer

# What was read of a place, and no word of its own; the address has its parts.
_LEFT = frozenset({"status", "street", "postcode", "city", "commune", "precision", "lon", "lat"})


@dataclass(frozen=True, slots=True)
class Compared:
    """A field of a line and of a known actor, in words. spelled: one thing, in two ways.

    effect: what becomes of it on the sheet if they are one.
    """

    label: str
    line: str
    actor: str
    spelled: bool
    effect: Effect | None = None

    @property
    def differs(self) -> bool:
        """Say whether both say something, and not the same."""
        return bool(self.line and self.actor) and not self.is_same

    @property
    def is_same(self) -> bool:
        """Say whether both say the same."""
        return self.spelled or self.line == self.actor


@dataclass(frozen=True, slots=True)
class Candidate:
    """An actor that a line may be. record: None as long as it is masked, of which nothing is said.

    number: its place, by which it is answered. fields: none of a masked line either.
    """

    number: int
    actor_id: UUID
    public_id: str
    record: ActorRecord | None
    reasons: list[Reason]
    fields: list[Compared]

    @property
    def shared(self) -> list[Compared]:
        """Return the fields of which both say the same, and of which nothing is hidden by it."""
        return [each for each in self.fields if each.is_same and each.effect != "hides"]

    @property
    def single(self) -> list[Compared]:
        """Return the fields that one of both alone says: they tell nothing of whether it is one."""
        return [
            each
            for each in self.fields
            if bool(each.line) != bool(each.actor) and each.effect != "hides"
        ]

    @property
    def decisive(self) -> list[Compared]:
        """Return the fields that tell who is who, their names aside, which stand above, where the
        sheet's stays.
        """
        aside = [*self.shared, *self.single]
        name = FIELDS["name"]
        return [
            each
            for each in self.fields
            if each not in aside and not (each.label == name and each.effect in (None, "stays"))
        ]

    @property
    def is_foretold(self) -> bool:
        """Say whether it is known what becomes of its fields."""
        return any(each.effect for each in self.fields)


@dataclass(frozen=True, slots=True)
class Beside:
    """A line and whom it may be. masked: its values are, until its cells are read, or those are
    open. asks: whether its reader may answer. answer: what somebody answered.
    """

    candidates: list[Candidate]
    said: Mapping[str, Any]
    masked: bool
    asks: bool
    answer: int | None

    @property
    def answered(self) -> str:
        """Return what was answered, in words."""
        if self.answer is None:
            return ""
        if self.answer == NONE_OF_THEM:
            return "Deux acteurs" if len(self.candidates) == 1 else "Aucun d’eux"
        return "Le même acteur" if len(self.candidates) == 1 else f"Le n° {self.answer}"


def beside(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    who: str,
    deposit: UUID,
    now: datetime,
    lines: Iterable[Line],
) -> dict[UUID, Beside]:
    """Return lines beside whom they may be, of a curateur's; who: as the journal names them."""
    asked = [each for each in lines if each.content.get("pair")]
    if viewer.role is not Role.CURATEUR or not asked:
        return {}
    pairs = [each.content["pair"] for each in asked]
    # Of an actor that was erased since no id is left.
    ids = {UUID(other["id"]) for pair in pairs for other in pair["others"] if other["id"]}
    seen, opened = see_these(session, vault, viewer, ids), open_ones(session, who, now)
    read = {
        (each.get("feuille"), each.get("ligne"))
        for each in lines_read(session, vault, who, deposit, now)
    }
    marks = [{"marks": pair["marks"]} for pair in pairs]
    foretold = foretelling(session, vault, deposit, seen)
    _, hidden = hidden_now(session, marks, opened)
    return {
        line.id: _of(
            line,
            seen,
            opened,
            foretold,
            masked=(line.turns or not hidden.isdisjoint(line.content["pair"]["marks"]))
            and (line.content.get("sheet"), line.line) not in read,
        )
        for line in asked
    }


def _of(
    line: Line,
    seen: Mapping[UUID, Seen],
    opened: AbstractSet[UUID],
    foretold: Foretelling,
    *,
    masked: bool,
) -> Beside:
    pair, known = line.content["pair"], []
    for number, other in enumerate(pair["others"], 1):
        actor = seen.get(UUID(other["id"])) if other["id"] else None
        if actor is not None:
            known.append((number, actor, other["because"]))
    closed = {actor.actor_id for _, actor, _ in known if _is_masked(actor, opened)}
    masked = masked or bool(closed)
    return Beside(
        [
            _candidate(
                *each,
                {} if masked else pair["said"],
                {} if masked else foretold.of(each[1], pair),
                masked=each[1].actor_id in closed,
            )
            for each in known
        ],
        {} if masked else pair["said"],
        masked,
        line.actor_id is None and bool(known) and not closed,
        line.answer,
    )


def _is_masked(actor: Seen, opened: Collection[UUID]) -> bool:
    return is_protected(actor.level, actor.record.status) and actor.actor_id not in opened


def _candidate(
    number: int,
    actor: Seen,
    because: str,
    line: Mapping[str, Any],
    effects: Mapping[str, Effect],
    *,
    masked: bool,
) -> Candidate:
    return Candidate(
        number,
        actor.actor_id,
        actor.public_id,
        None if masked else actor.record,
        # Beside an open actor a reason would say where a masked line is.
        [] if masked or not line else weighed(because),
        [] if masked else list(_compared(line, said_of_new(actor.record), effects)),
    )


def _compared(
    line: Mapping[str, Any], actor: Mapping[str, Any], effects: Mapping[str, Effect]
) -> Iterator[Compared]:
    here = line.get("commune") is not None and line.get("commune") == actor.get("commune")
    for name, label in FIELDS.items():
        if name in _LEFT or not (name in line or name in actor):
            continue
        mine, theirs = (" ".join(said(name, each.get(name)).split()) for each in (line, actor))
        spelled = is_spelling(name, line.get(name), actor.get(name), here=here)
        yield Compared(label, mine, theirs, spelled, effects.get(name))
