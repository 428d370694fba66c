"""From an address of ours to the map that it shows: whole maps, searches and registered embeds."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from sqlalchemy.orm import Session

from app.embeds.ids import ID
from app.embeds.look import Look, embed_url, read_look
from app.embeds.registered import look_of, path_of, read_locked, read_registered
from app.errors import Mesure23Error
from app.gazetteer.territories import CODE
from app.search.criteria import Search
from app.search.parameters import PARAMETERS, SEVERAL
from app.search.reading import read_search

# Characters; no address of a search that pages write is as long.
ADDRESS_MAX = 2_000
FIELDS_MAX = 100
# Browsers read a backslash as a slash, and drop what does not print: no address of ours has either.
PRINTED = re.compile(r"[!-\[\]-~]+")
_ADDRESS = re.compile(r"""https?://[^\s"'<>]+""")
PORTS = {"http": 80, "https": 443}
TERRITORY = re.compile(rf"/(?:departements|integration)/({CODE.pattern})")
REGISTERED = re.compile(path_of(f"({ID.pattern})"))
AROUND = ("/autour", "/integration/autour")
# What an embed takes of a search: neither its order, nor a page, nor a view.
SELECTING = PARAMETERS.keys() - {"tri", "page", "vue"}
LOOK = ("liste", "filtres", "couleur", "papier", "encre", "coins")
# Texts of places that are not found yet: an address that has one says no place.
PLACE_TEXTS = ("ou", "eloigner")


class EmbedUnknown(Mesure23Error):
    """Aucune carte à intégrer ne se trouve à cette adresse."""

    status = 404
    title = "Carte introuvable"
    advice = (
        "Copiez l’adresse d’un département ou d’une recherche de ce site, ou composez la "
        "carte sur la page « Intégrer une carte »."
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address of ours shows, and the path and query of its embed."""

    search: Search
    look: Look
    src: str


def read_address(session: Session, url: str, base: str) -> Shown:
    """Return what an address shows; base: the address of the service, without a slash.

    Raises EmbedUnknown for another site's, however similar, and for ours that show no map; and what
    read_search and read_look raise for a search that its own page refuses.
    """
    parts = _ours(url, base)
    if registered := REGISTERED.fullmatch(parts.path):
        return _registered(session, registered.group(1))
    territory = TERRITORY.fullmatch(parts.path)
    if not territory and parts.path not in AROUND:
        raise EmbedUnknown
    try:
        given = parse_qs(parts.query, max_num_fields=FIELDS_MAX)
    except ValueError as error:
        raise EmbedUnknown from error
    if given.keys() & set(PLACE_TEXTS):
        raise EmbedUnknown
    # As routes read them: the last of what is written twice.
    what: dict[str, Any] = {
        name: tuple(values) if name in SEVERAL else values[-1]
        for name, values in given.items()
        if name in SELECTING
    }
    search = read_search(session, territory=territory.group(1) if territory else "", **what)
    look = read_look(**{name: given[name][-1] for name in LOOK if name in given})
    return Shown(search, look, embed_url(search, look))


def address_in(pasted: str) -> str:
    """Return the first address of a text that somebody pasted: an address alone, or the code of a
    frame; the text where it has none.
    """
    found = _ADDRESS.search(unescape(pasted))
    return found[0] if found else pasted.strip()


def _registered(session: Session, embed_id: str) -> Shown:
    registered = read_registered(session, embed_id)
    if registered.revoked:
        raise EmbedUnknown
    return Shown(read_locked(session, registered.search), look_of(registered), registered.path)


def _ours(url: str, base: str) -> SplitResult:
    if len(url) > ADDRESS_MAX or not PRINTED.fullmatch(url):
        raise EmbedUnknown
    try:
        parts = urlsplit(url)
        origin = _origin(parts)
    except ValueError as error:
        raise EmbedUnknown from error
    if "@" in parts.netloc or origin != _origin(urlsplit(base)):
        raise EmbedUnknown
    return parts


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port, as RFC 6454 compares them; ValueError for a wrong port."""
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
