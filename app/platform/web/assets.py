"""Static files made ready ahead of time, by bin/setup and for the image: `python -m` this module.

Third-party files are copied from node_modules to static/vendor/<package>, and every text file
below static/ gets a compressed copy in static/vendor/.compressed. A server asks `compressed_copy`.
"""

import filecmp
import gzip
import os
import shutil
from pathlib import Path
from typing import Literal

from app.settings import ROOT

Encoding = Literal["br", "gzip"]

# What is served of each package, with its licence: (directory here, directory there, files).
VENDOR = (
    ("leaflet", "leaflet", "LICENSE"),
    ("leaflet", "leaflet/dist", "leaflet.js", "leaflet.css"),
    ("leaflet/images", "leaflet/dist/images", "layers.png", "layers-2x.png", "marker-icon.png"),
    ("leaflet/images", "leaflet/dist/images", "marker-icon-2x.png", "marker-shadow.png"),
    ("markercluster", "leaflet.markercluster", "MIT-LICENCE.txt"),
    ("markercluster", "leaflet.markercluster/dist", "leaflet.markercluster.js"),
    ("markercluster", "leaflet.markercluster/dist", "MarkerCluster.css"),
    ("markercluster", "leaflet.markercluster/dist", "MarkerCluster.Default.css"),
    ("htmx", "htmx.org", "LICENSE"),
    ("htmx", "htmx.org/dist", "htmx.min.js"),
)
TEXT = {".js", ".mjs", ".css", ".svg", ".json", ".geojson", ".html", ".txt", ".webmanifest"}
SUFFIXES: dict[Encoding, str] = {"br": ".br", "gzip": ".gz"}


def compressed_copy(static: Path, name: str, encoding: Encoding) -> Path | None:
    """Return the compressed copy of static/<name>; None without one that is as new as the file.

    `name` must already be known to lie below `static`.
    """
    source, copy = static / name, _place(static, name, encoding)
    try:
        current = copy.stat().st_mtime_ns == source.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return copy if current else None


def build(root: Path = ROOT) -> int:
    """Copy and compress what is not there yet; return the number of files that were written."""
    static = root / "static"
    return _copy_vendor(root / "node_modules", static / "vendor") + _compress(static)


def summary(written: int) -> str:
    """Say in French what a build did; nothing to do is not a failure."""
    if not written:
        return "à jour"
    return "1 fichier préparé" if written == 1 else f"{written} fichiers préparés"


def _copy_vendor(packages: Path, vendor: Path) -> int:
    written = 0
    for target, package, *names in VENDOR:
        (vendor / target).mkdir(parents=True, exist_ok=True)
        for name in names:
            source, copy = packages / package / name, vendor / target / name
            # By content: npm gives every file of every version the same date, in 1985.
            if not copy.exists() or not filecmp.cmp(source, copy, shallow=False):
                shutil.copyfile(source, copy)
                written += 1
    return written


def _compress(static: Path) -> int:
    written = 0
    for source in sorted(static.rglob("*")):
        name = source.relative_to(static).as_posix()
        if source.suffix not in TEXT or name.startswith("vendor/.compressed/"):
            continue
        for encoding in SUFFIXES:
            if compressed_copy(static, name, encoding) is None:
                _write(_place(static, name, encoding), _encode(source.read_bytes(), encoding))
                stamp = source.stat().st_mtime_ns
                os.utime(_place(static, name, encoding), ns=(stamp, stamp))
                written += 1
    return written


def _place(static: Path, name: str, encoding: Encoding) -> Path:
    return static / "vendor/.compressed" / f"{name}{SUFFIXES[encoding]}"


def _encode(data: bytes, encoding: Encoding) -> bytes:
    if encoding == "gzip":
        return gzip.compress(data, compresslevel=9, mtime=0)
    import brotli  # only built images and checkouts have it

    packed: bytes = brotli.compress(data)
    return packed


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    print(summary(build()))  # noqa: T201 - shown by bin/setup
