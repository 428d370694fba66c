"""Why an actor is protected: its causes, and how much of it they leave public.

A list adds causes, and those that it says no more end; an ended cause still hides, until a person
dismisses it. So nothing becomes public but by a person.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.models.protected import Level
from app.records.record import ActorRecord, Status
from importers import vocabulary
from importers.row import Sign

Why = Literal[
    "category", "word", "mention", "secret", "person",
    "unclassified", "beside", "decision", "duplicate", "operator",
]  # fmt: skip
_STRICTNESS: dict[Level | None, int] = {None: 0, "held": 1, "neutral": 2, "unlisted": 3}
_LEVEL: dict[Why, Level] = {
    "category": "neutral",
    "word": "neutral",
    "mention": "held",
    "secret": "neutral",
    "person": "neutral",
    "unclassified": "unlisted",
    "beside": "held",
    "decision": "neutral",
    "duplicate": "unlisted",
    "operator": "neutral",
}
_OF_SIGN: dict[str, Why] = {
    "houses": "word",
    "mentions": "mention",
    "secret": "secret",
    "person": "person",
}
# What the record itself tells.
OF_RECORD = frozenset({"category", "unclassified"})
# What the written consent of an operator answers, and what was judged of a place alone.
BY_CONSENT = frozenset({"category", "word", "mention"})
_OF_PLACE = BY_CONSENT | {"secret", "person", "decision", "operator"}
# Where a list says what an actor is.
_OF_CATEGORIES = frozenset({"category", "finess_category"})
# What hides more than a person does who protects.
_BEFORE_DECISION = frozenset(why for why, level in _LEVEL.items() if level == "unlisted")
# What leaves a person nothing to decide but what hides more.
_SETTLES = frozenset({"decision", "category"})
# What nothing else settles: what hides more, and an operator who waits to be called.
_UNSETTLED = _BEFORE_DECISION | {"operator"}
# What a sentence makes somebody ask, and no more.
DOUBTS = frozenset({"mention"})
# What makes an actor an accommodation, of which no neighbour may give the address away.
_OF_HOMES = frozenset({"category", "word", "decision", "operator"})


class Cause(BaseModel):
    """One reason to hide an actor.

    what: the code of its category, the word that was found, or the id of the home beside it or of
    the actor that it may be. field: where the word stands. source: the list that says it, None for
    the record itself and for persons. shared: "kind:value" of what it shares with the home; of a
    double, its whole name. ended_on: the day since which nothing says it. dismissed_on: the day a
    person said that it hides nothing; confirmed_on: that one said that it does, which nobody is
    asked again.
    """

    model_config = ConfigDict(frozen=True)

    why: Why
    what: str = ""
    field: str = ""
    source: UUID | None = None
    shared: tuple[str, ...] = ()
    since: date
    ended_on: date | None = None
    dismissed_on: date | None = None
    confirmed_on: date | None = None

    @property
    def subject(self) -> tuple[str, str, str]:
        """What a person who dismisses it has judged, whichever list says it."""
        return (self.why, self.what, self.field)


def of_record(record: ActorRecord, today: date) -> list[Cause]:
    """Return the causes that lie in what an actor is."""
    category = vocabulary.load().categories[record.category]
    if not category.publishable:
        return [Cause(why="unclassified", since=today)]
    if category.protected:
        return [Cause(why="category", what=category.code, since=today)]
    return []


def of_signs(signs: Iterable[Sign], source: UUID | None, today: date) -> list[Cause]:
    """Return the causes that words of a line are."""
    return [
        Cause(why=_OF_SIGN[sign.says], what=sign.word, field=sign.field, source=source, since=today)
        for sign in signs
    ]


def renewed(
    former: Iterable[Cause], now: Iterable[Cause], consent_on: date | None, today: date
) -> tuple[Cause, ...]:
    """Return the causes of now, each with the day since when it is known and its judgement.

    Those that nothing says any more end. What a person judged stays so if it is said again. One
    that had ended is known since it is said again, unless another line of that day left it out.
    """
    former, found = list(former), {}
    judged = {cause.subject: cause.dismissed_on for cause in former if cause.dismissed_on}
    confirmed = {cause.subject: cause.confirmed_on for cause in former if cause.confirmed_on}
    going_on = (cause for cause in former if cause.ended_on in (None, today))
    since = {(cause.subject, cause.source): cause.since for cause in going_on}
    for cause in now:
        day = judged.get(cause.subject)
        if day is None and consent_on is not None and cause.why in BY_CONSENT:
            day = consent_on
        known = {
            "since": since.get((cause.subject, cause.source), cause.since),
            "dismissed_on": day,
            "confirmed_on": None if day else confirmed.get(cause.subject),
        }
        found[cause.subject, cause.source] = cause.model_copy(update=known)
    said = {cause.subject for cause in found.values()}
    over = [
        each if each.dismissed_on or each.ended_on else each.model_copy(update={"ended_on": today})
        for each in former
        if each.subject not in said
    ]
    return (*found.values(), *over)


def active(causes: Iterable[Cause]) -> list[Cause]:
    """Return the causes that nobody dismissed, ended ones included."""
    return [cause for cause in causes if cause.dismissed_on is None]


def doubts_set_aside(causes: Iterable[Cause]) -> list[Cause]:
    """Return the doubts that a person found to be none, of what something else still hides."""
    left = list(causes)
    judged = [each for each in left if each.dismissed_on and each.why in DOUBTS]
    return judged if active(left) else []


def current(causes: Iterable[Cause]) -> list[Cause]:
    """Return the causes that something still says, dismissed or not."""
    return [cause for cause in causes if cause.ended_on is None]


def by_operator(causes: Iterable[Cause]) -> bool:
    """Return whether an operator's code hides an actor, which two people of the desk lift."""
    return any(each.why == "operator" for each in active(causes))


