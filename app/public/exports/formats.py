"""The formats of files, each with the address that makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from app.platform.web.openapi import Responses
from app.public.exports import as_csv, as_geojson, as_xlsx
from app.public.exports.headers import PATH
from app.search.rows import Selection


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files. extension: the end of its route and of its name."""

    extension: str
    label: str
    media_type: str
    write: Callable[[Selection, IO[bytes]], None]

    @property
    def path(self) -> str:
        """Return the path of the route that makes it."""
        return f"{PATH}.{self.extension}"

    @property
    def documented(self) -> Responses:
        """Return the documentation of its bytes."""
        schema = {"type": "string", "format": "binary"}
        return {200: {"content": {self.media_type: {"schema": schema}}}}


CSV = Format("csv", "CSV", as_csv.MEDIA_TYPE, as_csv.write_csv)
XLSX = Format("xlsx", "Excel", as_xlsx.MEDIA_TYPE, as_xlsx.write_xlsx)
GEOJSON = Format("geojson", "GeoJSON", as_geojson.MEDIA_TYPE, as_geojson.write_geojson)
FORMATS = (CSV, XLSX, GEOJSON)
