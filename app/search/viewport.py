"""The part of the world that a map shows, in cells that do not move with it."""

from dataclasses import dataclass
from math import asinh, atan, ceil, degrees, floor, pi, radians, sinh, tan

from app.errors import RequestInvalid
from app.places.extent import read_corners

ZOOM_MOST = 19
# Of a tile of 256 pixels: a cell is 51 pixels wide, a ring 48.
CELLS_OF_A_TILE = 5
# Windows begin and end at multiples of it, so that views a little apart ask for the same one.
BLOCK = 8
# 8 screens of 1920 by 1080 pixels and more.
SIDE_MOST = 20 * BLOCK
# Where Web Mercator is a square, in degrees.
NORTHERNMOST = 85.051128
# What the script of a map needs to ask for whole blocks.
FOR_SCRIPTS = {"ofTile": CELLS_OF_A_TILE, "block": BLOCK, "northernmost": NORTHERNMOST}


@dataclass(frozen=True, slots=True)
class Window:
    """Cells of Web Mercator at a zoom of tiles of 256 pixels: columns from the west, rows from
    the north, those of right and bottom not included.
    """

    zoom: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def across(self) -> int:
        """Return how many cells the world has in a row, and in a column."""
        return across(self.zoom)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north in degrees, EPSG:4326."""
        west, east = (column / self.across * 360 - 180 for column in (self.left, self.right))
        south, north = (
            degrees(atan(sinh(pi * (1 - 2 * row / self.across)))) for row in (self.bottom, self.top)
        )
        return west, south, east, north


def across(zoom: int) -> int:
    """Return how many cells the world has in a row at a zoom."""
    return CELLS_OF_A_TILE << zoom


def read_window(zoom: str, bbox: str) -> Window:
    """Return the blocks of cells that a bbox touches.

    zoom: 0 to ZOOM_MOST; bbox: "west,south,east,north" in degrees, EPSG:4326. Raises
    RequestInvalid.
    """
    if zoom not in map(str, range(ZOOM_MOST + 1)):
        raise RequestInvalid(problem=f"« zoom » est un nombre entre 0 et {ZOOM_MOST}")
    west, south, east, north = read_corners("bbox", bbox)
    cells = across(int(zoom))
    top, bottom = _blocks(_row(north, cells), _row(south, cells), cells)
    left, right = _blocks(_column(west, cells), _column(east, cells), cells)
    if max(right - left, bottom - top) > SIDE_MOST:
        raise RequestInvalid(problem="« bbox » est trop grande pour ce « zoom »")
    return Window(int(zoom), left, top, right, bottom)


def _column(lon: float, cells: int) -> float:
    return (lon + 180) / 360 * cells


def _row(lat: float, cells: int) -> float:
    lat = max(-NORTHERNMOST, min(NORTHERNMOST, lat))
    return (1 - asinh(tan(radians(lat))) / pi) / 2 * cells


def _blocks(first: float, last: float, cells: int) -> tuple[int, int]:
    """Return where the blocks begin and end that two coordinates enclose."""
    begin = min(floor(first / BLOCK) * BLOCK, cells - 1)
    end = max(ceil(last / BLOCK) * BLOCK, begin + 1)
    return max(0, begin), min(cells, end)
