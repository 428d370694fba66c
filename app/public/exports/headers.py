"""The header of the table: what sorts it, and which way it is sorted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.search.criteria import Order, Search
from app.search.facets import FACETS, TABLE_COLUMNS
from app.search.schemas import FilterValue

PATH = "/table"


@dataclass(frozen=True, slots=True)
class Header:
    """A column of the page. url: sorts by it, or turns its order; None where nothing does.

    direction: "ascending" or "descending" where the table is sorted by it.
    """

    name: str
    label: str
    url: str | None = None
    direction: str | None = None


COLUMNS: tuple[tuple[str, str, Order | None], ...] = (
    ("nom", "Nom", Order.NAME),
    ("categorie", "Catégorie", Order.CATEGORY),
    ("commune", "Commune", Order.TOWN),
    ("departement", "Département", None),
    ("distance", "Distance", Order.DISTANCE),
    ("telephone", "Téléphone", None),
    ("adresse", "Adresse", None),
    ("horaires", "Horaires", None),
    *((column.name, column.label, None) for column in TABLE_COLUMNS),
    ("verification", "Vérifié le", Order.VERIFIED),
)


def headers(search: Search, facets: Mapping[str, Iterable[FilterValue]]) -> tuple[Header, ...]:
    """Return the columns of a search's table; distances only where there is a place.

    facets: of Found. A column in which no actor of the selection says anything is left out.
    """
    silent = {column.name for column in TABLE_COLUMNS} - _said(facets)
    return tuple(
        Header(name, label) if order is None else _sorting(search, name, label, order)
        for name, label, order in COLUMNS
        if (search.place or order is not Order.DISTANCE) and name not in silent
    )


def _said(facets: Mapping[str, Iterable[FilterValue]]) -> set[str]:
    """Return the names of the columns for which somebody has something, or nobody counts."""
    return {
        facet.column.name
        for facet in FACETS
        if facet.column
        and (not facet.counted or any(value.count for value in facets.get(facet.name, ())))
    }


def _sorting(search: Search, name: str, label: str, order: Order) -> Header:
    if order is not search.sorted_by:
        return Header(name, label, search.but(order=order, descending=False).url(PATH))
    turned = search.but(order=order, descending=not search.descending)
    direction = "descending" if search.descending else "ascending"
    return Header(name, label, turned.url(PATH), direction)
