"""What the lines of a list are narrowed by, as addresses say it, and the way back to them."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request

# In the order of the fields of Narrowed.
NAMES = ("resultat", "etat", "champ", "categorie", "commune")
LONGEST = 60


def given(request: Request, name: str) -> str:
    """Return what an address says of a name, if it may be read."""
    value = request.query_params.get(name, "")[:LONGEST]
    return value if value.isprintable() else ""


def query_of(values: Mapping[str, object]) -> str:
    """Return the query of an address, without what is empty."""
    return urlencode({name: value for name, value in values.items() if value})


def way_back(request: Request, *more: str) -> str:
    """Return the query by which a page of one line was reached, to the lines as they were."""
    return query_of({name: given(request, name) for name in (*NAMES, *more)})
