"""Events on a map: at the centre of the commune of each, beside those that have none."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.agenda.event import Event
from app.models import Commune
from app.platform.database.sessions import among


@dataclass(frozen=True, slots=True)
class Spot:
    """The events of one commune. number: of its pin; EPSG:4326 degrees."""

    number: int
    name: str
    lat: float
    lon: float
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Events by where they are; elsewhere: online, or without a place that readers are told."""

    spots: Sequence[Spot]
    elsewhere: Sequence[Event]


def on_map(session: Session, events: Sequence[Event]) -> Mapped:
    """Return events by commune, in the order in which the first of each comes."""
    codes = {each.commune_code for each in events if each.commune_code and not each.cancelled_at}
    columns = (Commune.code, Commune.name, func.ST_Y(Commune.point), func.ST_X(Commune.point))
    known = select(*columns).where(among(Commune.code, sorted(codes)), Commune.point.is_not(None))
    places = {row[0]: (row[1], row[2], row[3]) for row in session.execute(known)}
    by_code: dict[str, list[Event]] = defaultdict(list)
    elsewhere = []
    for each in events:
        code = each.commune_code or ""
        if code in places and not each.cancelled_at:
            by_code[code].append(each)
        else:
            elsewhere.append(each)
    spots = [Spot(n, *places[code], here) for n, (code, here) in enumerate(by_code.items(), 1)]
    return Mapped(spots, elsewhere)
