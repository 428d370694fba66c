// What lies under the markers: the border, and a veil over the neighbours.

import { showNote } from "./notes.js";
import { whenIdle } from "./tasks.js";

const WORLD = [
  [-89, -360],
  [-89, 360],
  [89, 360],
  [89, -360],
];

/** Return the outer rings of a Feature, FeatureCollection or geometry, as lists of [lat, lon]. */
function outerRings(geojson) {
  const geometries = (geojson.features ?? [geojson]).map((part) => part.geometry ?? part);
  return geometries
    .flatMap(({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates))
    .map(([outer]) => outer.map(([lon, lat]) => [lat, lon]));
}

export async function fetchRings(address) {
  const response = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return outerRings(await response.json());
}

/** Draw the borders, and one veil over everything outside them. */
export async function drawBoundaries(map, addresses) {
  let rings;
  try {
    rings = (await Promise.all(addresses.map(fetchRings))).flat();
  } catch {
    showNote("boundary", "Le contour du territoire n’a pas pu être chargé.", {
      label: "Réessayer",
      run: () => drawBoundaries(map, addresses),
    });
    return;
  }
  const veil = { interactive: false, stroke: false, className: "territory-veil" };
  const border = { interactive: false, fill: false, className: "territory-border" };
  await whenIdle();
  L.polygon([WORLD, ...rings], veil).addTo(map);
  await whenIdle();
  L.polygon(rings, border).addTo(map);
}

/** Run what needs the size of the map once it has one: on a phone it is hidden at first. */
export function whenVisible(map, run, bounds) {
  const container = map.getContainer();
  let visible = container.clientWidth > 0;
  if (visible) run();
  new ResizeObserver(() => {
    if (!container.clientWidth) return;
    map.invalidateSize({ animate: false });
    if (visible) return;
    visible = true;
    map.fitBounds(bounds, { animate: false });
    run();
  }).observe(container);
}
