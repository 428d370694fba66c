"""From what people write (a name, a code, a département) to current communes and territories."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from geo.arrondissements import DISTRICTS
from geo.names import ARTICLES, normalise, without_article
from geo.postal import BOX, CEDEX, POSTCODE, area_of, clean_postcode
from geo.territories import Commune, FormerCommune, Territory

Value = TypeVar("Value")
# Spellings in use that are neither the code nor the name of a territory.
_ALIASES = {
    "69d": "69",
    "nouveau rhone": "69",
    "grand lyon": "69M",
    "grand lyon metropole": "69M",
    "grand lyon la metropole": "69M",
    "metropole du grand lyon": "69M",
    "lyon metropole": "69M",
    "metropole lyon": "69M",
    "guyane francaise": "973",
    "ile de la reunion": "974",
}
_TERRITORY_PREFIX = re.compile(
    r"^(?:(?:departement|dept|dep|dpt|collectivite) )?(?:(?:des|de|du|d) )?"
)
_MAIL = re.compile(rf"\s*{CEDEX}.*$|{BOX}\s?\d[\d ]*", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)?\s*$")
_DISTRICT = re.compile(
    r"^(paris|lyon|marseille)\s+(\d{1,2})\s*(?:er|e|eme|ieme|nd|nde)?"
    r"(?:\s+(?:arr|arrdt|arrt|arrondissement))?$"
)


@dataclass(slots=True)
class _Names:
    """Communes by normalised name without its article, and codes by full name.

    "La Croix" is not "Croix" when both exist.
    """

    communes: dict[str, tuple[Commune, ...]] = field(default_factory=dict)
    full: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ordered: list[str] = field(default_factory=list)

    def add(self, name: str, commune: Commune) -> None:
        # "Château-Chinon (Ville)" is found with and without what stands in brackets.
        for variant in {name, _BRACKETS.sub("", name)}:
            full = normalise(variant)
            _add(self.communes, without_article(full), commune)
            _add(self.full, full, commune.code)


def _add(index: dict[str, tuple[Value, ...]], name: str, value: Value) -> None:
    # Most names are of one: a dictionary or a set each takes 12 MB for all of France.
    known = index.get(name, ())
    if value not in known:
        index[name] = (*known, value)


class Gazetteer:
    """Names and codes of territories and communes, indexed once, looked up in constant time.

    It holds no position of its own: every answer is a value given to it. Homonyms are all
    returned, since choosing among them takes evidence that only the caller may have.
    """

    def __init__(
        self,
        territories: Iterable[Territory],
        communes: Iterable[Commune],
        former: Iterable[FormerCommune],
    ) -> None:
        self._territories = {territory.code: territory for territory in territories}
        self._communes = {commune.code: commune for commune in communes}
        self._former: dict[str, FormerCommune] = {}
        self._by_postcode: dict[str, list[Commune]] = defaultdict(list)
        for commune in self._communes.values():
            for postcode in commune.postcodes:
                self._by_postcode[postcode].append(commune)
        self._parts = [part for part in former if part.commune in self._communes]
        for part in self._parts:
            self._former.setdefault(part.code, part)
        self._territory_names = dict(_ALIASES)
        for territory in self._territories.values():
            self._territory_names[territory.code.lower()] = territory.code
            self._territory_names[without_article(normalise(territory.name))] = territory.code

    # Where only codes are asked for, as by an act, names would take more than half of the time.
    @cached_property
    def _names(self) -> _Names:
        names = _Names()
        for commune in self._communes.values():
            names.add(commune.name, commune)
        for part in self._parts:
            if part.name and part.commune_type != "arrondissement":
                names.add(part.name, self._communes[part.commune])
        names.ordered = sorted(names.communes)
        return names

    @property
    def territories(self) -> tuple[Territory, ...]:
        """Return every territory, in the order given."""
        return tuple(self._territories.values())

    @property
    def communes(self) -> tuple[Commune, ...]:
        """Return every current commune, in the order given."""
        return tuple(self._communes.values())

    def territory(self, code: str) -> Territory | None:
        """Return the territory of a code ("93", "2A", "69M"), or None."""
        return self._territories.get(code)

    def of_region(self, code: str) -> list[str]:
        """Return the codes of the territories of the same region, that of a code among them."""
        region = self._territories[code].region_code
        return [each.code for each in self._territories.values() if each.region_code == region]

    def territory_named(self, text: str) -> Territory | None:
        """Return the territory that a text names by code, name, or both where they agree.

        "93", "1", "LA REUNION", "Seine Saint Denis", "93 - Seine-Saint-Denis", "Dept de la Loire".
        """
        named = normalise(text)
        found = self._territory(named)
        if found is not None:
            return found
        for code, name in (named.partition(" ")[::2], named.rpartition(" ")[::-2]):
            both = self._territory(code), self._territory(name)
            if both[0] is not None and both[0] == both[1] and code[:1].isdigit():
                return both[0]
        return None

    def _territory(self, named: str) -> Territory | None:
        bare = without_article(_TERRITORY_PREFIX.sub("", named))
        code = self._territory_names.get(bare) or self._territory_names.get(named)
        if code is None and re.fullmatch(r"\d", bare):
            code = f"0{bare}"
        return None if code is None else self._territories.get(code)

    def by_insee(self, code: str) -> Commune | None:
        """Return the current commune of an INSEE code: current, former, or an arrondissement's.

        A code that lost its leading zero ("1004") is understood.
        """
        wanted = code.strip().upper().zfill(5)
        commune = self._communes.get(wanted)
        if commune is None and (part := self._former.get(wanted)) is not None:
            commune = self._communes.get(part.commune)
        return commune

    def with_postcode(self, postcode: str) -> list[Commune]:
        """Return the current communes that have a postcode of five digits, by code."""
        return sorted(self._by_postcode.get(postcode, ()), key=lambda c: c.code)

    def find(
        self, name: str, postcode: str | None = None, territory: str | None = None
    ) -> list[Commune]:
        """Return the current communes that a name can mean, by code; [] where none fits.

        territory (a code) is a filter. postcode narrows where it matches and is never evidence
        by itself: 01200 is partly in Haute-Savoie, 42620 in Allier, 05110 in
        Alpes-de-Haute-Provence, and those of CEDEX belong to no commune.
        """
        bare, hint, around = self._read(name)
        wanted = clean_postcode(postcode) or hint
        named = self._names.communes.get(without_article(bare), ())
        found = [c for c in named if territory in (None, c.territory)]
        if around is not None and territory is None:
            found = [c for c in found if c.territory == around.code] or found
        near = any(_near(c, wanted) for c in found)
        if not near and _distinctive(bare) and (wanted or territory):
            found = self._longer(bare, wanted, territory) or found
        if not found and wanted:
            found = self._shorter(bare, wanted, territory)
        return sorted(self._narrow(found, bare, wanted), key=lambda c: c.code)

    def _read(self, name: str) -> tuple[str, str | None, Territory | None]:
        """Return the normalised name, and the postcode and territory that were written with it."""
        rest = _MAIL.sub(" ", name)
        written = POSTCODE.search(rest)
        hint = "".join(written.groups()) if written else None
        rest = POSTCODE.sub(" ", rest)
        around = None
        brackets = _BRACKETS.search(rest)
        if brackets and without_article(normalise(rest)) not in self._names.communes:
            around = self.territory_named(brackets[1])
            article = brackets[1] if normalise(brackets[1]) in ARTICLES else ""
            rest = f"{article} {rest[: brackets.start()]}"
        bare = normalise(rest)
        district = _DISTRICT.match(bare)
        if district and 1 <= int(district[2]) <= DISTRICTS[district[1]]:
            bare = district[1]
        return bare, hint, around

    def _longer(self, bare: str, postcode: str | None, territory: str | None) -> list[Commune]:
        """Return the one commune there whose name goes on after bare, or none.

        Évry merged into Évry-Courcouronnes and no source has its old name, while another Évry
        lives on in the Yonne: "EVRY 91000" is not that one. Likewise Cherbourg, Châlons, Boulogne.
        """
        start = f"{without_article(bare)} "
        found: dict[str, Commune] = {}
        ordered = self._names.ordered
        rank = bisect_left(ordered, start)
        while rank < len(ordered) and ordered[rank].startswith(start):
            found |= {each.code: each for each in self._names.communes[ordered[rank]]}
            rank += 1
        there = [
            c
            for c in found.values()
            if territory in (None, c.territory) and (postcode is None or _near(c, postcode))
        ]
        exact = [c for c in there if postcode in c.postcodes] or there
        return exact if len(exact) == 1 else []

    def _shorter(self, bare: str, postcode: str, territory: str | None) -> list[Commune]:
        """Return the communes of exactly that postcode whose name bare begins with, longest first.

        "Saint-Denis la Plaine, 93210", "Cergy-Pontoise, 95000".
        """
        head = bare.rpartition(" ")[0]
        while _distinctive(head):
            named = self._names.communes.get(without_article(head), ())
            there = [c for c in named if territory in (None, c.territory)]
            if found := [c for c in there if postcode in c.postcodes]:
                return found
            head = head.rpartition(" ")[0]
        return []

    def _narrow(self, found: list[Commune], bare: str, postcode: str | None) -> list[Commune]:
        if len(found) < 2:
            return found
        exact = [c for c in found if postcode in c.postcodes]
        if exact:
            return exact
        full = self._names.full.get(bare, ())
        found = [c for c in found if c.code in full] or found
        return [c for c in found if postcode and _near(c, postcode)] or found


def _distinctive(bare: str) -> bool:
    """Return whether a part of a name says something by itself, beside a postcode."""
    return len(bare) > 3 and bare not in {"saint", "sainte"}


def _near(commune: Commune, postcode: str | None) -> bool:
    """Return whether a postcode is in the area of the commune's own; without one, always."""
    if postcode is None:
        return True
    return area_of(postcode) in map(area_of, commune.postcodes)
