"""A geocoder whose answers a transport in the test gives."""

import csv
import io
import re
from collections.abc import Callable

import httpx

from geo.geocoder import (
    Answer,
    Geocoder,
    GeocoderError,
    Query,
)

URL = "https://geocodeur.test/geocodage/"
HIDDEN = "12 rue Cachette"
FEATURE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [6.1081, 46.2567]},
    "properties": {
        "label": "12 Rue de Gex 01210 Ferney-Voltaire",
        "score": 0.97,
        "housenumber": "12",
        "name": "12 Rue de Gex",
        "postcode": "01210",
        "citycode": "01160",
        "city": "Ferney-Voltaire",
        "type": "housenumber",
    },
}
COLUMNS = ["longitude", "latitude", "result_label", "result_score", "result_type"]
COLUMNS += ["result_citycode", "result_postcode", "result_city", "result_name"]
COLUMNS += ["result_housenumber"]
FOUND = ["6.1081", "46.2567", "", "0.97", "housenumber"]
FOUND += ["01160", "01210", "Ferney-Voltaire", "Rue de Gex", "12"]

Handler = Callable[[httpx.Request], httpx.Response]


def query(street: str | None = HIDDEN, citycode: str | None = "01160", **other: str) -> Query:
    parts = {"id": "1", "postcode": None, "city": "Ferney-Voltaire", **other}
    return Query(street=street, citycode=citycode, **parts)  # type: ignore[arg-type]


def geocoder(handler: Handler, slept: list[float] | None = None) -> Geocoder:
    pauses: list[float] = [] if slept is None else slept
    return Geocoder(URL, transport=httpx.MockTransport(handler), sleep=pauses.append)


def sent_rows(request: httpx.Request) -> list[dict[str, str]]:
    """The rows of the csv in a multipart body."""
    content = request.read().decode()
    match = re.search(r'filename="[^"]*"\r\n.*?\r\n\r\n(.*?)\r\n--', content, re.DOTALL)
    assert match
    return list(csv.DictReader(io.StringIO(match[1], newline="")))


def answer_csv(rows: list[dict[str, str]]) -> str:
    """Each row found, with the street that was asked as its label."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*rows[0], *COLUMNS])
    for row in rows:
        writer.writerow([*row.values(), *FOUND[:2], row["street"], *FOUND[3:]])
    return out.getvalue()


def labels(results: list[Answer | GeocoderError | None]) -> list[str | None]:
    return [result.label if isinstance(result, Answer) else None for result in results]


def echo(request: httpx.Request) -> httpx.Response:
    if request.method == "GET":
        return httpx.Response(200, json={"features": [FEATURE]})
    return httpx.Response(200, text=answer_csv(sent_rows(request)))


def many(count: int, **parts: str) -> list[Query]:
    return [query(f"{n} rue Cachette", **parts) for n in range(1, count + 1)]
