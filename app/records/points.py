"""Where actors stand, as whoever may read their records sees it on a map."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Actor
from app.platform.database.sessions import among
from app.records.placing import Placed, place
from app.records.record import ActorRecord
from geo.gazetteer import Gazetteer

_SEAT = ("lon", "lat", "precision", "commune")


def point_said(said: Mapping[str, Any], gazetteer: Gazetteer) -> Placed | None:
    """Return the point of a line that is no actor yet; said: fields of its record, as JSON."""
    seat: dict[str, Any] = {name: said.get(name) for name in _SEAT}
    record = ActorRecord.model_construct(**seat)
    return place(record, None, gazetteer.by_insee(record.commune or ""))


def points_of(
    session: Session, gazetteer: Gazetteer, records: Mapping[UUID, ActorRecord]
) -> dict[UUID, Placed]:
    """Return the point of each actor that has one: its own, the public's, else its commune's."""
    statement = select(
        Actor.id, func.ST_X(Actor.point), func.ST_Y(Actor.point), Actor.precision
    ).where(among(Actor.id, records), Actor.point.is_not(None), ~Actor.protected)
    public = {actor: Placed(*point) for actor, *point in session.execute(statement)}
    found = {}
    for actor, record in records.items():
        commune = gazetteer.by_insee(record.commune or "")
        if point := place(record, public.get(actor), commune):
            found[actor] = point
    return found
