"""Communes where nobody is known to be in charge, or where registers do not agree who is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from app.models import Commune, Competence
from app.search.agreement import doubted
from app.search.conditions import is_one_of
from app.search.holders import COVERS, Function, functions, places_of
from app.visibility import published


@dataclass(frozen=True, slots=True)
class Gap:
    """A commune where nobody is known for a role, or nobody is sure."""

    role: Function
    territory: str
    commune: str
    name: str


def gaps(session: Session, territory: str | None = None) -> Iterator[Gap]:
    """Yield the communes without anybody in charge, role by role; territory: its code."""
    places = select(Commune.code, Commune.name, Commune.territory_code, Commune.epci_code)
    if territory is not None:
        places = places.where(Commune.territory_code == territory)
    communes = session.execute(places.order_by(Commune.territory_code, Commune.code)).all()
    actor = published()
    codes = [code for role in functions() for code in role.categories]
    columns = ("category", "functions", "territory_code", *COVERS)
    statement = select(*(actor.c[name] for name in columns))
    # Who is protected covers nothing that anybody may read.
    wanted = statement.where(is_one_of(actor.c.category, codes), ~actor.c.protected)
    rows = session.execute(wanted).mappings().all()
    said = _said(session)
    for role in functions():
        if (covered := _covered(role, rows)) is None:
            continue
        covered |= {commune for commune, category in said if category in role.categories}
        for code, name, own, epci in communes:
            if not (code in covered or own in covered or epci in covered):
                yield Gap(role, own, code, name)


def differences(session: Session, territory: str | None = None) -> Iterator[Gap]:
    """Yield the communes where two registers differ, role by role; territory: its code."""
    actor, named = published(), Competence.__table__
    statement = (
        select(actor.c.category, Commune.territory_code, Commune.code, Commune.name)
        .join(named, named.c.public_id == actor.c.public_id)
        .join(Commune, Commune.code == named.c.commune_code)
        .where(doubted(actor, named.c.commune_code))
        .order_by(Commune.territory_code, Commune.code)
    )
    if territory is not None:
        statement = statement.where(Commune.territory_code == territory)
    rows = session.execute(statement).all()
    for role in functions():
        here = (place for category, *place in rows if category in role.categories)
        for place in dict.fromkeys(map(tuple, here)):
            yield Gap(role, *place)


def count_gaps(session: Session, territory: str | None = None) -> Counter[tuple[str, str]]:
    """Return for how many communes nobody is known, by territory and role, as gaps() has them."""
    return Counter((each.territory, each.role.code) for each in gaps(session, territory))


def communes_of(session: Session) -> dict[str, int]:
    """Return how many communes each territory has, by its code."""
    statement = select(Commune.territory_code, func.count()).group_by(Commune.territory_code)
    return dict(session.execute(statement).all())


def _said(session: Session) -> set[tuple[str, str]]:
    """Return for which communes a register names a public actor, and of which category."""
    actor = published()
    statement = (
        select(Competence.commune_code, actor.c.category)
        .join(actor, actor.c.public_id == Competence.public_id)
        .where(~actor.c.protected)
    )
    return {(commune, category) for commune, category in session.execute(statement)}


def _covered(role: Function, rows: Iterable[RowMapping]) -> set[str] | None:
    """Return the codes of territories, EPCI and communes of a role; None: all of France."""
    covered: set[str] = set()
    for row in rows:
        if row["category"] in role.categories:
            covered |= places_of(role, row)
    return None if "" in covered else covered
