"""Files of a selection say the same as its page."""

import csv
import io
from xml.etree import ElementTree

import httpx
import pytest
import rispy
from openpyxl import load_workbook

from app.resources.atom import ATOM
from tests.public.resources.conftest import SITE


def test_csv_and_workbook_have_the_same_lines(client: httpx.Client) -> None:
    query = "?genre=fiche&genre=pratique"
    text = client.get(f"/ressources.csv{query}").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    book = load_workbook(io.BytesIO(client.get(f"/ressources.xlsx{query}").content))
    rows = list(book["Ressources"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == len(rows) == 4
    assert [line["titre"] for line in lines] == [row[1] for row in rows]
    about = {row[0]: row[1] for row in book["À propos"].iter_rows(values_only=True)}
    assert about["Adresse de cette vue"] == f"{SITE}/ressources{query}"
    assert about["Nombre de ressources"] == 4


def test_ris_has_a_record_for_each(client: httpx.Client) -> None:
    answer = client.get("/ressources.ris?q=numéro&tri=date")
    records = rispy.loads(answer.text)
    assert len(records) == 30
    assert records[0]["title"] == "Rapport numéro 30"


def test_a_feed_begins_with_what_was_published_last_whatever_its_year(client: httpx.Client) -> None:
    for query in ("", "?q=numéro&tri=revue"):
        root = ElementTree.fromstring(client.get(f"/ressources.atom{query}").content)  # noqa: S314 # ours
        assert root.findtext(f"{{{ATOM}}}entry/{{{ATOM}}}title", "").startswith("Rapport numéro 1 ")


def test_a_feed_has_fifty(client: httpx.Client) -> None:
    answer = client.get("/ressources.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 # ours
    assert len(root.findall(f"{{{ATOM}}}entry")) == 39
    links = {each.get("rel"): each.get("href") for each in root.findall(f"{{{ATOM}}}link")}
    assert links == {"self": f"{SITE}/ressources.atom", "alternate": f"{SITE}/ressources"}


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ris", "atom"])
def test_a_file_says_nothing_of_the_words_in_its_name(client: httpx.Client, extension: str) -> None:
    answer = client.get(f"/ressources.{extension}?q=fugue")
    assert answer.status_code == 200
    assert f'filename="ressources-2026-06-10.{extension}"' in answer.headers["content-disposition"]
