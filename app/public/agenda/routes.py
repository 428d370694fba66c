"""What comes next: a list, one month, one event, and the same as calendars and as a feed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as Address
from sqlalchemy.orm import Session

from app.agenda import atom, calendar, json_ld
from app.agenda.criteria import MAPPED, MONTH, Query, read_query
from app.agenda.event import FORMS, PATH
from app.agenda.mapping import Mapped, on_map
from app.agenda.months import by_month, weeks_of
from app.agenda.queries import (
    MOST,
    read_event,
    read_replay,
    select_events,
    select_for_calendar,
    select_newest,
)
from app.errors import TerritoryUnknown
from app.gazetteer.territories import canonical_code, read_names
from app.maps.drawing import GROUND
from app.platform.database.sessions import read
from app.platform.web.cached_route import CachedRoute
from app.platform.web.permissions import Profile, open_to, same_for_everybody
from app.platform.web.site import Site, SiteOf
from app.platform.web.versions import FRANCE
from app.resources.choices import THEMES
from app.resources.markdown import render
from app.search.values import one_of
from app.statistics.page_types import PageType, counted_as
from app.visibility import PUBLIC
from geo.zones import day_by, paris_day

CALENDAR, FEED = f"{PATH}.ics", f"{PATH}.atom"
TITLE = "Agenda, Mesure 23"


class CachedAgenda(CachedRoute):
    """A route that changes with what is public of events, of who organises them, and each day."""

    in_front = frozenset({"territoire", "type", "theme", "mois", "vue"})
    names_itself = True

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, int]:
        """Return France, whose version each of them raises, and the hour: what is over goes."""
        return FRANCE, int(site.now().timestamp() // 3600)


router = APIRouter(route_class=CachedAgenda)


def _one(*known: str) -> dict[str, object]:
    return {"enum": ["", *known]}


def _query(
    territoire: Annotated[
        str,
        Address(
            max_length=3,
            description="Par exemple 93, 2A, 974 ; avec ceux de la France",
            # As it may be written: what no territory has is 404.
            json_schema_extra={"pattern": "^(|[0-9][0-9ABab][0-9A-Za-z]?)$"},
        ),
    ] = "",
    # A form calls it so.
    form: Annotated[str, Address(alias="type", max_length=20, json_schema_extra=_one(*FORMS))] = "",
    theme: Annotated[str, Address(max_length=50, json_schema_extra=_one(*THEMES()))] = "",
) -> Query:
    return read_query(territoire and canonical_code(territoire), form, theme)


QueryOf = Annotated[Query, Depends(_query)]
Month = Annotated[
    str, Address(max_length=7, json_schema_extra={"pattern": f"^(|{MONTH.pattern})$"})
]


View = Annotated[str, Address(max_length=10, json_schema_extra=_one(MAPPED))]


@router.get(PATH, include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.AGENDA)
@same_for_everybody
def agenda(
    site: SiteOf, request: Request, query: QueryOf, mois: Month = "", vue: View = ""
) -> Response:
    """Show what comes next, month by month or on a map, or all of one month."""
    now = site.now()
    mapped = bool(vue) and one_of("vue", vue, (MAPPED,)) == MAPPED
    asked = query.but(month=None if mapped else read_query(month=mois).month, mapped=mapped)
    with read(site.databases.public) as session:
        names = _names(session, query)
        found = select_events(session, PUBLIC, asked, now)
        places = on_map(session, found) if mapped else Mapped((), ())
    # Where no month is asked for, the grid is of the one that somebody looks for first.
    shown = asked.month or (
        day_by(found[0].begins_at, found[0].own) if found else paris_day(now)
    ).replace(day=1)
    return site.page(
        "public/agenda/list.html",
        base=site.base(request),
        page_path=PATH,
        query=asked,
        total=len(found),
        most=MOST,
        months=() if mapped else by_month(found, asked.month),
        places=places,
        pins=_pins(site, places),
        weeks=weeks_of(shown, found) if asked.month else (),
        month=shown,
        former=(shown - timedelta(days=1)).replace(day=1),
        following=(shown + timedelta(days=31)).replace(day=1),
        today=paris_day(now),
        names=names,
        forms=FORMS,
        themes={code: each.label for code, each in THEMES().items()},
        calendar_url=query.url(CALENDAR),
        feed_url=query.url(FEED),
    )


@router.get(CALENDAR, tags=["agenda"], response_class=Response)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
@same_for_everybody
def calendar_file(site: SiteOf, request: Request, query: QueryOf) -> Response:
    """Return the events of a selection as iCalendar, for a program that asks again by itself."""
    with read(site.databases.public) as session:
        names = _names(session, query)
        events = select_for_calendar(session, PUBLIC, query, site.now())
    name = f"{TITLE}, {names[query.territory]}" if query.territory else TITLE
    return _calendar(calendar.write(events, site.base(request), name))


@router.get(FEED, tags=["agenda"], response_class=Response)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
@same_for_everybody
def feed(site: SiteOf, request: Request, query: QueryOf) -> Response:
    """Return the fifty coming events of a selection that were published last as an Atom feed."""
    now, base = site.now(), site.base(request)
    with read(site.databases.public) as session:
        _names(session, query)
        events = select_newest(session, PUBLIC, query, now, atom.MOST)
    written = atom.write(
        events,
        site=base,
        title=TITLE,
        page=f"{base}{query.url()}",
        feed=f"{base}{query.url(FEED)}",
        updated=max((each.changed_at for each in events), default=now),
    )
    return Response(written, media_type=atom.MEDIA_TYPE)


@router.get(f"{PATH}/{{event_id}}.ics", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
@same_for_everybody
def event_file(site: SiteOf, request: Request, event_id: str) -> Response:
    """Return one event as iCalendar, for the calendar of whoever comes."""
    with read(site.databases.public) as session:
        found = read_event(session, PUBLIC, event_id)
    return _calendar(calendar.write([found], site.base(request), found.title))


@router.get(f"{PATH}/{{event_id}}", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.AGENDA)
@same_for_everybody
def event(site: SiteOf, request: Request, event_id: str) -> Response:
    """Show one event."""
    with read(site.databases.public) as session:
        found = read_event(session, PUBLIC, event_id)
        replay = read_replay(session, PUBLIC, found, site.now())
    base = site.base(request)
    return site.page(
        "public/agenda/event.html",
        base=base,
        page_path=found.path,
        event=found,
        themes={code: each.label for code, each in THEMES().items() if code in found.themes},
        text=render(found.text),
        file=calendar.path_of(found),
        replay=replay,
        is_over=found.ends_at < site.now(),
        data=json_ld.element(found, base),
    )


def _pins(site: Site, places: Mapped) -> dict[str, object] | None:
    """Return what the script of the map takes, our ground and a pin for each commune; None where
    there is none.
    """
    if not places.spots:
        return None
    pins = [
        {"number": each.number, "name": each.name, "lat": each.lat, "lon": each.lon}
        for each in places.spots
    ]
    return {"ground": site.assets.address(GROUND), "territories": [], "pins": pins}


def _names(session: Session, query: Query) -> Mapping[str, str]:
    """Return the territories by code; raises TerritoryUnknown for one that is asked and unknown."""
    names = read_names(session)
    if query.territory and query.territory not in names:
        raise TerritoryUnknown(code=query.territory)
    return names


def _calendar(written: bytes) -> Response:
    return Response(written, media_type=calendar.MEDIA_TYPE)