def all_ended(causes: Iterable[Cause]) -> bool:
    """Return whether an actor is hidden by causes that have all ended: to be proposed.

    Not where a person said that one of them hides, whatever lists say.
    """
    left = active(causes)
    return bool(left) and all(cause.ended_on and not cause.confirmed_on for cause in left)


def dismissed(causes: Iterable[Cause], today: date) -> tuple[Cause, ...]:
    """Return the causes as a person leaves them who says that none of them hides anything."""
    return tuple(cause if cause.dismissed_on else _dismissed(cause, today) for cause in causes)


def _dismissed(cause: Cause, today: date) -> Cause:
    return cause.model_copy(update={"dismissed_on": today, "confirmed_on": None})


def confirmed(causes: Iterable[Cause], today: date) -> tuple[Cause, ...]:
    """Return the causes as a person leaves them who says that all of them hide rightly."""
    return tuple(
        cause
        if cause.dismissed_on or cause.confirmed_on
        else cause.model_copy(update={"confirmed_on": today})
        for cause in causes
    )


class Judged(NamedTuple):
    """A reason that hides, with whether a person confirmed it, and whether nothing says it now."""

    why: str
    confirmed: bool
    ended: bool


def undecided(left: Iterable[Judged]) -> frozenset[str]:
    """Return which reasons wait for a person.

    Who decided to protect has answered all that hides no more than that, and so has a category that
    houses children, as long as something says it. Nobody has answered an operator by that.
    """
    known = list(left)
    settled = any(each.why in _SETTLES and not each.ended for each in known)
    return frozenset(
        each.why for each in known if not each.confirmed and (not settled or each.why in _UNSETTLED)
    )


def without_doubts(causes: Iterable[Cause], today: date) -> tuple[Cause, ...]:
    """Return the causes as a person leaves them who says that the doubts among them are none."""
    return tuple(
        _dismissed(cause, today) if cause.why in DOUBTS and not cause.dismissed_on else cause
        for cause in causes
    )


def classified(causes: Iterable[Cause], today: date) -> tuple[Cause, ...]:
    """Return the causes as a person leaves them who says what an actor is.

    What its category was, and the words of lists that said so, still hide it until they are
    dismissed.
    """
    return tuple(
        cause.model_copy(update={"ended_on": today, "confirmed_on": None})
        if cause.field in _OF_CATEGORIES and cause.ended_on is None
        else cause
        for cause in causes
        if cause.why != "unclassified"
    )


