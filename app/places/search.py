"""Places by what a person types: the very name first, then the largest, typing errors last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from app.places import queries
from app.places.reading import Typed, read
from app.places.schemas import Suggestion
from geo.names import normalise, without_article

# How well a place fits: in this order, whatever their size.
EXACT, PREFIX, WORD, LIKENESS = range(4)
# A territory stands among communes of this size: "loir" is Loire and Loiret before any commune,
# "mar" is Marseille before Marne.
AS_LARGE_AS = 50_000
# Share of letters, by optimal string alignment, that a name mistyped keeps: "marseile" 0.89,
# "sanit denis" 0.91, "bobingy" 0.86, "vileurbane" 0.83; "bobigny" and "bobital" share 0.57.
LIKE = 0.72
# What kind of thing a territory is, as its page is called.
WORDS_OF_KINDS = {
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


def find(session: Session, typed: Typed) -> list[Match]:
    """Return every place that a text may mean, at most some hundred, the most probable first."""
    matches = [*_territories(session, typed), *_communes(session, typed)]
    if not matches and len(typed.name) >= 4 and not typed.is_address:
        matches = _mistyped(session, typed)
    return sorted(matches, key=lambda match: (match.rank, -match.size))


def places(session: Session, statement: Select[Any], **given: Any) -> Sequence[Found]:
    """Run one of the statements of queries that give places, everywhere unless given says where."""
    return session.execute(statement, {"territory": None} | given).all()


def match_of(row: Found, rank: int) -> Match:
    """Return a row of queries as a match."""
    return Match(rank, row.population or 0, suggestion_of(row), row)


def _communes(session: Session, typed: Typed) -> list[Match]:
    if typed.begun:
        # Every postcode that begins so, since an index of arrays knows whole ones only.
        missing = 5 - len(typed.begun)
        codes = [f"{typed.begun}{n:0{missing}}" for n in range(10**missing)]
        return [
            match_of(row, PREFIX) for row in places(session, queries.BY_POSTCODE, postcodes=codes)
        ]
    if typed.districts:
        return [
            match_of(row, EXACT)
            for row in places(session, queries.BY_NAME, names=list(typed.districts))
        ] or _named(session, typed)
    named = _named(session, typed) if typed.name else []
    if typed.postcode is None:
        return named
    return _narrowed(named, typed.postcode) or _of_postcode(session, typed.postcode) or named


def _named(session: Session, typed: Typed) -> list[Match]:
    name, territory = typed.name, typed.territory
    given = {"words": name, "after": f"{name}~", "territory": territory}
    rows = places(session, queries.BY_PREFIX, **given)
    exact = [row for row in rows if row.search_name == name]
    # "La Croix" is not "Croix" where both exist.
    full = [row.code for row in exact if normalise(row.name) == typed.full_name]
    same = full or [row.code for row in exact]
    matches = [match_of(row, EXACT if row.code in same else PREFIX) for row in rows]
    if len(rows) < 10 and len(name) >= 3:
        words = places(session, queries.BY_WORD, words=name, territory=territory)
        matches += [match_of(row, WORD) for row in words]
    return matches


def _narrowed(named: Iterable[Match], postcode: str) -> list[Match]:
    """Return the named places of a postcode; those of its area where it is one for mail alone."""
    several = [(match, match.row.postcodes) for match in named if match.row is not None]
    exact = [match for match, codes in several if postcode in codes]
    near = [m for m, codes in several if any(code[:2] == postcode[:2] for code in codes)]
    return exact or [match for match in near if match.rank == EXACT]


def _of_postcode(session: Session, postcode: str) -> list[Match]:
    """Return the places of a postcode, else that of an INSEE code.

    An arrondissement comes without its city, which has all postcodes of its arrondissements.
    """
    rows = places(session, queries.BY_POSTCODE, postcodes=[postcode])
    parts = [row for row in rows if row.kind == "arrondissement"]
    rows = parts or rows or places(session, queries.BY_CODE, codes=[postcode])
    return [match_of(row, EXACT) for row in rows]


def _mistyped(session: Session, typed: Typed) -> list[Match]:
    rows = places(session, queries.BY_LIKENESS, words=typed.name, territory=typed.territory)
    close = [(row, OSA.normalized_similarity(typed.name, row.search_name)) for row in rows]
    # One slip more or less outweighs size, and size outweighs the length of the name.
    slips = {row.code: OSA.distance(typed.name, row.search_name) for row, _ in close}
    return [
        match_of(row, LIKENESS + slips[row.code]) for row, likeness in close if likeness >= LIKE
    ]


def _territories(session: Session, typed: Typed) -> list[Match]:
    words = typed.name
    if not words or typed.postcode or typed.territory or typed.districts:
        return []
    found = []
    for row in session.execute(queries.TERRITORIES):
        rank = _rank(words, without_article(row.slug.replace("-", " ")), row.code.lower())
        region = without_article(normalise(row.region_name))
        if rank is None and region == words:
            rank = PREFIX
        if rank is None:
            continue
        suggestion = Suggestion(
            code=row.code,
            label=row.name,
            detail=f"{WORDS_OF_KINDS[row.kind]} {row.code}"
            + (f", {row.region_name}" if row.region_name != row.name else ""),
            kind="territoire",
            url=f"/departements/{row.code}",
        )
        found.append(Match(rank, AS_LARGE_AS if rank else 10**9, suggestion, None))
    return found


def _rank(words: str, name: str, code: str) -> int | None:
    if words in (name, code, code.lstrip("0")):
        return EXACT
    if name.startswith(words):
        return PREFIX
    return WORD if len(words) >= 3 and f" {words}" in name else None


def suggestion_of(row: Found) -> Suggestion:
    """Return a row of queries as it is shown; what has no point leads to its territory."""
    postcode = row.postcodes[0] if row.postcodes else None
    if row.kind == "commune":
        detail = [postcode, row.territory_name]
    elif row.kind == "arrondissement":
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
        detail=(", " if row.kind in ("commune", "arrondissement") else " ").join(
            part for part in detail if part and part != row.name
        ),
        kind=row.kind if row.kind in ("commune", "arrondissement") else "ancienne",
        url=url,
    )


def name_of(row: Found) -> str:
    """Return a place's name: the source writes "Paris 11e Arrondissement"."""
    name: str = row.name
    return name.replace(" Arrondissement", " arrondissement")
