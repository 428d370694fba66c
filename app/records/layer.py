"""What professionals read of an actor beside what the public does, looked at as it is shown.

No public record has it, so that no list, map, search, file or embed can: it is opened for one page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.hours.words import describe
from app.models import Actor, ActorProtected
from app.records.causes import withheld
from app.records.naming import hidden_among, hidden_sheets, named_in, says_point
from app.records.projection import betrays
from app.records.readers import HOURS, LINES, TEXTS, Chosen, read_chosen, values_of
from app.records.sealed import open_causes, open_record
from app.records.viewing import Seen
from app.search.facet_types import ages_in_words
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers import vocabulary


@dataclass(frozen=True, slots=True)
class Layer:
    """referral: how one refers somebody, on which conditions; referrers: who may. lines: numbers
    that the public does not read, E.164; duty_hours: when somebody answers while the office does
    not, line by line.
    """

    referral: str | None = None
    referrers: str | None = None
    lines: tuple[str, ...] = ()
    duty_hours: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether professionals read no more than the public."""
        return self == Layer()


def read_layer(session: Session, vault: Vault, viewer: Viewer, actor_id: UUID) -> Layer:
    """Return what a professional reads of an actor whose sheet says more than its family."""
    seen = _seen(session, vault, viewer, actor_id)
    if seen is None or seen.level not in (None, "held"):
        return Layer()
    chosen = read_chosen(session, vault, actor_id)
    shown = _Shown(session, vault, viewer, seen, chosen)
    lines = tuple(shown.lines())
    # Hours of a number that nobody was given say nothing.
    hours = shown.text(HOURS) if lines else None
    referral, referrers = map(shown.text, TEXTS)
    return Layer(referral, referrers, lines, describe(hours) if hours else ())


@dataclass(frozen=True, slots=True)
class Description:
    """What a neutral sheet is, in words; nothing of its name, its place or its numbers."""

    category: str | None = None
    functions: tuple[str, ...] = ()
    ages: str | None = None


def read_description(
    session: Session, vault: Vault, viewer: Viewer, actor_id: UUID, *, agreed: bool
) -> Description:
    """Return what a professional reads of a neutral sheet; agreed: by its operator."""
    seen = _seen(session, vault, viewer, actor_id) if agreed else None
    if seen is None or seen.level != "neutral":
        return Description()
    record, words = seen.record, vocabulary.load()

    def reads(field: str) -> bool:
        return viewer.reads(field, neutral=True, chosen="professionnel")

    functions = record.functions if reads("functions") else ()
    return Description(
        words.categories[record.category].label if reads("category") else None,
        tuple(words.functions[each].label for each in functions if each in words.functions),
        ages_in_words(record.age_min, record.age_max) if reads("ages") else None,
    )


def _seen(session: Session, vault: Vault, viewer: Viewer, actor_id: UUID) -> Seen | None:
    columns = (ActorProtected.level, ActorProtected.causes, Actor.public_id)
    statement = viewer.read_in_part().add_columns(*columns).where(Actor.id == actor_id)
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    _, record, level, causes, public_id = row
    known = open_record(vault, actor_id, record), level, open_causes(vault, actor_id, causes)
    return Seen(actor_id, public_id, *known)


@dataclass(frozen=True, slots=True)
class _Shown:
    session: Session
    vault: Vault
    viewer: Viewer
    seen: Seen
    chosen: Chosen

    def text(self, field: str) -> str | None:
        """Return a text, unless it is not to be read, or would give somebody hidden away."""
        for text in values_of(self.seen.record, field):
            if self._reads(field, text) and not self._betrays(text):
                return text
        return None

    def lines(self) -> Iterable[str]:
        """Yield the numbers that a person gave, but for those of a home beside it."""
        shared = withheld(self.seen.causes)
        for number in values_of(self.seen.record, LINES):
            mark = ("phone", number)
            is_given = self._reads(LINES, number) and mark not in shared
            if is_given and not hidden_among(self.session, self.vault, {mark}):
                yield number

    def _reads(self, field: str, value: str) -> bool:
        chosen = self.chosen.of(field, value)
        return self.viewer.reads(field, neutral=False, chosen=chosen)

    def _betrays(self, text: str) -> bool:
        """Return whether a text leads to somebody hidden: its own actor, or another one."""
        held = self.seen.level == "held"
        if says_point(text) or (held and betrays(self.seen.record, text, self.seen.causes)):
            return True
        named = named_in((text,))
        hidden = hidden_among(self.session, self.vault, named)
        return bool(hidden | hidden_sheets(self.session, named))
