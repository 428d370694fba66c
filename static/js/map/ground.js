// What stands under the actors: the border, the veil over the neighbours, tiles that may fail.

import { clearNote, note } from "./notes.js";

const WORLD = [
  [-89, -360],
  [-89, 360],
  [89, 360],
  [89, -360],
];
// A few tiles fail on any day; this many, and none that came, is a server out of reach.
const FAILED_TILES = 4;

/** Lists of outer rings as [lat, lon], from a Feature, a FeatureCollection or a geometry. */
function outerRings(geojson) {
  const geometries = (geojson.features ?? [geojson]).map((part) => part.geometry ?? part);
  return geometries
    .flatMap(({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates))
    .map(([outer]) => outer.map(([lon, lat]) => [lat, lon]));
}

async function boundary(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return outerRings(await answer.json());
}

/** Draw the borders, and one veil over all that is in none of them. */
export async function drawBoundaries(map, addresses) {
  let rings;
  try {
    rings = (await Promise.all(addresses.map(boundary))).flat();
  } catch {
    note("boundary", "Le contour du territoire n’a pas pu être chargé.", {
      label: "Réessayer",
      run: () => drawBoundaries(map, addresses),
    });
    return;
  }
  const style = { interactive: false, stroke: false };
  L.polygon([WORLD, ...rings], { ...style, className: "territory-veil" }).addTo(map);
  L.polygon(rings, { ...style, stroke: true, fill: false, className: "territory-border" }).addTo(
    map,
  );
}

/** Once the map has a size, run what needs one; on a phone Folium draws it while it is hidden. */
export function whenSeen(map, run, bounds) {
  const container = map.getContainer();
  let seen = container.clientWidth > 0;
  if (seen) run();
  new ResizeObserver(() => {
    if (!container.clientWidth) return;
    map.invalidateSize({ animate: false });
    if (seen) return;
    seen = true;
    map.fitBounds(bounds, { animate: false });
    run();
  }).observe(container);
}

export function watchTiles(map) {
  let failed = 0;
  const watch = (layer) => {
    if (!(layer instanceof L.TileLayer)) return;
    layer.on("tileload", () => {
      failed = -Infinity;
      clearNote("tiles");
    });
    layer.on("tileerror", () => {
      failed += 1;
      if (failed === FAILED_TILES) {
        note("tiles", "Le fond de carte ne répond pas. Les acteurs restent à leur place.");
      }
    });
  };
  map.eachLayer(watch);
  map.on("layeradd", ({ layer }) => watch(layer));
}
