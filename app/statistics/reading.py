"""What the desk reads of what was counted: numbers from FLOOR on, and sums of these alone."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from io import TextIOWrapper
from typing import IO

from sqlalchemy import ColumnElement, Date, Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.files.cells import one_line
from app.models import PageView
from app.platform.database.sessions import among
from app.statistics.folding import FLOOR
from app.statistics.page_types import LABELS, PageType, facet_labels
from importers.french_csv import defused, write_rows

MONTHS = 12
EMBED_DAYS = 30
# Of searches that nobody answers a page shows the most frequent; the file has all of them.
MOST_EMPTY = 50
AT_ONCE = 1_000
COLUMNS = ("date", "periode", "type", "code_territoire", "territoire", "filtre", "carte", "nombre")


class Period(StrEnum):
    """How far back a page looks, today left out: its numbers would move while somebody looks."""

    DAYS_30 = "30-jours"
    DAYS_90 = "90-jours"
    YEAR = "12-mois"

    @property
    def label(self) -> str:
        """Return the period in French."""
        return {"30-jours": "30 jours", "90-jours": "90 jours", "12-mois": "12 mois"}[self]

    def since(self, today: date) -> date:
        """Return the first day of it."""
        if self is Period.YEAR:
            year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
            return date(year, month + 1, 1)
        return today - timedelta(days=30 if self is Period.DAYS_30 else 90)

    def steps(self, today: date) -> Iterator[date]:
        """Yield the days of it, or the first ones of its months."""
        step = self.since(today)
        while step < today:
            yield step
            step += timedelta(days=32 if self is Period.YEAR else 1)
            step = step.replace(day=1) if self is Period.YEAR else step


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked at. own: territories of a référent; none of who reads all of them."""

    today: date
    own: Collection[str] = ()
    period: Period = Period.DAYS_30
    territory: str = ""
    page: PageType | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A day or a month. seen: 0 where no number of it reaches the floor."""

    step: date
    seen: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a page shows, the most frequent first; territories: by code, "" for no territory.

    empty: of searches that nobody answers the territory, the facet, and how many.
    """

    bars: tuple[Bar, ...]
    pages: tuple[tuple[PageType, int], ...]
    territories: tuple[tuple[str, int], ...]
    empty: tuple[tuple[str, str, int], ...]

    @property
    def seen(self) -> int:
        """Return how many views the bars show."""
        return sum(bar.seen for bar in self.bars)

    @property
    def most(self) -> int:
        """Return the highest of the bars."""
        return max((bar.seen for bar in self.bars), default=0)


@dataclass(frozen=True, slots=True)
class Shown:
    """How often a registered embed was shown, day by day: bars of 0 where it was too seldom."""

    bars: tuple[Bar, ...]

    @property
    def seen(self) -> int:
        """Return how often on the days that are said."""
        return sum(bar.seen for bar in self.bars)


def read_statistics(session: Session, asked: Asked) -> Statistics:
    """Return what may be said of a period."""
    is_page = PageView.page != PageType.EMPTY
    step: ColumnElement[date] | InstrumentedAttribute[date] = PageView.day
    if asked.period is Period.YEAR:
        step = func.date_trunc("month", PageView.day).cast(Date)
    seen = dict(_pairs(session, select(step, _SUM).where(is_page).group_by(step), asked))
    by_page = select(PageView.page, _SUM).where(is_page).group_by(PageView.page)
    by_territory = select(PageView.territory_code, _SUM).where(is_page)
    by_territory = by_territory.group_by(PageView.territory_code)
    empty = select(PageView.territory_code, PageView.facet, _SUM).where(~is_page)
    empty = empty.group_by(PageView.territory_code, PageView.facet)
    order = (_SUM.desc(), PageView.territory_code, PageView.facet)
    return Statistics(
        tuple(Bar(each, seen.get(each, 0)) for each in asked.period.steps(asked.today)),
        tuple(
            (PageType(page), count)
            for page, count in _pairs(session, by_page.order_by(_SUM.desc(), PageView.page), asked)
        ),
        tuple(_pairs(session, by_territory.order_by(*order[:2]), asked)),
        tuple(
            (territory, facet, count)
            for territory, facet, count in session.execute(
                _published(empty, asked).order_by(*order).limit(MOST_EMPTY)
            )
        ),
    )


def read_shown(session: Session, embeds: Sequence[str], today: date) -> dict[str, Shown]:
    """Return how often some registered embeds were shown on each of the last 30 days."""
    since = today - timedelta(days=EMBED_DAYS)
    rows = session.execute(
        select(PageView.embed_id, PageView.day, PageView.count).where(
            PageView.page == PageType.EMBED,
            among(PageView.embed_id, embeds),
            ~PageView.is_rest,
            PageView.count >= FLOOR,
            PageView.day >= since,
            PageView.day < today,
        )
    )
    found = {(embed, day): count for embed, day, count in rows}
    days = [since + timedelta(days=n) for n in range(EMBED_DAYS)]
    return {
        each: Shown(tuple(Bar(day, found.get((each, day), 0)) for day in days)) for each in embeds
    }


def write_csv(session: Session, asked: Asked, names: Mapping[str, str], file: IO[bytes]) -> None:
    """Write each number of a period as spreadsheets in French open it; names: of territories."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    write_rows(text, [COLUMNS])
    write_rows(text, _cells(session, asked, names))
    text.detach()


def _cells(
    session: Session, asked: Asked, names: Mapping[str, str]
) -> Iterator[tuple[str | int, ...]]:
    labels = facet_labels()
    key = (PageView.day, PageView.is_rest, PageView.page, PageView.territory_code)
    found = select(*key, PageView.facet, PageView.embed_id, PageView.count).order_by(
        *key, PageView.facet, PageView.embed_id
    )
    # Some at a time: a year of all territories is more than a process should hold.
    rows = session.execute(_published(found, asked), execution_options={"yield_per": AT_ONCE})
    for day, is_rest, page, territory, facet, embed, count in rows:
        words = (
            *(day.isoformat(), "autres jours du mois" if is_rest else "jour"),
            *(LABELS[PageType(page)], territory, names.get(territory, "")),
            *(labels.get(facet, facet), embed),
        )
        yield (*(defused(one_line(each)) for each in words), count)


_SUM = func.sum(PageView.count)


def _pairs(session: Session, statement: Select, asked: Asked) -> list[Row]:  # type: ignore[type-arg]
    return list(session.execute(_published(statement, asked)))


def _published(statement: Select, asked: Asked) -> Select:  # type: ignore[type-arg]
    """Return a statement of the numbers that may be said: no sum has one that may not."""
    said = statement.where(
        PageView.count >= FLOOR,
        PageView.day >= asked.period.since(asked.today),
        PageView.day < asked.today,
    )
    if asked.period is not Period.YEAR:
        said = said.where(~PageView.is_rest)
    if asked.own:
        said = said.where(among(PageView.territory_code, asked.own))
    if asked.territory:
        said = said.where(PageView.territory_code == asked.territory)
    if asked.page:
        said = said.where(PageView.page == asked.page)
    return said
