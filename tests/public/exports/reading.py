"""The files of a search, as other programs than ours read them."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import httpx
import openpyxl
from python_calamine import CalamineWorkbook


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
    answers = {each: client.get(f"/table.{each}?{query}") for each in ("csv", "xlsx", "geojson")}
    assert {answer.status_code for answer in answers.values()} == {200}, query
    return Files(answers)
