"""The page of points to be checked: a list, and the same points on a map."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.actors.choices import DOUBTS, Choice, asked_by, choices
from app.desk.actors.outcomes import outcome
from app.desk.actors.spot import Located, in_degrees, refused_answer
from app.desk.shell import gate
from app.desk.shell.gate import Desk
from app.desk.shell.page import render
from app.desk.shell.pins import Pin, map_options
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.models.job import Job
from app.platform.database.sessions import read
from app.platform.queue.reading import what_is_left
from app.platform.uuids import uuid_in
from app.records import doubts
from app.records.counts import count
from app.records.doubts import Doubtful
from app.records.entered import Remark
from app.records.history import last_revisions
from app.records.listing import Line, find
from app.records.wanted import DOUBTFUL, POINTS

HERE = f"{gate.HOME}/points"
NARROWED_BY = ("territoire", "categorie")
DOUBT = Choice("point", "Doute", {"": DOUBTS})


@dataclass(frozen=True, slots=True)
class Row:
    """An actor of the list: what is doubted of its point, and the revision that is shown of it.

    answer: the geocoder's, where it did not become the point.
    """

    line: Line
    point: Doubtful
    revision: int
    answer: Located | None

    @property
    def lat(self) -> str:
        """Return where the public sees it, as a form has degrees."""
        return in_degrees(self.point.placed.lat) if self.point.placed else ""

    @property
    def lon(self) -> str:
        """Return the same, west to east."""
        return in_degrees(self.point.placed.lon) if self.point.placed else ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A point that could not be saved as it was entered, and what is wrong with it."""

    public_id: str
    remarks: tuple[Remark, ...]


def page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    error: Mesure23Error | None = None,
    tried: Tried | None = None,
) -> Response:
    """Return the page, as its address narrows it; tried: the point that its reader just moved."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        asked = asked_by(session, request, desk, signed)
        finding, wanted = asked.finding, asked.wanted
        doubtful = replace(wanted, point=wanted.point or DOUBTFUL, sort="territoire")
        found = find(finding, doubtful)
        points = doubts.read(session, desk.vault, viewer, (each.actor_id for each in found.lines))
        offered = choices(asked, *NARROWED_BY)
        counts = count(finding, doubtful, (each.name for each in offered))
        left = what_is_left(session, Job.GEOCODE)
        counts[DOUBT.name] = doubts.count_by(finding, replace(doubtful, point=DOUBTFUL))
        rows = _rows(session, found.lines, points)
    territories = (each.line.territory for each in rows)
    return render(
        request,
        "desk/actors/points.html",
        signed,
        http_status=error.status if error else 200,
        error=error,
        tried=tried,
        wanted=wanted,
        found=found,
        rows=rows,
        pins=map_options(request.app.state.site, _pins(rows), territories),
        labels=dict(POINTS.values()),
        choices=[*offered, DOUBT],
        counts=counts,
        left=left,
        outcome=outcome(request.query_params.get("bilan", "")),
        batch=uuid_in(request.query_params.get("lot", "")),
    )


def _rows(session: Session, lines: Iterable[Line], points: Mapping[UUID, Doubtful]) -> list[Row]:
    gazetteer = cached_gazetteer(session.connection())
    numbers = last_revisions(session, [each.public_id for each in points.values()])
    found = ((line, points[line.actor_id]) for line in lines if line.actor_id in points)
    return [
        Row(
            line,
            point,
            numbers[point.public_id],
            refused_answer(point, line.territory, point.placed, gazetteer),
        )
        for line, point in found
    ]


def _pins(rows: list[Row]) -> Iterator[Pin]:
    """Yield the points of the page as the public sees them, by the number of their row."""
    for place, row in enumerate(rows, 1):
        if at := row.point.placed:
            lon_lat = row.point.refused[:2] if row.point.refused else None
            rough = at.precision == "commune"
            yield Pin(place, row.line.name, at.lon, at.lat, rough=rough, answer=lon_lat)
