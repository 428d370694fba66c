"""The actors of a territory as visitors read them, each with what who steers it asks of it.

Of nobody else is anything said to a meeting, or on the page of who steers: both are for everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.gazetteer.queries import reached_elsewhere
from app.models import Commune
from app.search.ages import TODAY, age_of
from app.search.listed import is_named_by_a_list
from app.search.terms import FIELDS, due_on
from app.visibility import published

COLUMNS = (
    *("public_id", "slug", "name", "category", "functions", "territory_code"),
    *("covers_territories", "email"),
    *("verified_on", "register", "protected"),
    *FIELDS,
)


@dataclass(frozen=True, slots=True)
class Here:
    """An actor of a territory. age: the code of its band; due_on: None where no day was confirmed.

    seated: its seat is there; whole: it says that it covers all of it. listed: a list names it.
    """

    public_id: str
    slug: str
    name: str
    category: str
    functions: tuple[str, ...]
    phones: tuple[str, ...]
    email: str | None
    town: str
    verified_on: date | None
    due_on: date | None
    age: str
    from_register: bool
    protected: bool
    territory: str
    seated: bool
    whole: bool
    listed: bool

    @property
    def url(self) -> str:
        """Return the address of its sheet."""
        return f"/acteurs/{self.public_id}/{self.slug}"


def read_here(session: Session, territory: str, today: date) -> list[Here]:
    """Return who is in a territory or covers some of it, by name, as coverage counts them.

    Those who cover all of France are in no territory.
    """
    actor = published()
    column = actor.c
    elsewhere = reached_elsewhere(actor.alias("reaching"), nationwide=False)
    visiting = select(elsewhere.c.public_id).where(elsewhere.c.code == territory)
    statement = (
        select(
            *(column[name] for name in COLUMNS),
            Commune.name.label("town"),
            age_of(actor).label("age"),
            is_named_by_a_list(actor).label("listed"),
        )
        .outerjoin(Commune, Commune.code == column.commune_code)
        .where(
            ~column.covers_national,
            or_(column.territory_code == territory, column.public_id.in_(visiting)),
        )
        .order_by(column.folded, column.public_id)
    )
    rows = session.execute(statement, {TODAY.key: today}).mappings()
    return [_here(row, territory) for row in rows]


def read_nationwide(session: Session) -> Mapping[str, int]:
    """Return function -> how many cover all of France."""
    actor = published()
    function = func.unnest(actor.c.functions).label("function")
    each = select(function).where(actor.c.covers_national).subquery()
    counted = select(each.c.function, func.count()).group_by(each.c.function)
    return dict(session.execute(counted).all())


def _here(row: Mapping[Any, Any], territory: str) -> Here:
    category, day = row["category"], row["verified_on"]
    return Here(
        public_id=row["public_id"],
        slug=row["slug"],
        name=row["name"],
        category=category,
        functions=tuple(row["functions"]),
        phones=tuple(row["phones"]),
        email=row["email"],
        town=row["town"] or "",
        verified_on=day,
        due_on=due_on(category, row, day) if day and not row["register"] else None,
        age=row["age"],
        from_register=row["register"] is not None,
        protected=row["protected"],
        territory=row["territory_code"],
        seated=row["territory_code"] == territory,
        whole=territory in row["covers_territories"],
        listed=row["listed"],
    )
