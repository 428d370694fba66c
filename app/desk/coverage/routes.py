"""Coverage at the desk: what visitors read, and beside it what somebody may know of a territory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts import assigning
from app.accounts.people import names_of
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.gazetteer.territories import read_names
from app.lists.followed import last_lists
from app.maps.areas import OUTLINES, read_outlines, script
from app.operations.coverage import AGO, read_before
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.platform.web.site import Site, SiteOf
from app.search.ages import AGES, NEUTRAL
from app.search.coverage import Cell, read_coverage
from app.search.coverage_table import Asked, Line, Table, csv_of, file_name, read_asked, table_of
from app.visibility import Viewer
from geo.zones import paris_day

HERE = f"{gate.HOME}/couverture"
CONTOURS = f"{HERE}/contours.geojson"
SCRIPT = f"{HERE}/carte.js"
NEUTRALS = AGES.index(NEUTRAL)
router = APIRouter(prefix=HERE)
Word = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said of a territory beside its counts. curateur: by name, "" where nobody is.

    last: when a list of it came, None where that is not known or not for who asks.
    """

    curateur: str
    last: datetime | None


@router.get("")
@open_to(*WORKERS)
def coverage(
    request: Request,
    site: SiteOf,
    desk: DeskOf,
    signed: Signed,
    fonction: Word = "",
    tri: Word = "",
) -> Response:
    """Show where nobody is, the territories of a référent first; fonction, tri: as for visitors."""
    viewer = gate.viewer_of(signed)
    asked = read_asked(fonction, tri)
    with read(desk.engine) as session:
        table = _table(session, desk, viewer, asked)
        beside = _beside(session, desk, viewer, table)
        knows = [each.code for each in table.lines if viewer.learns_what_is_hidden_in(each.code)]
        before = read_before(session, asked.function, paris_day(desk.now()), knows)
    return render(
        request,
        "desk/coverage.html",
        signed,
        path=HERE,
        table=table,
        link=_links(site, viewer, asked),
        ages=AGES,
        beside=beside,
        knows=knows,
        before=before,
        ago=[f"Il y a {months} mois" for months in AGO],
        protected=_protected,
        contours=CONTOURS,
        map=script(SCRIPT),
    )


@router.post("/export")
@open_to(*WORKERS)
def export(site: SiteOf, request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Send the file that visitors have: numbers of what is public, and nothing else."""
    today = paris_day(desk.now())
    with read(desk.engine) as session:
        found = read_coverage(session, today)
        table = table_of(found, read_names(session), Asked())
    headers = {"Content-Disposition": f'attachment; filename="{file_name(today)}"'}
    return Response(
        csv_of(table, today, site.base(request)), headers=headers, media_type="text/csv"
    )


@router.get("/contours.geojson")
@open_to(*WORKERS)
def contours(desk: DeskOf) -> Response:
    """Return the outlines of territories as GeoJSON, EPSG:4326, for the map of this page."""
    with read(desk.engine) as session:
        return Response(read_outlines(session), media_type=OUTLINES)


@router.get("/carte.js")
@open_to(*WORKERS)
def map_script(request: Request) -> Response:
    """Return the script that Folium wrote for that map: no word of it is of an actor."""
    return script(SCRIPT).answer(request)


def _table(session: Session, desk: Desk, viewer: Viewer, asked: Asked) -> Table:
    """Return the table; the territories of a référent come first, each part in its order."""
    found = read_coverage(session, paris_day(desk.now()), viewer)
    table = table_of(found, read_names(session), asked)
    lines = sorted(table.lines, key=lambda line: line.code not in viewer.territories)
    return replace(table, lines=tuple(lines))


def _beside(session: Session, desk: Desk, viewer: Viewer, table: Table) -> Mapping[str, Beside]:
    offices = assigning.assigned(session)
    ids = {code: str(each.curateur) for code, each in offices.items() if each.curateur}
    names = names_of(session, desk.vault, ids.values())
    came = last_lists(session, viewer)
    return {
        line.code: Beside(names.get(ids.get(line.code, ""), ""), came.get(line.code))
        for line in table.lines
    }


def _links(site: Site, viewer: Viewer, asked: Asked) -> Callable[[Line], str]:
    """Return what leads from a line to the actors that somebody works on, or to the public list."""
    base = site.templates.globals["public_base"]

    def link(line: Line) -> str:
        if not viewer.territories or line.code in viewer.territories:
            return f"{gate.HOME}/acteurs?territoire={line.code}"
        return "" if base is None else f"{base}{asked.public_list(line)}"

    return link


def _protected(line: Line) -> int:
    """Return how many of a line are protected: under a neutral name, or seen by nobody."""
    cell: Cell = line.cell
    return cell.ages[NEUTRALS] + cell.hidden
