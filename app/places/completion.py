"""Places by what a person types: the very name first, then the largest, typing errors last."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from app.places import queries
from app.places.reading import TERRITORY, PlaceQuery, read
from app.places.schemas import Suggestion
from geo.names import normalise, without_article
from geo.postal import area_of

# How well a place fits: in this order, whatever their size.
EXACT, PREFIX, WORD, SIMILAR = range(4)
# A territory stands among communes of this size: "loir" is Loire and Loiret before any commune,
# "mar" is Marseille before Marne.
AS_LARGE_AS = 50_000
# Share of letters that a mistyped name has in common, by optimal string alignment: "marseile" 0.89,
# "sanit denis" 0.91, "bobingy" 0.86, "vileurbane" 0.83; "bobigny" and "bobital" share 0.57.
LEAST_SIMILARITY = 0.72
# Types of territories in French.
TERRITORY_TYPES = {
    "departement": "département",
    "metropole": "métropole",
    "collectivite": "collectivité",
}

Found = Row[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A place that fits, and how well. row: None for a territory, which is no place to be near."""

    rank: int
    size: int
    suggestion: Suggestion
    row: Found | None


def suggest(session: Session, text: str, limit: int = 10) -> list[Suggestion]:
    """Return what a text may mean, the most probable first; [] for a text that means no place."""
    return [match.suggestion for match in find(session, read(text))[:limit]]


def find(session: Session, query: PlaceQuery) -> list[Match]:
    """Return every place that a text may mean, at most some hundred, the most probable first."""
    communes = _communes(session, query)
    matches = [*_territories(session, query, communes), *communes]
    if not matches and not query.is_address:
        matches = _of_territory(session, query) or _mistyped(session, query)
    return sorted(matches, key=lambda match: (match.rank, -match.size))


def places(session: Session, statement: Select[Any], **given: Any) -> Sequence[Found]:
    """Run one of the statements of queries that give places, everywhere unless given says where."""
    return session.execute(statement, {"territory": None} | given).all()


def match_of(row: Found, rank: int, postcode: str | None = None) -> Match:
    """Return a row of queries as a match. postcode: the one of several that was asked for."""
    return Match(rank, row.population or 0, suggestion_of(row, postcode), row)


def _communes(session: Session, query: PlaceQuery) -> list[Match]:
    if query.begun:
        # Every postcode that begins so, since an index of arrays knows whole ones only.
        missing = 5 - len(query.begun)
        codes = [f"{query.begun}{n:0{missing}}" for n in range(10**missing)]
        return [
            match_of(row, PREFIX) for row in places(session, queries.BY_POSTCODE, postcodes=codes)
        ]
    if query.districts:
        rows = places(session, queries.BY_NAME, names=list(query.districts))
        # "paris 1" may go on as "paris 15", and "11e" is the end of nothing else.
        longer = _named(session, query) if query.name[-1].isdigit() else []
        return _distinct([*(match_of(row, EXACT) for row in rows), *longer])
    named = _named(session, query) if query.name else []
    if query.postcode is None:
        return named
    narrowed = _narrowed(named, query.postcode)
    if narrowed or query.is_address:
        return narrowed
    return _of_postcode(session, query.postcode) or named


def _named(session: Session, query: PlaceQuery) -> list[Match]:
    name, territory = query.name, query.territory
    given = {"words": name, "after": f"{name}~", "territory": territory}
    rows = places(session, queries.BY_PREFIX, **given)
    exact = [row for row in rows if row.search_name == name]
    # "La Croix" is not "Croix" where both exist.
    full = [row.code for row in exact if normalise(row.name) == query.full_name]
    same = full or [row.code for row in exact]
    matches = [match_of(row, EXACT if row.code in same else PREFIX) for row in rows]
    if len(rows) < 10 and len(name) >= 3:
        words = places(session, queries.BY_WORD, words=name, territory=territory)
        matches += [match_of(row, WORD) for row in words]
    return _distinct(matches)


def _distinct(matches: Iterable[Match]) -> list[Match]:
    """Return each place once, as it was first: a name may begin with a word and hold it again."""
    return list({(m.suggestion.code, m.suggestion.label): m for m in reversed([*matches])}.values())


def _of_territory(session: Session, query: PlaceQuery) -> list[Match]:
    """Return the communes of a name with that of its territory: "saint denis reunion"."""
    for words, territory in before_territory(session, query.full_name.split()):
        name = " ".join(words)
        short = replace(query, name=without_article(name), full_name=name, territory=territory)
        if territory and (matches := _named(session, short)):
            return matches
    return []


def before_territory(session: Session, words: list[str]) -> Iterator[tuple[list[str], str | None]]:
    """Yield the words before the code or name of a territory, with its code; then all words.

    The longest name first: who writes "Val-d'Oise" does not mean Oise.
    """
    if len(words) > 2 and TERRITORY.fullmatch(words[-1]):
        yield words[:-1], words[-1].upper()
    named = [
        (without_article(row.slug.replace("-", " ")).split(), row.code)
        for row in session.execute(queries.TERRITORIES)
    ]
    for name, code in sorted(named, key=lambda pair: -len(pair[0])):
        if len(words) > len(name) and words[-len(name) :] == name:
            yield words[: -len(name)], code
    yield words, None


