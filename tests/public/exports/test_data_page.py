"""The page about open data: files that are there, and each of their columns with an example."""

import csv
import io
import re

import httpx
import pytest

from app.public.exports.as_csv import ADDED
from app.public.exports.dictionary import dictionary
from app.search.columns import COLUMNS, postcode


def test_the_page_gives_files_of_every_territory_that_are_there(client: httpx.Client) -> None:
    html = client.get("/donnees").text
    found = re.findall(r'href="(/table\.[^"]+)"', html)
    assert len(found) == 3 * 109
    for path in ("/table.csv", "/table.xlsx?territoire=93", "/table.geojson?territoire=988"):
        assert path in found
        assert client.get(path).status_code == 200
    assert "Licence Ouverte / Open Licence 2.0" in html


def test_every_column_of_a_file_is_explained(client: httpx.Client) -> None:
    html = client.get("/donnees").text
    text = client.get("/table.csv?lieu=93008").content.decode("utf-8-sig")
    header = next(csv.reader(io.StringIO(text), delimiter=";"))
    assert set(ADDED) < set(header)
    assert [name for name in header if f"<code>{name}</code>" not in html] == []
    assert len(dictionary()) == len(COLUMNS)
    assert [entry.name for entry in dictionary() if not (entry.meaning and entry.example)] == []


@pytest.mark.slow
def test_the_addresses_for_programs_answer(client: httpx.Client) -> None:
    html = client.get("/donnees").text
    found = re.findall(r"<code>(/api/[^<]+)</code>", html)
    assert len(found) == 5
    for path in (*found, "/api/openapi.json"):
        assert client.get(path.replace("&amp;", "&")).status_code == 200, path


@pytest.mark.parametrize(
    ("address", "of_commune", "expected"),
    [
        ("1 rue X\n93000 Bobigny", ["93001"], "93000"),
        ("Bâtiment 75000\nBP 1\n59033 Lille Cedex", [], "59033"),
        ("1 rue X, 93000 Bobigny", ["93009"], "93000"),
        ("12345 rue sans fin", None, None),
        (None, ["93000"], "93000"),
        (None, ["93200", "93210"], None),
        (None, None, None),
    ],
)
def test_a_postcode_is_that_of_the_address_else_of_its_commune(
    address: str | None, of_commune: list[str] | None, expected: str | None
) -> None:
    assert postcode(address, of_commune) == expected
