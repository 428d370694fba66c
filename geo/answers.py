"""What a geocoder is asked and what it answers, as values and in its two wire forms; no network.

Addresses stay out of every repr and every message, so that no log or error report can hold one.
"""

import csv
import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.arrondissements import arrondissement_of, has_arrondissements, whole_commune
from geo.postal import CEDEX, has_cedex


class GeocoderError(Exception):
    """Le géocodeur n'a pas pu répondre. Rien n'est perdu."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.__class__.__doc__}{f' ({detail})' if detail else ''}")


class GeocoderUnreachable(GeocoderError):
    """Le géocodeur est injoignable. Rien n'est perdu."""


class GeocoderBusy(GeocoderError):
    """Le géocodeur limite nos demandes. Attendez quelques minutes."""


class GeocoderRefused(GeocoderError):
    """Le géocodeur refuse la demande. Vérifiez MESURE23_GEOCODER_URL, puis relancez."""


class GeocoderUnreadable(GeocoderError):
    """La réponse du géocodeur est illisible. Vérifiez MESURE23_GEOCODER_URL, puis relancez."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. street: number and way (geo.address). postcode: none of CEDEX.

    citycode: INSEE code of the commune where known; it then narrows the search instead of postcode.
    """

    id: str
    street: str | None = field(repr=False)
    postcode: str | None = field(repr=False)
    city: str | None = field(repr=False)
    citycode: str | None = field(repr=False)

    @property
    def asked(self) -> tuple[str, str]:
        """Return street and city as they are sent.

        addok refuses a whole batch where one row passes 200 characters. Only letters, digits, dots
        and hyphens are left: no cell is a formula or breaks a CSV.
        """
        city = re.sub(
            rf"(?i){CEDEX}|\b\d+(?:er|e|[eè]me)?\b|\barrondissement\b", " ", self.city or ""
        )
        return _plain(self.street or "")[:140], _plain(city)[:58]

    @property
    def askable(self) -> bool:
        """Return whether enough is left to ask: Géoplateforme wants three characters at least."""
        return len(" ".join(self.asked).strip()) >= 3

    @property
    def filter(self) -> tuple[str, str] | None:
        """Return name and value of the filter that narrows this search, None where nothing is sure.

        Addresses of Paris, Lyon and Marseille carry the code of an arrondissement, which the
        postcode gives; the whole city's code would find none of them.
        """
        code = self.citycode
        if code and has_arrondissements(code):
            part = arrondissement_of(self.postcode)
            return ("citycode", part) if part and whole_commune(part) == code else None
        if code:
            return "citycode", code
        if self.postcode and not has_cedex(self.city):
            return "postcode", self.postcode
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """One place the geocoder found. lon, lat: EPSG:4326 degrees. score: 0 to 1, it only ranks.

    type: housenumber, street, locality or municipality. name: the way, without its number.
    citycode: INSEE, of the arrondissement in Paris, Lyon and Marseille.
    """

    label: str = field(repr=False)
    score: float
    type: str
    citycode: str = field(repr=False)
    postcode: str = field(repr=False)
    city: str = field(repr=False)
    name: str = field(repr=False)
    housenumber: str | None = field(repr=False)
    lon: float = field(repr=False)
    lat: float = field(repr=False)


Result = Answer | GeocoderError | None


def to_csv(queries: Sequence[Query]) -> bytes:
    """Return a batch as CSV with the columns row, street, city and narrow (the filter's value)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["row", "street", "city", "narrow"])
    for number, query in enumerate(queries):
        writer.writerow([number, *query.asked, query.filter[1] if query.filter else ""])
    return out.getvalue().encode()


def read_csv(body: bytes, expected: int) -> list[Result]:
    """Return the answers to `expected` rows in their order; other columns are ignored."""
    try:
        text = body.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        by_row = {int(row["row"]): row for row in rows}
        found = [_from_row(by_row[n]) for n in range(expected)]
    except (ValueError, KeyError, TypeError, csv.Error):
        found = None
    if found is None:
        raise GeocoderUnreadable
    return found


def read_json(body: bytes) -> Answer | None:
    """Return the first feature of a GeoJSON answer, None where there is none."""
    try:
        features = json.loads(body)["features"]
        found = _from_feature(features[0]) if features else None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        features = None
    if not isinstance(features, list):
        raise GeocoderUnreadable
    return found


def _plain(text: str) -> str:
    plain = re.sub(r"[^\w.-]+", " ", text)
    return re.sub(r"^[\W_]+|\s+$", "", plain)


def _from_row(row: dict[str, str]) -> Result:
    # Géoplateforme says "ok", "not-found", "skipped" or "error"; addok has no such column.
    if row.get("result_status") == "error":
        return GeocoderUnreadable("ligne en erreur")
    if not row["latitude"] or not row["result_score"]:
        return None
    return _answer(
        {
            "label": row["result_label"],
            "score": row["result_score"],
            "type": row["result_type"],
            "citycode": row["result_citycode"],
            "postcode": row.get("result_postcode"),
            "city": row.get("result_city"),
            "name": row.get("result_name"),
            "housenumber": row.get("result_housenumber"),
        },
        row["longitude"],
        row["latitude"],
    )


def _from_feature(feature: dict[str, Any]) -> Answer:
    properties = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"][:2]
    return _answer(properties, lon, lat)


def _answer(properties: dict[str, Any], lon: Any, lat: Any) -> Answer:
    x, y, score = float(lon), float(lat), float(properties["score"])
    if not (abs(x) <= 180 and abs(y) <= 90 and math.isfinite(score)):
        raise ValueError
    number = str(properties.get("housenumber") or "") or None
    name = str(properties.get("name") or "")
    return Answer(
        label=str(properties["label"]),
        score=score,
        type=str(properties["type"]),
        citycode=str(properties["citycode"]),
        postcode=str(properties.get("postcode") or ""),
        city=str(properties.get("city") or ""),
        name=name.removeprefix(f"{number} ") if number else name,
        housenumber=number,
        lon=x,
        lat=y,
    )
