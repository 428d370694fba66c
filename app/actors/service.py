"""Actors as the public may read them: lists with their counts, sheets, and the map's GeoJSON."""

import re
from collections.abc import Iterable, Mapping

import psycopg
from sqlalchemy import Engine, RowMapping
from sqlalchemy.orm import Session

from app.actors import queries
from app.actors.filters import Filters, valid_codes
from app.actors.schemas import ActorCard, ActorList, ActorSheet, FacetValue
from app.errors import ActorUnknown
from importers.vocabulary import Category, Term, Vocabulary

PUBLIC_ID = re.compile(r"[0-9a-f]{16}")
NATIONAL_NUMBER = "119"
NATIONAL_LABEL = "Allô enfance en danger"
CRIP_LABEL = "Cellule de recueil (CRIP) du territoire"


def list_actors(
    session: Session, vocabulary: Vocabulary, territory: str, filters: Filters
) -> ActorList:
    """Return the actors that have their seat in a territory or cover some of it, with counts."""
    parameters = {"territory": territory, **filters.parameters()}
    order = {"order": list(vocabulary.categories)}
    rows = session.execute(queries.LIST, parameters | order).mappings().all()
    counts = {
        (facet, code): count for facet, code, count in session.execute(queries.FACETS, parameters)
    }
    crips = _crip_phones(session, rows)
    cards = [_card(vocabulary, row, crips) for row in rows]
    seats = {card.public_id: card.seat_territory_code == territory for card in cards}
    open_cards = [card for card in cards if not card.protected]
    return ActorList(
        here=tuple(card for card in open_cards if seats[card.public_id]),
        elsewhere=tuple(card for card in open_cards if not seats[card.public_id]),
        withheld=tuple(card for card in cards if card.protected),
        facets=_facets(vocabulary, filters, counts),
    )


def read_sheet(session: Session, vocabulary: Vocabulary, public_id: str) -> ActorSheet:
    """Return one published actor; raises ActorUnknown alike for a bad, absent or hidden id."""
    # What cannot be an id is asked for as well, as nobody's: it must not answer sooner than others.
    asked = {"public_id": public_id if PUBLIC_ID.fullmatch(public_id) else ""}
    row = session.execute(queries.SHEET, asked).mappings().one_or_none()
    if row is None:
        raise ActorUnknown
    card = _card(vocabulary, row, _crip_phones(session, [row]))
    return ActorSheet(
        **{name: getattr(card, name) for name in ActorCard.__slots__},
        age_min=row["age_min"],
        age_max=row["age_max"],
        covers_national=row["covers_national"],
        covers=(*row["covered_territories"], *row["covered_epcis"], *row["covered_communes"]),
    )


def geojson(public: Engine, territory: str, filters: Filters) -> bytes | None:
    """Return the actors of a territory as PostgreSQL wrote them; None for an unknown territory.

    One round trip without a transaction: what it reads is one statement, so one snapshot.
    """
    parameters = {"territory": territory, **filters.parameters()}
    with public.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        result = connection.exec_driver_sql(queries.GEOJSON_SQL, parameters)
        cursor = result.cursor
        # The bytes as they came: to decode 100 kB and encode them again would cost as much as all
        # the rest of the request.
        found = cursor.pgresult if isinstance(cursor, psycopg.Cursor) else None
        return found.get_value(0, 0) if found is not None and found.ntuples else None


def _card(vocabulary: Vocabulary, row: RowMapping, crips: Mapping[str, list[str]]) -> ActorCard:
    phones, label = list(row["phones"]), None
    if row["protected"] and not phones:
        crip = crips.get(row["territory_code"])
        phones, label = (crip, CRIP_LABEL) if crip else ([NATIONAL_NUMBER], NATIONAL_LABEL)
        if phones == [NATIONAL_NUMBER]:
            label = NATIONAL_LABEL  # a CRIP whose own number is the national one
    return ActorCard(
        public_id=row["public_id"],
        slug=row["slug"],
        name=row["name"],
        acronym=row["acronym"],
        category=_category(vocabulary, row["category"]),
        functions=_labels(vocabulary.functions, row["functions"]),
        audiences=_labels(vocabulary.audiences, row["audiences"]),
        phones=tuple(phones),
        phone_label=label,
        commune_name=row["commune_name"],
        address=row["address"],
        precision=row["precision"],
        drawn=row["drawn"],
        protected=row["protected"],
        verified_on=row["verified_on"],
        description=row["description"],
        website=_web_address(row["website"]),
        email=row["email"],
        opening_hours=row["opening_hours"],
        seat_territory_code=row["territory_code"],
        seat_territory_name=row["seat_territory_name"],
    )


def _web_address(website: str | None) -> str | None:
    # An address that a page makes a link of: never javascript:, wherever it came from.
    return website if website and website.startswith(("https://", "http://")) else None


def _category(vocabulary: Vocabulary, code: str) -> Category:
    # A word that left vocabulary.toml after it was stored: known by nobody, shown as such.
    return vocabulary.categories.get(code) or vocabulary.categories["a_classer"]


def _labels(terms: Mapping[str, Term], codes: Iterable[str]) -> tuple[str, ...]:
    known = set(codes)
    return tuple(term.label for code, term in terms.items() if code in known)


def _crip_phones(session: Session, rows: Iterable[RowMapping]) -> dict[str, list[str]]:
    seats = {row["territory_code"] for row in rows if row["protected"] and not row["phones"]}
    if not seats:
        return {}
    found = session.execute(queries.CRIP_PHONES, {"territories": sorted(seats)})
    phones: dict[str, list[str]] = {}
    for territory, numbers in found:
        phones.setdefault(territory, numbers)
    return phones


def _facets(
    vocabulary: Vocabulary, filters: Filters, counts: Mapping[tuple[str, str], int]
) -> dict[str, tuple[FacetValue, ...]]:
    """Return the values that occur in the territory, and those that are asked for."""
    labels: dict[str, Mapping[str, Term]] = {
        "categorie": vocabulary.categories,
        "fonction": vocabulary.functions,
        "public": vocabulary.audiences,
    }
    facets = {}
    for facet, codes in valid_codes(vocabulary).items():
        asked = getattr(filters, facet)
        facets[facet] = tuple(
            FacetValue(code, labels[facet][code].label, counts.get((facet, code), 0), code in asked)
            for code in codes
            if (facet, code) in counts or code in asked
        )
    return facets
