"""Hospitals that registers alone name: who does it meanwhile, where nobody takes a step."""

from collections.abc import Collection

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from app.models import Commune
from app.search.criteria import Search
from app.search.schemas import Host
from app.search.where import metres, seated
from app.visibility import hosts

MOST = 3


def read_hosts(session: Session, search: Search, territories: Collection[str]) -> tuple[Host, ...]:
    """Return the nearest that can be called, else those of the largest towns; territories: codes.

    At most MOST.
    """
    actor, column = hosts(), Commune.__table__.c
    first = (
        metres(actor, search.place).asc().nulls_last()
        if search.place
        else column.population.desc().nulls_last()
    )
    statement = (
        select(actor.c.name, column.name.label("town"), actor.c.phones)
        .outerjoin(Commune, column.code == actor.c.commune_code)
        .where(
            seated(actor.c.territory_code, tuple(territories)),
            func.cardinality(actor.c.phones) > literal(0),
        )
        .order_by(first, actor.c.folded, actor.c.public_id)
        .limit(MOST)
    )
    return tuple(
        Host(name, town or "", phones[0]) for name, town, phones in session.execute(statement)
    )
