"""Two actors that may be one as a person reads them: what both say, and whose value is better."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.records.doubles import Double
from app.records.given import by_name_alone, withheld_here_alone
from app.records.history import last_revisions
from app.records.merging import Option, Said, options, same
from app.records.opening import open_ones
from app.records.reasons import Reason
from app.records.record import ActorRecord, Origin
from app.records.sealed import origins_of
from app.records.sheets import is_protected
from app.records.viewing import Seen, see_these
from app.vault.sealing import Vault
from app.visibility import Viewer


class SaidBy(NamedTuple):
    """A source, as far as the values of a pair are told apart by it."""

    source: UUID | Literal["staff"]
    day: date
    rank: int


@dataclass(frozen=True, slots=True)
class Side:
    """One of two. record: None as long as it is masked. revision: of its last change."""

    actor_id: UUID
    public_id: str
    name: str
    city: str
    territory: str
    status: str
    revision: int
    is_protected: bool
    record: ActorRecord | None
    provenance: dict[str, Origin]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that may be one. options: what they say otherwise; both: what they say both.

    Nothing is said of either as long as one of them is masked, nor why they may be one. Who is
    named in a record, or withheld, is not read here.
    """

    id: UUID
    first: Side
    second: Side
    put_off: bool
    reasons: list[Reason]
    options: list[Option]
    both: list[tuple[str, str]]

    @property
    def sides(self) -> tuple[Side, Side]:
        """Return both, the one that stays in front."""
        return self.first, self.second

    @property
    def better_named(self) -> Side | None:
        """Return the one whose name is proposed, None where both have the same."""
        sides = {"first": self.first, "second": self.second}
        return next((sides[each.better] for each in self.options if each.name == "name"), None)

    @property
    def origins(self) -> tuple[SaidBy | None, SaidBy | None]:
        """Return who said what each says otherwise, None where several did, or nobody."""
        return (
            _only(each.by_first for each in self.options if each.first),
            _only(each.by_second for each in self.options if each.second),
        )

    @property
    def is_said_above(self) -> bool:
        """Say whether who said it is said once of each, and not beside every value."""
        return None not in self.origins

    @property
    def is_masked(self) -> bool:
        """Say whether one of them has to be opened first."""
        return any(each.record is None for each in self.sides)

    @property
    def is_protected(self) -> bool:
        """Say whether something of one of them is hidden."""
        return any(each.is_protected for each in self.sides)

    @property
    def seen(self) -> str:
        """Return what a person sends back who decides of both as they read them."""
        return f"{self.first.revision}.{self.second.revision}"


def _only(found: Iterable[Origin | None]) -> SaidBy | None:
    said = {SaidBy(each.source, each.day, each.rank) if each else None for each in found}
    return said.pop() if len(said) == 1 else None


def show(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    who: str,
    now: datetime,
    found: Iterable[Double],
) -> list[Pair]:
    """Return pairs as their reader has them open; who: as the journal names them."""
    doubles = list(found)
    ids = {actor for each in doubles for actor in (each.first, each.second)}
    seen, opened = see_these(session, vault, viewer, ids), open_ones(session, who, now)
    origins = origins_of(session, vault, ids)
    numbers = last_revisions(session, [each.public_id for each in seen.values()])
    sides = {
        actor: _side(each, numbers, origins, opened=actor in opened) for actor, each in seen.items()
    }
    both = [
        (each, sides[each.first], sides[each.second])
        for each in doubles
        if {each.first, each.second} <= sides.keys()
    ]
    by_name = by_name_alone(session, vault, _asked(two for _, *two in both))
    return [_pair(*each, by_name) for each in both]


def _asked(pairs: Iterable[Iterable[Side]]) -> dict[UUID, frozenset[str]]:
    """Return the numbers that some withhold and that those that they may be give to anybody."""
    found: dict[UUID, frozenset[str]] = {}
    for one, other in pairs:
        if one.record and other.record:
            for side, mine, theirs in (
                (one, one.record, other.record),
                (other, other.record, one.record),
            ):
                known = found.get(side.actor_id, frozenset())
                found[side.actor_id] = known | withheld_here_alone(mine, theirs)
    return found


def _side(
    seen: Seen, numbers: dict[str, int], origins: dict[UUID, dict[str, Origin]], *, opened: bool
) -> Side:
    record = seen.record
    protected = is_protected(seen.level, record.status)
    is_open = opened or not protected
    return Side(
        seen.actor_id,
        seen.public_id,
        record.name,
        # As its list writes it, with whatever else stands there.
        (record.city or "") if is_open else "",
        record.territory,
        record.status,
        numbers.get(seen.public_id, 0),
        protected,
        record if is_open else None,
        origins.get(seen.actor_id, {}),
    )


def _pair(
    double: Double, first: Side, second: Side, by_name: Mapping[UUID, frozenset[str]]
) -> Pair:
    pair = Pair(double.id, first, second, double.put_off, [], [], [])
    if first.record is None or second.record is None:
        return pair
    said = [
        Said(
            record,
            side.provenance,
            is_open=side.status == "published" and not side.is_protected,
            by_name=by_name.get(side.actor_id, frozenset()),
        )
        for side, record in ((first, first.record), (second, second.record))
    ]
    pair.reasons.extend(double.reasons)
    # Of what reads the same, the better one is taken without a word.
    pair.options.extend(each for each in options(*said) if each.first != each.second)
    pair.both.extend(same(*said))
    return pair
