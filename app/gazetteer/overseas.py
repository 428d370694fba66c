"""Where the communes of the collectivités d'outre-mer lie: no package has them all."""

import tomllib
from pathlib import Path

import shapely

FILE = Path(__file__).with_name("overseas.toml")


def read_overseas() -> dict[str, shapely.Point]:
    """Return a point for each commune of the table, by INSEE code: EPSG:4326 degrees."""
    sources = tomllib.loads(FILE.read_text("utf-8"))
    return {
        code: shapely.Point(lon, lat)
        for places in sources.values()
        for code, (_, lon, lat) in places.items()
    }
