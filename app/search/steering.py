"""Who steers the policy of a territory against the exploitation of minors, role by role."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gazetteer.queries import reached_elsewhere
from app.platform.database.sessions import among
from app.search.here import Here
from app.visibility import published
from importers import vocabulary
from importers.vocabulary import SPECIALITY, Category

# Who has a part in it, in the order of the paper of a meeting: codes of categories.
STEERING = (
    *("cdlp", "prefecture", "droits_femmes", "ase", "crip", "odpe", "pjj", "justice"),
    *("police", "gendarmerie", "uaped", "epreed", "education"),
)


@dataclass(frozen=True, slots=True)
class Steering:
    """A category that steers. actors: those whom somebody verified come first, then those who
    cover the whole territory.
    """

    category: Category
    actors: tuple[Here, ...]


@dataclass(frozen=True, slots=True)
class Unsteered:
    """A category that steers. territories: where nobody of it is known, code -> name."""

    category: Category
    territories: Mapping[str, str]


def steering_of(actors: Iterable[Here]) -> tuple[Steering, ...]:
    """Return each category that steers with those of some actors who are of it, if any."""
    known, here = vocabulary.load().categories, list(actors)
    return tuple(Steering(known[code], _first(here, code)) for code in STEERING)


def read_unsteered(session: Session, names: Mapping[str, str]) -> tuple[Unsteered, ...]:
    """Return where nobody steers that visitors know, by category. names: of territories, by code.

    Somebody is known where their seat is, and where they cover some of it, as lists count them.
    """
    actor = published()
    steers = among(actor.c.category, STEERING), ~actor.c.covers_national
    here = select(actor).where(*steers).cte("steering")
    elsewhere = reached_elsewhere(here, nationwide=False)
    reached = select(here.c.category, elsewhere.c.code).join(
        elsewhere, elsewhere.c.public_id == here.c.public_id
    )
    rows = session.execute(select(here.c.category, here.c.territory_code).union(reached))
    found = {(category, code) for category, code in rows}
    known = vocabulary.load().categories
    return tuple(
        Unsteered(known[each], {code: names[code] for code in names if (each, code) not in found})
        for each in STEERING
    )


def _first(actors: Iterable[Here], category: str) -> tuple[Here, ...]:
    def rank(each: Here) -> tuple[bool | int, ...]:
        day = each.verified_on
        # What a register alone says, nobody of the table stands for.
        unverified = each.from_register or day is None
        reaches = (not each.whole, not each.seated, SPECIALITY not in each.functions)
        return (unverified, *reaches, not each.phones, -day.toordinal() if day else 0)

    return tuple(sorted((each for each in actors if each.category == category), key=rank))
