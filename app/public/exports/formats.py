"""The formats of files, each with the address that makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from app.files.as_csv import MEDIA_TYPE
from app.platform.web import media_types
from app.platform.web.openapi import Responses
from app.public.exports import as_csv, as_geojson
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


def _write_xlsx(selection: Selection, file: IO[bytes]) -> None:
    # Imported here: openpyxl takes 8 MB, and nothing else that is public needs it.
    from app.public.exports.as_xlsx import write_xlsx

    write_xlsx(selection, file)


CSV = Format("csv", "CSV", MEDIA_TYPE, as_csv.write_csv)
XLSX = Format("xlsx", "Excel", media_types.XLSX, _write_xlsx)
GEOJSON = Format("geojson", "GeoJSON", as_geojson.MEDIA_TYPE, as_geojson.write_geojson)
FORMATS = (CSV, XLSX, GEOJSON)
