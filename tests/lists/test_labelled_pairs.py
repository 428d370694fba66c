"""Lines of another list beside known actors, labelled: who is found, and who is asked about.

Each pair varies as real lists do, with invented names. Those of the part "held" are of other kinds
of services, and were measured once the rules stood.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.gazetteer.load import cached_gazetteer
from app.lists.planning import Plan, plan
from app.lists.reading import digested, read_upload
from app.lists.uploads import Received
from app.models import Source, SourceFile, SourceRow
from app.platform.database.sessions import read
from app.records.writing import Writer
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from tests.short_lists import run, sent

FILE = Path(__file__).parent / "labelled_pairs.csv"
TITLES = {
    "nom": "Nom",
    "categorie": "Catégorie",
    "adresse": "Adresse",
    "cp": "Code postal",
    "commune": "Commune",
    "telephone": "Téléphone",
    "courriel": "Courriel",
    "site": "Site",
    "finess": "FINESS",
    "siret": "SIRET",
    "rna": "RNA",
}
FEWEST = 600
# Of those that are merged by themselves, how many are the same; of the same, how many are merged or
# asked about; of the others, how many are asked about.
PRECISION, RECALL, NEEDLESS = 0.99, 0.95, 0.15

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair and what became of its line. other: asked about besides, of another pair."""

    pair: Row
    merged: bool
    asked: bool
    other: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.pair["label"] == "same"

    def __str__(self) -> str:
        sides = (
            ", ".join(filter(None, (self.pair[f"{side}_{each}"] for each in TITLES)))
            for side in ("connu", "ligne")
        )
        return f"{self.pair['label']}, {self.pair['variation']}: {' / '.join(sides)}"


@dataclass(frozen=True, slots=True)
class Figures:
    """precision, recall, needless: as above; besides: lines asked about beside a stranger."""

    precision: float
    recall: float
    needless: float
    besides: float

    def __str__(self) -> str:
        return (
            f"merged by itself and right {self.precision:.3f}, "
            f"same found or asked {self.recall:.3f}, "
            f"others asked {self.needless:.3f}, asked beside strangers {self.besides:.3f}"
        )


def pairs() -> list[Row]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def table(side: str) -> bytes:
    rows = [";".join(each[f"{side}_{name}"] for name in TITLES) for each in pairs()]
    return "\r\n".join([";".join(TITLES.values()), *rows]).encode()


@pytest.fixture(scope="module")
def judged(module_runtime: Runtime) -> list[Judged]:
    """Import all known actors as one list, and plan all lines as another one."""
    found = pairs()
    done = run(module_runtime, table("connu"), source="connue", territory=None)
    assert (done.created, done.rejected) == (len(found), 0)
    known = _known(module_runtime)
    planned = _planned(module_runtime, table("ligne"))
    actors = {where.line: actor for where, actor in planned.actors.items()}
    asked: dict[UUID, set[UUID]] = {}
    for each in planned.same:
        if each.other:
            asked.setdefault(each.actor_id, set()).add(each.other)
    names = {known[number]: each["connu_nom"] for number, each in enumerate(found, 2)}
    return [
        Judged(
            each,
            actors[number] == known[number],
            known[number] in asked.get(actors[number], ()),
            _strangers(actors[number], known[number], asked, names),
        )
        for number, each in enumerate(found, 2)
    ]


def _strangers(
    actor: UUID, known: UUID, asked: dict[UUID, set[UUID]], names: dict[UUID, str]
) -> tuple[str, ...]:
    """Return who else a line is, or may be, of those that other pairs know."""
    others = asked.get(actor, set()) | ({actor} & names.keys())
    return tuple(sorted(names[each] for each in others - {known} if each in names))


def _known(runtime: Runtime) -> dict[int, UUID]:
    """Return the actor of each line of the list of known ones."""
    statement = (
        select(SourceRow.line, SourceRow.actor_id)
        .join(SourceFile, SourceFile.id == SourceRow.source_file_id)
        .join(Source, Source.id == SourceFile.source_id)
    )
    with read(runtime.staff) as session:
        return {line: actor for line, actor in session.execute(statement) if actor}


def _planned(runtime: Runtime, data: bytes) -> Plan:
    upload = sent(data, source="autre", territory=None)
    with read(runtime.staff) as session:
        gazetteer = cached_gazetteer(session.connection())
        result = read_upload(upload, runtime.settings, gazetteer, None, None)
        key = index_key(session, runtime.vault)
        reading = digested(upload, Received(uuid4(), uuid4()), result, key)
        return plan(session, Writer(session, runtime.vault, key, gazetteer), reading)


def figures(found: Collection[Judged]) -> Figures:
    merged = [each for each in found if each.merged]
    same = [each for each in found if each.is_same]
    others = [each for each in found if not each.is_same]
    return Figures(
        sum(each.is_same for each in merged) / len(merged),
        sum(each.merged or each.asked for each in same) / len(same),
        sum(each.asked for each in others) / len(others),
        sum(bool(each.other) for each in found) / len(found),
    )


def wrong(found: Collection[Judged]) -> Iterator[str]:
    for each in found:
        if each.merged and not each.is_same:
            yield f"merged though another: {each}"
        elif each.is_same and not (each.merged or each.asked):
            yield f"not asked about: {each}"
        elif each.asked and not each.is_same:
            yield f"asked in vain: {each}"
        if each.other:
            yield f"asked beside {', '.join(each.other)}: {each}"


def test_the_set_is_long_and_has_both() -> None:
    counted = Counter(each["label"] for each in pairs())
    assert counted.total() >= FEWEST
    assert set(counted) == {"same", "other"}
    assert min(counted.values()) >= FEWEST // 3


@pytest.mark.slow
@pytest.mark.parametrize("part", ["seen", "held"])
def test_lines_are_found_or_asked_about(judged: list[Judged], part: str) -> None:
    found = [each for each in judged if each.pair["part"] == part]
    measured = figures(found)
    print(f"{part}: {measured}", *wrong(found), sep="\n")  # noqa: T201 - it is to be read
    assert measured.precision >= PRECISION
    assert measured.recall >= RECALL


@pytest.mark.slow
def test_few_are_asked_about_in_vain(judged: list[Judged]) -> None:
    measured = figures(judged)
    print(measured, *wrong(judged), sep="\n")  # noqa: T201 - it is to be read
    assert max(measured.needless, measured.besides) <= NEEDLESS
