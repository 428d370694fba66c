"""A selection as GeoJSON, EPSG:4326: every actor, with or without a point."""

import json
from datetime import date
from typing import IO, Any

from app.files.cells import Value
from app.search.columns import Column, Record
from app.search.rows import LICENCE, LICENCE_URL, About, Selection

MEDIA_TYPE = "application/geo+json"
# A program takes the point from the geometry.
LEFT_OUT = ("latitude", "longitude")
# What a file says of itself, beside its features.
MEMBERS: dict[str, dict[str, Any]] = {
    "licence": {"type": "string"},
    "licence_url": {"type": "string"},
    "source": {"type": "string"},
    "extrait_le": {"type": "string", "format": "date-time"},
    "lieu": {"type": "string"},
    "criteres": {"type": "array", "items": {"type": "string"}},
    "adresse": {"type": "string"},
    "total": {"type": "integer"},
}


def write_geojson(selection: Selection, file: IO[bytes]) -> None:
    """Write a FeatureCollection, one feature a line, what it is before its features."""
    members = {"type": "FeatureCollection"} | _members(selection.about)
    file.write(f'{_dumps(members)[:-1]},"features":['.encode())
    shown = [column for column in selection.columns if column.name not in LEFT_OUT]
    separator = "\n"
    for batch in selection.batches:
        features = ",\n".join(_dumps(_feature(shown, record)) for record in batch)
        file.write((separator + features).encode())
        separator = ",\n"
    file.write(b"\n]}\n")


def _members(about: About) -> dict[str, Any]:
    return {
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "source": about.source,
        "extrait_le": about.at.isoformat(timespec="seconds"),
        "lieu": about.where,
        "criteres": about.criteria,
        "adresse": about.address,
        "total": about.total,
    }


def _feature(columns: list[Column], record: Record) -> dict[str, Any]:
    geometry = None
    if record.lon is not None and record.lat is not None:
        geometry = {"type": "Point", "coordinates": [round(record.lon, 6), round(record.lat, 6)]}
    return {
        "type": "Feature",
        "id": record.card.public_id,
        "geometry": geometry,
        "properties": {column.name: _plain(column.value(record)) for column in columns},
    }


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
