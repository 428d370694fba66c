"""What pages are measured beside: the same actors drawn by plain Folium, one Marker each."""

import gzip
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

import folium

from app.settings import ROOT
from geo.folium_map import IGN_URL

PAGE = "index.html"
LEAFLET = ROOT / "node_modules/leaflet/dist"
ASSETS = ("leaflet.js", "leaflet.css", "images/marker-icon.png", "images/marker-shadow.png")


class _Packed(SimpleHTTPRequestHandler):
    """Sends files as our service does: compressed, without a word about each."""

    def end_headers(self) -> None:
        """Say that they are compressed; images are not."""
        if not self.path.endswith(".png"):
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def folium_page(actors_url: str) -> Iterator[str]:
    """Yield the address of a page with a marker for each actor of a GeoJSON address."""
    with urlopen(actors_url) as answer:  # noqa: S310 - our own service on loopback
        features = json.load(answer)["features"]
    with TemporaryDirectory() as directory:
        _write(Path(directory), features)
        handler = partial(_Packed, directory=directory)
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{PAGE}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _write(directory: Path, features: Iterable[Any]) -> None:
    page = folium.Map(tiles=folium.TileLayer(IGN_URL, attr="IGN"), zoom_start=9)
    # Its other assets are for icons, popups and styles of its own, which come from other hosts.
    page.default_js = [("leaflet", "leaflet/leaflet.js")]
    page.default_css = [("leaflet_css", "leaflet/leaflet.css")]
    points = []
    for feature in features:
        lon, lat = feature["geometry"]["coordinates"]
        points.append((lat, lon))
        folium.Marker((lat, lon), tooltip=str(feature["properties"]["name"])).add_to(page)
    page.fit_bounds(points)
    vendor = directory / "leaflet"
    (vendor / "images").mkdir(parents=True)
    (directory / PAGE).write_bytes(gzip.compress(page.get_root().render().encode(), 6))
    for name in ASSETS:
        content = (LEAFLET / name).read_bytes()
        packed = content if name.endswith(".png") else gzip.compress(content, 6)
        (vendor / name).write_bytes(packed)
