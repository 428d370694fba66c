"""What the OpenAPI document says of answers that routes write themselves."""

from collections.abc import Iterator
from typing import Any

from app.errors import Mesure23Error

Responses = dict[int | str, dict[str, Any]]


PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, in French"},
        "request_id": {"type": "string", "description": "As in X-Request-Id"},
    },
}


def problems() -> Responses:
    """Return every error that any route may answer, as a page or as a problem."""
    titles: dict[int, list[str]] = {}
    for each in errors():
        if "status" in vars(each):
            titles.setdefault(each.status, []).append(each.title)
    content = {
        "application/problem+json": {"schema": PROBLEM},
        "text/html": {"schema": {"type": "string"}},
    }
    return {
        status: {"description": " ; ".join(dict.fromkeys(names)), "content": content}
        for status, names in sorted(titles.items())
    }


def errors(above: type[Mesure23Error] = Mesure23Error) -> Iterator[type[Mesure23Error]]:
    """Yield every class of error that is imported by now, in the order of their making."""
    yield above
    for each in above.__subclasses__():
        yield from errors(each)


def geojson(root: str, **members: dict[str, Any]) -> Responses:
    """Return the documentation of an answer in GeoJSON, EPSG:4326. members: more of them."""
    geometry = {"type": ["object", "null"], "required": ["type", "coordinates"]}
    feature = {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "geometry": geometry,
            "properties": {"type": "object"},
        },
    }
    collection = {
        "type": "object",
        "required": ["type", "features", *members],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": feature},
            **members,
        },
    }
    schema = {"Feature": feature, "FeatureCollection": collection}[root]
    return {200: {"content": {"application/geo+json": {"schema": schema}}}}