def _narrowed(named: Iterable[Match], postcode: str) -> list[Match]:
    """Return the named places of a postcode; those of its area where it is one for mail alone."""
    several = [(match, match.row.postcodes) for match in named if match.row is not None]
    exact = [
        replace(match, suggestion=suggestion_of(match.row, postcode))
        for match, codes in several
        if match.row is not None and postcode in codes
    ]
    near = [m for m, codes in several if area_of(postcode) in map(area_of, codes)]
    return exact or [match for match in near if match.rank == EXACT]


def _of_postcode(session: Session, postcode: str) -> list[Match]:
    """Return the places of a postcode, else that of an INSEE code.

    An arrondissement comes without its city, which has all postcodes of its arrondissements.
    """
    rows = places(session, queries.BY_POSTCODE, postcodes=[postcode])
    parts = [row for row in rows if row.commune_type == "arrondissement"]
    rows = parts or rows or places(session, queries.BY_CODE, codes=[postcode])
    if not rows and postcode.endswith("000"):
        # Nobody has the postcode of all of Paris, Lyon or Marseille, which people write.
        first = places(session, queries.BY_POSTCODE, postcodes=[f"{postcode[:2]}001"])
        rows = [row for row in first if row.commune_type == "commune"]
    return [match_of(row, EXACT, postcode) for row in rows]


def _mistyped(session: Session, query: PlaceQuery) -> list[Match]:
    if len(query.name) < 4:
        return []
    # Two letters that changed places change four trigrams of the length and one that there are:
    # a third is left of those of "bobigny", half of those of "saint denis". A little less is asked
    # for, since more similar names are more to compare: 4,000 begin with saint.
    letters = len(query.name)
    least = min(max((letters - 3) / (letters + 5) - 0.1, 0.3), 0.55)
    limits = {"least": f"{least:.2f}", "least_of_words": "0.19"}
    session.execute(queries.SIMILARITY_LIMITS, limits)
    saint, _, telling = query.name.partition(" ")
    given = {"words": query.name, "territory": query.territory}
    if saint in ("saint", "sainte") and telling:
        rows = places(session, queries.BY_SIMILARITY_AFTER_SAINT, **given, telling=telling)
    else:
        rows = places(session, queries.BY_SIMILARITY, **given)
    session.execute(queries.SIMILARITY_LIMITS, queries.USUAL_LIMITS)
    slips = {row.search_name: OSA.distance(query.name, row.search_name) for row in rows}
    fewest = min(slips.values(), default=0)
    return [
        match_of(row, SIMILAR)
        for row in rows
        if slips[row.search_name] == fewest
        and OSA.normalized_similarity(query.name, row.search_name) >= LEAST_SIMILARITY
    ]


def _territories(session: Session, query: PlaceQuery, communes: Iterable[Match]) -> list[Match]:
    words = query.name
    if not words or query.postcode or query.territory or query.districts:
        return []
    # Paris is one place: the territory comes after its only commune.
    own = {(m.row.territory_code, m.row.name) for m in communes if m.row and m.rank == EXACT}
    found = []
    for row in session.execute(queries.TERRITORIES):
        rank = _rank(words, without_article(row.slug.replace("-", " ")), row.code.lower())
        if (rank is None and _plain(row.region_name) == words) or (row.code, row.name) in own:
            rank = PREFIX
        if rank is None:
            continue
        suggestion = Suggestion(
            code=row.code,
            label=row.name,
            detail=f"{TERRITORY_TYPES[row.territory_type]} {row.code}"
            + (f", {row.region_name}" if row.region_name != row.name else ""),
            kind="territoire",
            url=f"/departements/{row.code}",
        )
        found.append(Match(rank, AS_LARGE_AS if rank else 10**9, suggestion, None))
    return found


@lru_cache(maxsize=64)
def _plain(name: str) -> str:
    return without_article(normalise(name))


def _rank(words: str, name: str, code: str) -> int | None:
    if words in (name, code, code.lstrip("0")):
        return EXACT
    if name.startswith(words):
        return PREFIX
    return WORD if len(words) >= 3 and f" {words}" in name else None


def suggestion_of(row: Found, preferred: str | None = None) -> Suggestion:
    """Return a row of queries as it is shown; what has no point leads to its territory.

    preferred: a postcode, shown where it is one of the place's.
    """
    postcode = preferred if preferred in row.postcodes else next(iter(row.postcodes), None)
    if row.commune_type == "commune":
        detail = [postcode, row.territory_name]
    elif row.commune_type == "arrondissement":
        detail = [postcode, row.commune_name]
    else:
        today = f"ancienne commune, aujourd’hui {row.commune_name}"
        detail = [today, f"({row.territory_code})"]
    url = (
        f"/autour?lieu={row.code}" if row.lon is not None else f"/departements/{row.territory_code}"
    )
    return Suggestion(
        code=row.code,
        label=name_of(row),
        detail=(", " if row.commune_type in ("commune", "arrondissement") else " ").join(
            part for part in detail if part and part != row.name
        ),
        kind=row.commune_type if row.commune_type in ("commune", "arrondissement") else "ancienne",
        url=url,
    )


def name_of(row: Found) -> str:
    """Return a place's name: the source writes "Paris 11e Arrondissement"."""
    name: str = row.name
    return name.replace(" Arrondissement", " arrondissement")
