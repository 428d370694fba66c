"""When actors of a search were first seen public: the news of it, of whom no protected one is.

A neutral sheet appears on the day on which a public one disappears, and would tell who that was.
"""

from typing import Any

from sqlalchemy import Select, and_, select

from app.models import FirstSeen
from app.search.criteria import Search
from app.search.facet_types import Opening
from app.search.facets import OPENING
from app.search.selection import chosen
from app.visibility import published


def lasting(search: Search) -> Search:
    """Return what of a search somebody may be told of: not its page, its order, nor the hour."""
    found = search.but(followed_by=None, order=None, descending=False, view="", ground="")
    if found.open_now:
        rest = tuple(each for each in found.values(OPENING.name) if each != Opening.NOW)
        found = found.but(**{OPENING.name: rest})
    return found


def first_seen(search: Search) -> Select[Any]:
    """Return the actors of a lasting search, by their public ids, beside when each was seen."""
    actor = published()
    known = and_(FirstSeen.domain == "acteurs", FirstSeen.public_id == actor.c.public_id)
    return (
        select(actor.c.public_id)
        .join(FirstSeen, known)
        .where(~actor.c.protected, chosen(actor, search))
    )
