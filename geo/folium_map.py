"""The map as Folium draws it: layers and controls, without one word of an actor.

Folium writes popups raw into JavaScript template literals, fetches GeoJSON urls on the server,
loads its assets from five third-party hosts and forbids zooming in its viewport tag. So only its
body and its script are used, the same for every page: what a page's map shows, and its actors,
come as data to a function of ours, such as `mesure23.actors(map, constants)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from geo.bounds import FRANCE

IGN_URL = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=normal"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&FORMAT=image/png&TILEMATRIXSET=PM"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)


@dataclass(frozen=True, slots=True)
class Tiles:
    """A tile layer: URL template with {z} {x} {y}, attribution as text, deepest zoom it has.

    label: what it is called, to choose it. first: it is shown without being chosen.
    """

    url: str
    attribution: str
    label: str
    first: bool = True
    max_zoom: int = 19

    @property
    def host(self) -> str:
        """Return the name of its server, without what stands for several: "data.geopf.fr"."""
        return urlsplit(self.url).netloc.replace("{s}.", "")

    @property
    def origin(self) -> str:
        """Return what a Content-Security-Policy calls its host: "https://data.geopf.fr"."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


def tiles_named(name: str, attribution: str = "") -> Tiles | None:
    """Return the layer that a setting names: "offered" (IGN's, where somebody chooses it), "ign",
    "none", or a URL template of one's own.
    """
    if name == "none":
        return None
    if name in {"offered", "ign"}:
        return Tiles(IGN_URL, "© IGN, Plan IGN", "Fond IGN (détaillé)", first=name == "ign")
    tiles = Tiles(name, attribution, "")
    label = f"Fond détaillé ({tiles.host})"
    return replace(tiles, attribution=attribution or tiles.host, label=label)


@dataclass(frozen=True, slots=True)
class MapParts:
    """html: the map's element, without style; script: for a file of its own, run after assets."""

    html: str
    script: str


class BareMap(folium.Map):
    """A folium.Map with a fixed name, which loads nothing."""

    # The page has them already, bundled.
    default_js = []  # noqa: RUF012 - as Folium declares it
    default_css = []  # noqa: RUF012

    def get_name(self) -> str:
        """Return the element's id and the script's variable."""
        return "map"


class FrenchControls(MacroElement):
    """Zoom buttons with French titles and a metric scale, which no option of Folium gives."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "L.control.zoom({position: 'topright', zoomInTitle: 'Agrandir la carte',"
        " zoomOutTitle: 'Réduire la carte'}).addTo({{ this._parent.get_name() }});"
        "L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )


class Ours(MacroElement):
    """The call that makes our own script draw what the page hands over."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.call }}({{ this._parent.get_name() }}, {{ this.constants|tojson }}"
        "{% if this.tiles %}, {{ this.tiles.get_name() }}{% endif %});"
        "{% endmacro %}"
    )

    def __init__(
        self, call: str, constants: Mapping[str, object], tiles: folium.TileLayer | None
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.call = call
        self.constants = constants
        self.tiles = tiles


def draw(
    tiles: Tiles | None, constants: Mapping[str, object], *, call: str = "mesure23.actors"
) -> MapParts:
    """Draw a map of France; constants are handed as they are to the function that is called."""
    south, west, north, east = FRANCE
    bare = BareMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=5,
        zoom_control=False,
        # Markercluster refuses a map without a deepest zoom, which otherwise only tiles give.
        maxZoom=tiles.max_zoom if tiles else 19,
    )
    layer = None
    if tiles:
        # Our script shows the layer once somebody sees the map: a map that a phone hides would ask
        # for tiles as well.
        layer = folium.TileLayer(
            tiles.url, attr=tiles.attribution, max_zoom=tiles.max_zoom, show=False
        )
        layer._id = "base"  # a fixed name, so that the same map is the same file
        bare.add_child(layer)
    bare.add_child(FrenchControls())  # type: ignore[no-untyped-call]
    bare.add_child(Ours(call, constants, layer))
    figure = Figure()
    figure.add_child(bare)
    figure.render()
    # Before the list is made to answer, so that what counts by view is asked for meanwhile; the
    # page may have been left already.
    unless_left = f'if (!document.getElementById("{bare.get_name()}")) return;'
    return MapParts(
        html=figure.html.render().strip(),
        script=f"(function () {{\n{unless_left}\n{figure.script.render()}\n}})();\n",
    )
