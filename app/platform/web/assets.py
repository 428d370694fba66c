"""Static files made ready ahead of time, by bin/setup and for the image: `python -m` this module.

Each file of static/js/pages and static/css/pages is bundled with what it imports, packages too, to
static/built, and every text file below static/ gets a compressed copy in static/built/.compressed.
A server asks `compressed_copy`.
"""

import gzip
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Literal

from app.settings import ROOT

Encoding = Literal["br", "gzip"]

# The licences of what the bundles hold: (name here, file there).
LICENCES = (
    ("leaflet", "leaflet/LICENSE"),
    ("markercluster", "leaflet.markercluster/MIT-LICENCE.txt"),
    ("htmx", "htmx.org/LICENSE"),
)
SOURCES = ("js/pages/*.js", "css/pages/*.css")
OPTIONS = (
    *("--bundle", "--minify", "--target=es2022", "--charset=utf8", "--loader:.png=dataurl"),
    *("--log-level=warning", "--log-override:direct-eval=silent"),
)
TEXT = {".js", ".mjs", ".css", ".svg", ".json", ".geojson", ".html", ".txt", ".webmanifest"}
COPIES = "built/.compressed/"
SUFFIXES: dict[Encoding, str] = {"br": ".br", "gzip": ".gz"}


class BundlingFailed(Exception):
    """A script or a style sheet could not be bundled; says why."""


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
    """Bundle and compress what changed; return the number of files that were written."""
    static, packages = root / "static", root / "node_modules"
    # Where former releases kept copies of packages.
    shutil.rmtree(static / "vendor", ignore_errors=True)
    written = _bundle(static, packages)
    for name, licence in LICENCES:
        written += _put(static / f"built/licences/{name}.txt", (packages / licence).read_bytes())
    return written + _compress(static)


def summary(written: int) -> str:
    """Say in French what a build did; nothing to do is not a failure."""
    if not written:
        return "à jour"
    return "1 fichier préparé" if written == 1 else f"{written} fichiers préparés"


def _bundle(static: Path, packages: Path) -> int:
    """Bundle each page's script and style sheet; raises BundlingFailed with what esbuild says."""
    esbuild = next(packages.glob("@esbuild/*/bin/esbuild"), None)
    if esbuild is None:
        raise BundlingFailed("esbuild manque dans node_modules : relancez bin/setup.")
    pages = [str(page) for each in SOURCES for page in sorted(static.glob(each))]
    with TemporaryDirectory() as made:
        command = [str(esbuild), *pages, *OPTIONS, f"--outbase={static}", f"--outdir={made}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - all ours
        except OSError as error:
            raise BundlingFailed(
                f"esbuild ne démarre pas ({error}) : relancez bin/setup."
            ) from error
        if done.returncode:
            raise BundlingFailed(done.stderr)
        bundles = {page.name: page.read_bytes() for page in Path(made).rglob("*.*")}
    for former in (static / "built").glob("*.*"):
        if former.is_file() and former.name not in bundles:
            former.unlink()
    return sum(_put(static / "built" / name, data) for name, data in sorted(bundles.items()))


def _put(file: Path, data: bytes) -> int:
    """Write a file unless it holds that already, since its date says whether it changed."""
    if file.exists() and file.read_bytes() == data:
        return 0
    _write(file, data)
    return 1


def _compress(static: Path) -> int:
    def renew(source: Path, name: str, encoding: Encoding) -> None:
        stamp = source.stat().st_mtime_ns
        _write(_place(static, name, encoding), _encode(source.read_bytes(), encoding))
        os.utime(_place(static, name, encoding), ns=(stamp, stamp))

    with ThreadPoolExecutor(os.cpu_count()) as threads:  # to compress holds no other thread up
        renewed = [
            threads.submit(renew, source, name, encoding)
            for source in sorted(static.rglob("*"))
            if source.suffix in TEXT
            and not (name := source.relative_to(static).as_posix()).startswith(COPIES)
            for encoding in SUFFIXES
            if compressed_copy(static, name, encoding) is None
        ]
    for each in renewed:
        each.result()
    return len(renewed)


def _place(static: Path, name: str, encoding: Encoding) -> Path:
    return static / COPIES / f"{name}{SUFFIXES[encoding]}"


def _encode(data: bytes, encoding: Encoding) -> bytes:
    if encoding == "gzip":
        return gzip.compress(data, compresslevel=9, mtime=0)
    import brotli  # only built images and checkouts have it

    packed: bytes = brotli.compress(data)
    return packed


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a server may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    # As any other file of the checkout, whatever the mask of a temporary one.
    Path(file.name).chmod(0o644)
    os.replace(file.name, path)  # noqa: PTH105


if __name__ == "__main__":
    try:
        print(summary(build()))  # noqa: T201 - shown by bin/setup
    except BundlingFailed as error:
        sys.exit(f"Fichiers statiques : {error}")
