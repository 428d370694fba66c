"""How often public pages are seen, without identity, and which searches nobody answers."""

from typing import IO, Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.gazetteer.territories import read_names
from app.platform.database.sessions import read
from app.platform.web.download import Download
from app.platform.web.permissions import STAFF, open_to
from app.platform.web.site import SiteOf
from app.search.values import one_of
from app.statistics.folding import FLOOR
from app.statistics.folding import MONTHS as STORED_MONTHS
from app.statistics.page_types import LABELS, PageType, facet_labels
from app.statistics.reading import Asked, Period, read_statistics, write_csv
from geo.zones import paris_day

HERE = f"{gate.HOME}/statistiques"
router = APIRouter(prefix=HERE)
WORD_MAX = 40
Word = Annotated[str, Query(max_length=WORD_MAX)]
FormWord = Annotated[str, Form(max_length=WORD_MAX)]


@router.get("")
@open_to(*STAFF)
def statistics(
    request: Request,
    site: SiteOf,
    desk: DeskOf,
    signed: Signed,
    periode: Word = "",
    territoire: Word = "",
    page: Word = "",
) -> Response:
    """Show views by day, page and territory, of a référent those of its own."""
    with read(desk.engine) as session:
        names = gate.territories_of(session, signed)
        asked = _asked(session, desk, signed, periode, territoire, page)
        found = read_statistics(session, asked)
        all_names = read_names(session)
    return render(
        request,
        "desk/statistics.html",
        signed,
        path=HERE,
        asked=asked,
        found=found,
        names=names,
        all_names=all_names,
        periods=tuple(Period),
        by_month=asked.period is Period.YEAR,
        pages=LABELS,
        facets=facet_labels(),
        floor=FLOOR,
        months=STORED_MONTHS,
        is_counting=site.databases.inbox is not None,
    )


@router.post("/export")
@open_to(*STAFF)
def export(
    desk: DeskOf,
    signed: Signed,
    periode: FormWord = "",
    territoire: FormWord = "",
    page: FormWord = "",
) -> Response:
    """Send the numbers that the page is made of, as CSV."""

    def write(file: IO[bytes]) -> str:
        with read(desk.engine) as session:
            asked = _asked(session, desk, signed, periode, territoire, page)
            write_csv(session, asked, read_names(session), file)
        return f"statistiques-{asked.today.isoformat()}.csv"

    return Download(write, "text/csv", desk.settings.wait_most)


def _asked(
    session: Session, desk: Desk, signed: SignedIn, period: str, territory: str, page: str
) -> Asked:
    """Return what somebody asks for; raises FilterUnknown, of others' territories as well."""
    return Asked(
        today=paris_day(desk.now()),
        own=signed.territories,
        period=Period(one_of("periode", period, tuple(Period)) if period else Period.DAYS_30),
        territory=one_of("territoire", territory, gate.territories_of(session, signed))
        if territory
        else "",
        page=PageType(one_of("page", page, tuple(PageType))) if page else None,
    )
