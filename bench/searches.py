"""Searches to measure with, the same ones at every run, where actors are."""

from collections.abc import Iterator, Sequence
from random import Random

import psycopg

from app.places.schemas import Place
from app.search.criteria import RADII, Search
from bench.actors import SEED
from importers import vocabulary

# Words that no actor has, nor anything that resembles them.
ABSENT = ("zzyxwvut", "kwyjibo", "qsdfghjklm", "wxcvbnkj", "bfkzqw")

_PLACES = """
SELECT c.code, c.name, ST_X(a.point), ST_Y(a.point), c.code, c.epci_code, c.territory_code
FROM actor a JOIN commune c ON c.code = a.commune_code
WHERE a.point IS NOT NULL ORDER BY md5(a.public_id) LIMIT %s
"""


def places(owner: psycopg.Connection, count: int) -> list[Place]:
    """Return so many places, each at an actor: where many people are, many of them."""
    return [Place(*row) for row in owner.execute(_PLACES, [count])]


def filtered(around: Sequence[Place]) -> Iterator[Search]:
    """Yield a search within a radius of each place, with one to three filters."""
    random = Random(SEED)  # noqa: S311
    words = vocabulary.load()
    categories = [
        each.code for each in words.categories.values() if not each.protected and not each.neutral
    ]
    radii = [radius for radius in RADII if radius]
    for place in around:
        filters: dict[str, tuple[str, ...]] = {
            "categorie": tuple(random.sample(categories, random.randint(1, 3))),
            "fonction": (random.choice(list(words.functions)),),
            "public": (random.choice(list(words.audiences)),),
            "age": (str(random.randrange(19)),),
        }
        names = random.sample(list(filters), random.randint(1, 3))
        chosen = {name: filters[name] for name in names}
        yield Search(place=place, radius=random.choice(radii)).but(**chosen)


def worded(around: Sequence[Place]) -> Iterator[Search]:
    """Yield a search without radius around each place, for words of the vocabulary or a commune."""
    random = Random(SEED)  # noqa: S311
    words = vocabulary.load()
    known = [*words.categories.values(), *words.functions.values()]
    texts = [text for term in known for text in (term.label, *term.words)]
    for place in around:
        text = random.choice([random.choice(texts), random.choice(around).label])
        yield Search(place=place, radius=None, text=text)


def absent(around: Sequence[Place]) -> Iterator[Search]:
    """Yield a search without radius around each place, for a word that is nowhere."""
    for number, place in enumerate(around):
        yield Search(place=place, radius=None, text=ABSENT[number % len(ABSENT)])
