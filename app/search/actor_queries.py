"""Statements over one actor, built once, with bound parameters; many are app.search's."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.models import Commune, Competence, Epci, FormerAddress, Territory
from app.search.agreement import doubted
from app.search.facets import FACETS
from app.visibility import published

TERRITORIES = bindparam("territories", type_=ARRAY(Text))
PUBLIC_ID = bindparam("public_id", type_=Text)

# What a card says; the rest of the public record is for filters and for the map.
SHOWN = (
    *("public_id", "slug", "protected", "name", "acronym", "description"),
    *(column for facet in FACETS for column in facet.columns),
    *(
        "phones",
        "duty_phones",
        "duty_hours",
        "email",
        "website",
        "hours_text",
        "access",
        "access_text",
        "referral_public",
        "referrers_public",
        "address",
        "precision",
        "territory_code",
    ),
    "verified_on",
    "register",
    "covers_said_on",
)


def json_object(**values: ColumnElement[Any]) -> ColumnElement[Any]:
    """Build a JSON object whose keys are part of the statement, not parameters of it."""
    pairs = (part for key, value in values.items() for part in (literal_column(f"'{key}'"), value))
    return func.json_build_object(*pairs)


def _sheet() -> Select[*tuple[Any, ...]]:
    """Return one actor, the names of its places, of what it covers and of where that is doubted."""
    actor = published()
    seat = Territory.__table__.alias("seat")

    def names(place: FromClause, codes: ColumnElement[Any]) -> ColumnElement[Any]:
        found = select(place.c.name).where(place.c.code == func.any(codes)).order_by(place.c.name)
        return func.array(found.scalar_subquery())

    place, said = Commune.__table__.alias("doubted_commune"), Competence.__table__.alias("of_it")
    doubted_communes = (
        select(place.c.name)
        .join(said, said.c.commune_code == place.c.code)
        .where(said.c.public_id == actor.c.public_id, doubted(actor, place.c.code))
        .distinct()
        .order_by(place.c.name)
    )
    return (
        select(
            *(actor.c[name] for name in SHOWN),
            Commune.name.label("commune_name"),
            seat.c.name.label("seat_territory_name"),
            actor.c.point.is_not(None).label("drawn"),
            actor.c.covers_national,
            names(Territory.__table__.alias("covered"), actor.c.covers_territories).label(
                "covered_territories"
            ),
            names(Epci.__table__, actor.c.covers_epcis).label("covered_epcis"),
            names(Commune.__table__.alias("covered_commune"), actor.c.covers_communes).label(
                "covered_communes"
            ),
            names(Commune.__table__.alias("said_commune"), actor.c.communes_said).label(
                "said_communes"
            ),
            func.array(doubted_communes.scalar_subquery()).label("doubted_communes"),
        )
        .outerjoin(Commune, Commune.code == actor.c.commune_code)
        .join(seat, seat.c.code == actor.c.territory_code)
        .where(actor.c.public_id == PUBLIC_ID)
    )


def _crip_phones() -> Select[str, list[str], str | None]:
    """Return the numbers of the CRIP of each territory, which take calls for protected places."""
    actor = published()
    column = actor.c
    return (
        select(column.territory_code, column.phones, column.opening_hours)
        .where(
            column.territory_code == func.any(TERRITORIES),
            column.category == literal_column("'crip'"),
            ~column.protected,
            func.cardinality(column.phones) > 0,
        )
        .order_by(column.territory_code, column.name, column.public_id)
    )


SHEET = _sheet()
CRIP_PHONES = _crip_phones()
# The one that an actor was joined to, where nothing of either is hidden.
JOINED_TO = select(FormerAddress.target).where(FormerAddress.public_id == PUBLIC_ID)
