"""Rows of the public record as cards: words of the vocabulary, whose phone to call, open or not."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from app import hours
from app.search import actor_queries as queries
from app.search.actor_schemas import ActorCard, Duty
from app.search.facet import Row
from app.search.facets import FACETS
from app.search.terms import is_said
from geo.text import curled
from geo.zones import paris_day
from importers.registers.catalogue import title_of
from importers.vocabulary import SPECIALITY, Category, Vocabulary

NATIONAL_NUMBER = "119"
NATIONAL_LABEL = "Allô enfance en danger"
CRIP_LABEL = "Cellule de recueil (CRIP) du territoire"


def cards(
    session: Session,
    vocabulary: Vocabulary,
    rows: Iterable[Row],
    at: datetime | None,
    today: date | None = None,
) -> list[ActorCard]:
    """Return rows of queries.SHOWN with the names of their places as cards.

    at: now, aware; None where nobody asks who is open at this moment, which takes long to find.
    today: the day of Paris, where at is None.
    """
    rows = list(rows)
    crips = _crip_phones(session, rows, at)
    day = today or paris_day(at)
    return [_card(vocabulary, row, crips, at, day) for row in rows]


def _card(
    vocabulary: Vocabulary,
    row: Row,
    crips: Mapping[str, list[str]],
    at: datetime | None,
    today: date,
) -> ActorCard:
    phones, label = list(row["phones"]), None
    if row["protected"] and not phones:
        crip = crips.get(row["territory_code"])
        phones, label = (crip, CRIP_LABEL) if crip else ([NATIONAL_NUMBER], NATIONAL_LABEL)
        if phones == [NATIONAL_NUMBER]:
            label = NATIONAL_LABEL  # a CRIP whose own number is the national one
    category = _category(vocabulary, row["category"])
    duty = _duty(row, at)
    if duty and duty.now:
        phones.sort(key=lambda phone: phone not in duty.phones)
    return ActorCard(
        public_id=row["public_id"],
        slug=row["slug"],
        # A name of ours, stored with the apostrophe of lists.
        name=curled(row["name"]) if category.neutral else row["name"],
        acronym=row["acronym"],
        category=category,
        specialised=SPECIALITY in row["functions"],
        facts={facet.name: facet.fact(row) for facet in FACETS},
        phones=tuple(phones),
        phone_label=label,
        duty=duty,
        commune_name=row["commune_name"],
        address=row["address"],
        precision=row["precision"],
        drawn=row["drawn"],
        protected=row["protected"],
        verified_on=row["verified_on"],
        register=title_of(row["register"]),
        description=row["description"],
        website=_web_address(row["website"]),
        email=row["email"],
        opening_hours=row["opening_hours"],
        hours_text=row["hours_text"],
        opening=_opening(row["opening_hours"], row["territory_code"], at),
        access=row["access"],
        access_text=row["access_text"],
        referral=row["referral_public"],
        referrers=row["referrers_public"],
        seat_territory_code=row["territory_code"],
        seat_territory_name=row["seat_territory_name"],
        metres=row.get("metres"),
        covers_said_on=row["covers_said_on"] if row.get("decided", True) else None,
        doubted=bool(row.get("doubted")),
        lapsed=_is_lapsed(row, today),
    )


def _is_lapsed(row: Row, today: date) -> bool:
    """Return whether a page says since when nobody confirmed an actor; not of a register's day."""
    day = row["verified_on"]
    return bool(day and not row["register"]) and is_said(row["category"], row, day, today)


def _duty(row: Row, at: datetime | None) -> Duty | None:
    phones = tuple(row["duty_phones"])
    if not phones:
        return None
    now = at is not None and hours.on_duty(
        row["duty_hours"], row["opening_hours"], row["territory_code"], at
    )
    return Duty(phones, row["duty_hours"], now)


def _opening(osm: str | None, territory: str, at: datetime | None) -> str | None:
    if not osm or at is None:
        return None
    return _phrase(osm, territory, at.replace(second=0, microsecond=0))


# Fifty times a page, of which most have the hours of others.
@lru_cache(maxsize=10_000)
def _phrase(osm: str, territory: str, minute: datetime) -> str | None:
    return hours.phrase(hours.state(osm, territory, minute), hours.zone_of(territory)) or None


def _web_address(website: str | None) -> str | None:
    # An address that a page makes a link of: never javascript:, wherever it came from.
    return website if website and website.startswith(("https://", "http://")) else None


def _category(vocabulary: Vocabulary, code: str) -> Category:
    # A word that left vocabulary.toml after it was stored: known by nobody, shown as such.
    return vocabulary.categories.get(code) or vocabulary.categories["a_classer"]


def _crip_phones(
    session: Session, rows: Iterable[Row], at: datetime | None
) -> dict[str, list[str]]:
    """Return the numbers by territory of those that answer at this moment, None: by day."""
    seats = {row["territory_code"] for row in rows if row["protected"] and not row["phones"]}
    if not seats:
        return {}
    found = session.execute(queries.CRIP_PHONES, {"territories": sorted(seats)})
    phones: dict[str, list[str]] = {}
    for territory, numbers, opening_hours in found:
        if at is None or hours.may_answer(opening_hours, territory, at):
            phones.setdefault(territory, numbers)
    return phones