def two_actors(causes: Iterable[Cause], other: UUID, today: date) -> tuple[Cause, ...]:
    """Return the causes as a person leaves them who says that an actor is not another one."""
    return tuple(
        each.model_copy(update={"dismissed_on": today})
        if (each.why, each.what) == ("duplicate", str(other)) and not each.dismissed_on
        else each
        for each in causes
    )


def was_asked(causes: Iterable[Cause], other: UUID, *, answered: bool = False) -> bool:
    """Return whether an actor was asked about as one that may be another one; answered: and a
    person found that it is not.
    """
    return any(
        (each.why, each.what) == ("duplicate", str(other))
        and (each.dismissed_on is not None or not answered)
        for each in causes
    )


def of_both(first: Iterable[Cause], second: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return the causes of two that are one: what was judged of one still hides the other."""
    causes = (*first, *second)
    hiding = {each.subject for each in active(causes)}
    return tuple(
        each.model_copy(update={"dismissed_on": None}) if each.subject in hiding else each
        for each in causes
    )


def reopened(causes: Iterable[Cause], *, consented: bool) -> tuple[Cause, ...]:
    """Return the causes as they are once a list moved the actor: what was judged was elsewhere.

    consented: whether its operator had agreed to publish the place that it left. A word that a
    person found to say nothing says nothing elsewhere either.
    """
    whys = _OF_PLACE if consented else _OF_PLACE - {"word"}
    return tuple(
        cause.model_copy(update={"dismissed_on": None}) if cause.why in whys else cause
        for cause in causes
    )


def hidden_again(former: Iterable[Cause], now: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return the causes of now, with those that hid formerly and hide no more.

    Of the others, whether a person had confirmed them is as it was.
    """
    still = {(each.subject, each.source) for each in active(now)}
    back = {
        (each.subject, each.source): each
        for each in active(former)
        if (each.subject, each.source) not in still
    }
    days = {(each.subject, each.source): each.confirmed_on for each in active(former)}
    others = (
        each.model_copy(update={"confirmed_on": days[key]}) if key in days else each
        for each in now
        if (key := (each.subject, each.source)) not in back
    )
    return (*others, *back.values())


def hidden_as_then(
    then: Iterable[Cause], now: Iterable[Cause], *, moves: bool
) -> tuple[Cause, ...]:
    """Return the causes of now, with those that hid more of a version which is written again.

    moves: whether it gives another place: of a held one nothing else was hidden. What only waited
    for a class, or for two to be told apart, was decided since.
    """
    now = tuple(now)
    lasting = [each for each in then if each.why not in _BEFORE_DECISION]
    level = level_of(lasting)
    if not raised(level_of(now), level) or (level == "held" and not moves):
        return now
    return hidden_again(lasting, now)


def level_of(causes: Iterable[Cause]) -> Level | None:
    """Return how much the causes hide; None where they hide nothing."""
    levels = (_LEVEL[cause.why] for cause in active(causes))
    return max(levels, key=_STRICTNESS.__getitem__, default=None)


def lasting_level(causes: Iterable[Cause]) -> Level | None:
    """Return how much stays hidden once an actor is classified and found to be no double."""
    return level_of(cause for cause in causes if cause.why not in _BEFORE_DECISION)


def raised(former: Level | None, now: Level | None) -> bool:
    """Return whether more is hidden now."""
    return _STRICTNESS[now] > _STRICTNESS[former]


def is_neutral(level: Level | None) -> bool:
    """Return whether the public record may say the family alone, or nothing."""
    return level in ("neutral", "unlisted")


def is_home(status: Status | None, causes: Iterable[Cause]) -> bool:
    """Return whether an actor is a home that neighbours could give away, or may be by its name."""
    homes = (c for c in active(causes) if c.why in _OF_HOMES or (c.why == "duplicate" and c.shared))
    return status != "archived" and any(homes)


def doubles(causes: Iterable[Cause]) -> list[UUID]:
    """Return the actors that one may be, and that nobody found it not to be."""
    # One that was erased has no id any more.
    return [UUID(each.what) for each in active(causes) if each.why == "duplicate" and each.what]


def withheld(causes: Iterable[Cause]) -> set[tuple[str, str]]:
    """Return the marks that an actor shares with an accommodation: (kind, value)."""
    parts = (each.partition(":") for cause in active(causes) for each in cause.shared)
    return {(kind, value) for kind, _, value in parts}
