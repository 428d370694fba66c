"""The statements behind sitemaps, built once."""

from datetime import date

from sqlalchemy import Select, Text, bindparam, select

from app.visibility import PUBLIC, published

# A sitemap has 50,000 addresses at most; one is the page of the territory itself.
SHEETS_MAX = 49_999


def _sheets() -> Select[str, str, date | None]:
    """Return the sheets that robots may list: (public_id, slug, verified_on) of a territory.

    Never those of protected actors: whoever needs one finds it, and nobody collects them. In
    order of ids, which are random, so that the order does not say when an actor was added.
    """
    actor = published()
    column = actor.c
    return (
        select(column.public_id, column.slug, column.verified_on)
        .where(column.territory_code == bindparam("territory", type_=Text), ~column.protected)
        .order_by(column.public_id)
        .limit(SHEETS_MAX)
    )


def _resources() -> Select[str, str, date]:
    """Return the resources that robots may list: (public_id, slug, changed_on)."""
    column = PUBLIC.resources().c
    return (
        select(column.public_id, column.slug, column.changed_on)
        .order_by(column.public_id)
        .limit(SHEETS_MAX)
    )


SHEETS = _sheets()
RESOURCES = _resources()
