"""Which stored actors a line may be without being one of them for sure: a person is asked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from app.lists.bearers import REACHED, shared_marks
from app.lists.public_doubts import PublicDoubts, shared
from app.lists.reading import Reading
from app.lists.stored_marks import StoredMarks
from app.records.causes import was_asked
from app.records.lines import found_two
from app.records.said_by_lines import houses
from app.records.writing import Writer
from geo.text import fold
from importers.matching import Keys, holders

# These name one actor, where one line alone has them.
NUMBERS = {"finess": "même FINESS", "siret": "même SIRET", "rna": "même RNA"}
# From 0 to 100, of two names.
SIMILAR = 80
# A name of few letters is no proper one.
_NAMES = frozenset({"named", "proper"})
_OF_A_HOME = "le nom d'un lieu caché de la même commune"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that may be another stored actor; line: its place among those of the list.

    hides: it is not published before a person says that they are two; hides_other: the stored one
    is not, since the line houses children and has its name. bears: the whole name, of a home.
    are_two: a person found that they are two.
    """

    line: int
    other: UUID
    because: str
    hides: bool
    hides_other: bool
    bears: bool
    are_two: bool = False


class Doubts:
    """Compares new lines with stored actors.

    missing: those that their own list misses today; present: those that other lines of it are.
    """

    def __init__(
        self,
        session: Session,
        writer: Writer,
        reading: Reading,
        stored: StoredMarks,
        missing: Collection[UUID],
        present: Collection[UUID],
    ) -> None:
        self._session, self._writer, self._reading, self._stored = session, writer, reading, stored
        self._missing, self._present = missing, present
        self._kinds = ("identity", "named", "proper", "address", *REACHED, *NUMBERS)

    def of(self, new: Mapping[int, Keys]) -> Iterator[Doubt]:
        """Yield what is doubtful of new lines."""
        stored = self._stored
        pairs = shared_marks(new, stored.keys, self._kinds, stored.hidden, self._missing)
        public = PublicDoubts(
            self._session, self._writer.gazetteer, self._reading, pairs, new, self._present
        )
        judged = set()
        for doubt in self._of_marks(pairs, public):
            judged.add((doubt.line, doubt.other))
            yield doubt
        for number, actor, because in public.of():
            if (number, actor) not in judged:
                yield Doubt(number, actor, because, hides=False, hides_other=False, bears=False)

    def _of_marks(
        self, pairs: Mapping[tuple[int, UUID], set[str]], public: PublicDoubts
    ) -> Iterator[Doubt]:
        likely = {pair: kinds for pair, kinds in pairs.items() if self._likely(pair, kinds)}
        others = self._writer.stored({actor for _, actor in likely})
        for (number, actor), kinds in likely.items():
            name = others[actor].record.name
            because = self._because(
                number, actor, kinds, name, public=public.is_public(number, actor)
            )
            if because is not None:
                hides = actor in self._missing or actor in self._stored.hidden
                home = houses(self._reading.lines[number].row)
                namesake = not kinds.isdisjoint(_NAMES)
                # Whatever else hides it: somebody may answer that alone.
                other = home and namesake and not others[actor].houses
                bears = "named" in kinds and (home or others[actor].houses)
                yield Doubt(number, actor, because, hides and not home, other, bears)

    def named_as(self, changed: Mapping[int, UUID]) -> Iterator[Doubt]:
        """Yield who has the name of a known actor that houses children, as a changed line says, and
        which known actor takes by its line the name of a hidden one.

        What a person judged of them before stays judged.
        """
        lines = self._reading.lines
        rows = {number: (lines[number].row, actor) for number, actor in changed.items()}
        found = self._stored.known_of(self._stored.names_written(self._writer, rows), set())
        proper, whole = (holders(self._stored.keys, kind) for kind in ("proper", "named"))
        homes = {number for number in changed if houses(lines[number].row)}
        pairs: dict[tuple[int, UUID], bool] = {}
        for number, keys in found.items():
            names, actor = keys.get("named", frozenset()), changed[number]
            bearing = {each for name in names for each in whole.get(name, ())}
            others = {each for name in keys.get("proper", ()) for each in proper.get(name, ())}
            others = (others | bearing) - {actor}
            if number not in homes:
                others = set() if actor in bearing else others & self._stored.hidden
            for other in others:
                pairs[number, other] = other in bearing
        both = {each for number, other in pairs for each in (changed[number], other)}
        stored = self._writer.stored(both)
        for (number, other), bears in pairs.items():
            one, another = stored[changed[number]], stored[other]
            is_home = number in homes
            if found_two(one, another) or (another if is_home else one).houses:
                continue
            if is_home and not was_asked(another.causes, one.actor_id):
                yield Doubt(number, other, _OF_A_HOME, hides=False, hides_other=True, bears=bears)
            elif not is_home:
                bears = bears and another.houses
                yield Doubt(number, other, _OF_A_HOME, hides=True, hides_other=False, bears=bears)

    def _likely(self, pair: tuple[int, UUID], kinds: set[str]) -> bool:
        """Return whether a pair is worth opening the record of the stored actor."""
        number = pair[1] in self._missing and not kinds.isdisjoint(NUMBERS)
        return (
            number
            or self._moved(pair[1], kinds)
            or "named" in kinds
            or ("proper" in kinds and self._names_a_home(*pair))
            or ("address" in kinds and bool(kinds & {"phone", "mail"}))
        )

    def _names_a_home(self, number: int, actor: UUID) -> bool:
        return actor in self._stored.hidden or houses(self._reading.lines[number].row)

    def _moved(self, actor: UUID, kinds: set[str]) -> bool:
        """Return whether it may be a hidden actor under another name, at another place."""
        hidden = actor in self._missing and actor in self._stored.hidden
        return hidden and not kinds.isdisjoint(REACHED)

    def _because(
        self, number: int, actor: UUID, kinds: set[str], name: str, *, public: bool
    ) -> str | None:
        row = self._reading.lines[number].row
        reasons: list[str] = []
        if actor in self._missing:
            numbers = [label for kind, label in NUMBERS.items() if kind in kinds]
            same = numbers or _seated(kinds) or self._moved(actor, kinds)
            reasons = [*numbers, *shared(kinds)] if same else []
            reasons += ["absent de la liste où cette fiche arrive"] if reasons else []
        if not reasons and "identity" in kinds:
            reasons = ["même nom et même adresse"]
        if not reasons and "named" in kinds:
            more = shared(kinds - {"address"})
            doubled = actor in self._stored.hidden or more or not row.street
            reasons = ["même nom, même commune", *more] if doubled else []
        if not reasons and not kinds.isdisjoint(_NAMES) and self._names_a_home(number, actor):
            reasons = [_OF_A_HOME]
        part = actor not in self._stored.hidden and _is_part(row.name, name)
        if not reasons and not public and {"phone", "address"} <= kinds and not part:
            close = fuzz.ratio(fold(row.name), fold(name)) >= SIMILAR
            reasons = [*shared(kinds), "noms proches"] if close else []
        return ", ".join(reasons) or None


def _is_part(name: str, of: str) -> bool:
    """Return whether a name says that it is a part of another actor: "UAPED – Hôpital X"."""
    return name.endswith(f" – {of}")


def _seated(kinds: set[str]) -> bool:
    return "address" in kinds and bool(kinds & {"phone", "mail"})
