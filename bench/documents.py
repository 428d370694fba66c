"""Invented resources in the numbers that are measured: one word in nearly all, one in a few."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert

from app.models import IssuingBody, Resource, ResourceRecord, ResourceSynonym
from app.platform.database.sessions import write
from app.resources.content import Content
from app.resources.fields import FILTERS
from app.resources.stored import columns_of
from bench.actors import SEED

RESOURCES, BODIES, VOCABULARY = 5_000, 80, 4_000
# In nineteen of twenty, and in one of a thousand.
COMMON, RARE = "mineurs", "trottinette"
SYLLABLES = ("ba", "ché", "di", "fou", "gri", "lan", "mé", "nor", "pli", "rai", "su", "ton", "ver")
# One group more than a database comes with, of the word in nearly all.
SYNONYMS, GROUP = (COMMON, "enfants"), 1_000
TERRITORIES = ("01", "59", "69", "75", "93", "973", "974", "976")
# Of a sheet, beside its steps: eight kilobytes.
PARAGRAPHS, WORDS_OF_PARAGRAPH = 12, 100


def fill_resources(engine: Engine) -> None:
    """Write all of them, as their projection leaves them."""
    with write(engine) as session:
        bodies = [{"code": f"corps-{n}", "name": f"Organisme d’exemple {n}"} for n in range(BODIES)]
        session.execute(insert(IssuingBody), bodies)
        synonyms = [{"word": word, "group_id": GROUP} for word in SYNONYMS]
        session.execute(insert(ResourceSynonym), synonyms)
        rows = list(resources(RESOURCES))
        names = ("id", "public_id", "form", "audience", "edition")
        more = {"status": "published", "latest": 1, "made_by": "bench"}
        session.execute(
            insert(ResourceRecord), [{each: row[each] for each in names} | more for row in rows]
        )
        session.execute(insert(Resource), rows)


def resources(count: int) -> Iterator[dict[str, Any]]:
    """Yield rows of the open table, the same at every run: one in five is a sheet."""
    random = Random(SEED)  # noqa: S311
    words = ["".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(VOCABULARY)]
    for number in range(count):
        said = [COMMON] if random.random() < 0.95 else []
        said += [RARE] if number % 1_000 == 0 else []

        def text(length: int, said: list[str] = said) -> str:
            found = random.choices(words, k=length) + said
            random.shuffle(found)
            return " ".join(found).capitalize()

        content = _sheet(random, text) if number % 5 == 0 else _document(random, text)
        yield columns_of(content) | {
            "id": UUID(int=random.getrandbits(128), version=4),
            "public_id": f"{random.getrandbits(64):016x}",
            "slug": f"exemple-{number}",
            "edition": 1,
            "body_codes": [f"corps-{random.randrange(BODIES)}"],
            "published_at": datetime(2026, 1, 2, tzinfo=UTC),
            "changed_on": date(2026, 1, 2),
        }


def _common(random: Random, text: Any) -> dict[str, Any]:
    chosen = {
        name: list(FILTERS[name].choices or ()) for name in ("theme", "public", "fonction", "s")
    }
    where = random.random() < 0.3
    return {
        "title": text(8),
        "bodies": [f"Organisme d’exemple {random.randrange(BODIES)}"],
        "year": random.randint(1990, 2026),
        "themes": random.sample(chosen["theme"], 2),
        "publics": random.sample(chosen["public"], 1),
        "functions": random.sample(chosen["fonction"], 1),
        "situations": random.sample(chosen["s"], 1),
        "reach": "territories" if where else "national",
        "territories": [random.choice(TERRITORIES)] if where else [],
    }


def _document(random: Random, text: Any) -> Content:
    lists = {name: list(FILTERS[name].choices or ()) for name in ("type", "nature")}
    more = {"type": random.choice(lists["type"]), "nature": random.choice(lists["nature"])}
    own = {"own": {"form": "document"}, "summary": text(90), "media": "pdf"}
    return Content.model_validate(_common(random, text) | more | own)


def _sheet(random: Random, text: Any) -> Content:
    steps = [{"text": text(20), "who": text(3), "delay": "Dans l’heure"} for _ in range(6)]
    more = "\n\n".join(text(WORDS_OF_PARAGRAPH) for _ in range(PARAGRAPHS))
    own = {"form": "fiche", "when": text(10), "steps": steps, "more": more}
    return Content.model_validate(_common(random, text) | {"own": own, "summary": text(40)})
