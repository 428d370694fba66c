"""A small gazetteer for quick tests, the national one for real lists, and a way to read a list."""

import gzip
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.settings import ROOT
from geo.gazetteer import Gazetteer
from geo.territories import Commune, FormerCommune, Territory
from importers.chosen import Chosen
from importers.mapping import Mapping
from importers.reading import find_territory, read_list
from importers.row import ReadResult

SHARED = ROOT.parent / "shared" / "data"
TODAY = date(2026, 11, 24)

Read = Callable[..., ReadResult]

TERRITORIES = [
    Territory("59", "Nord", "departement", "32", "Hauts-de-France"),
    Territory("69", "Rhône", "departement", "84", "Auvergne-Rhône-Alpes"),
    Territory("69M", "Métropole de Lyon", "metropole", "84", "Auvergne-Rhône-Alpes"),
    Territory("75", "Paris", "departement", "11", "Île-de-France"),
    Territory("93", "Seine-Saint-Denis", "departement", "11", "Île-de-France"),
    Territory("973", "Guyane", "departement", "03", "Guyane"),
    Territory("974", "La Réunion", "departement", "04", "La Réunion"),
    Territory("976", "Mayotte", "departement", "06", "Mayotte"),
    Territory("01", "Ain", "departement", "84", "Auvergne-Rhône-Alpes"),
    Territory("74", "Haute-Savoie", "departement", "84", "Auvergne-Rhône-Alpes"),
    Territory("91", "Essonne", "departement", "11", "Île-de-France"),
]
COMMUNES = [
    Commune("93008", "Bobigny", "93", ("93000",), None, 2.4450, 48.9061),
    Commune("93066", "Saint-Denis", "93", ("93200", "93210"), None, 2.3574, 48.9362),
    Commune("93048", "Montreuil", "93", ("93100",), None, 2.4483, 48.8638),
    Commune("59350", "Lille", "59", ("59000", "59160"), None, 3.0630, 50.6311),
    Commune("69123", "Lyon", "69M", ("69001", "69003"), None, 4.8357, 45.7640),
    Commune("69264", "Villefranche-sur-Saône", "69", ("69400",), None, 4.7186, 45.9897),
    Commune("75056", "Paris", "75", ("75001", "75010"), None, 2.3522, 48.8566),
    Commune("97411", "Saint-Denis", "974", ("97400", "97490"), None, 55.4481, -20.8789),
    Commune("97302", "Cayenne", "973", ("97300",), None, -52.3300, 4.9380),
    Commune("97353", "Maripasoula", "973", ("97370",), None, -54.0300, 3.6400),
    Commune("97611", "Mamoudzou", "976", ("97600",), None, 45.2279, -12.7806),
    Commune("01033", "Valserhône", "01", ("01200",), None, 5.8300, 46.1100),
    Commune("74151", "Éloise", "74", ("01200",), None, 5.8540, 46.0790),
    Commune("91228", "Évry-Courcouronnes", "91", ("91000", "91080"), None, 2.4290, 48.6290),
]
FORMER = [
    FormerCommune("69383", "Lyon 3e Arrondissement", "arrondissement", "69123", ("69003",)),
    FormerCommune("91182", "Courcouronnes", "fusionnee", "91228"),
    FormerCommune("01091", "Châtillon-en-Michaille", "deleguee", "01033"),
]


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer(TERRITORIES, COMMUNES, FORMER)


@pytest.fixture(scope="session")
def read(gazetteer: Gazetteer) -> Read:
    """read(data, filename, mapping=…, territory=…): read_list with usual limits."""

    def reader(
        data: bytes | str,
        filename: str = "liste.csv",
        *,
        mapping: str | Mapping | None = None,
        chosen: Chosen | None = None,
        territory: str | None = None,
        gazetteer: Gazetteer = gazetteer,
        max_bytes: int = 20_000_000,
        max_rows: int = 10_000,
    ) -> ReadResult:
        return read_list(
            data.encode() if isinstance(data, str) else data,
            filename,
            mapping=mapping,
            chosen=chosen,
            gazetteer=gazetteer,
            territory=find_territory(territory, gazetteer),
            max_bytes=max_bytes,
            max_rows=max_rows,
            today=TODAY,
        )

    return reader


@pytest.fixture(scope="session")
def national(prepared: Path) -> Gazetteer:
    """Every territory and commune, from the file that the service loads."""
    document = json.loads(gzip.decompress(prepared.read_bytes()))
    return Gazetteer(
        (
            Territory(row["code"], row["name"], row["kind"], row["region_code"], row["region_name"])
            for row in document["territories"]
        ),
        (
            Commune(code, name, territory, tuple(codes), epci, *(point or (None, None)))
            for code, name, _, territory, codes, epci, point, *_ in document["communes"]
        ),
        (
            FormerCommune(code, name, commune_type, commune, tuple(codes))
            for code, name, commune_type, commune, codes, *_ in document["former"]
        ),
    )


def shared(name: str) -> bytes:
    """A real list where it lies, which is not part of the project."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the real list {name} is not on this machine")
    return path.read_bytes()


def workbook(*rows: Sequence[object], merge: tuple[str, ...] = ()) -> bytes:
    """An .xlsx of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for span in merge:
        sheet.merge_cells(span)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fatal(result: ReadResult) -> list[tuple[int, str]]:
    """Return the lines that gave no actor, each with what was said of it."""
    return [(p.line, p.message) for p in result.problems if p.fatal]


def reported(result: ReadResult) -> list[str | None]:
    """Return the columns of what was reported of lines that were read."""
    return [p.column for p in result.problems if not p.fatal]
