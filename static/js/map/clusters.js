// Selections too large to send: the server counts the actors in each cell of the viewport, and
// sends the actors themselves where they are few. The cells of app/search/viewport.py do not move
// with the map, so that neighbouring viewports ask for the same address.

const CELLS_OF_A_TILE = 5;
const BLOCK = 8;
const NORTHERNMOST = 85.05;
// From this zoom on the server sends actors: those that still overlap share a point, or nearly so.
const NEAR = 17;
const SETTLED_MS = 150;

const cellsAcross = (zoom) => CELLS_OF_A_TILE * 2 ** zoom;
const columnOf = (lon, cells) => ((lon + 180) / 360) * cells;

function rowOf(lat, cells) {
  const within = Math.max(-NORTHERNMOST, Math.min(NORTHERNMOST, lat));
  return ((1 - Math.asinh(Math.tan((within * Math.PI) / 180)) / Math.PI) / 2) * cells;
}

const lonOf = (column, cells) => (column / cells) * 360 - 180;
const latOf = (row, cells) =>
  (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / cells))) * 180) / Math.PI;

/** Return the first cell of the blocks that two coordinates enclose, and the one after the last. */
function blocks(first, last, cells) {
  const begin = Math.max(0, Math.floor(first / BLOCK) * BLOCK);
  return [begin, Math.min(cells, Math.ceil(last / BLOCK) * BLOCK)];
}

/** Return the parameters of the viewport; null where the map is hidden or beyond the world. */
function viewportOf(map) {
  if (!map.getContainer().clientWidth) return null;
  const zoom = Math.round(map.getZoom());
  const cells = cellsAcross(zoom);
  const bounds = map.getBounds();
  const [left, right] = blocks(
    columnOf(bounds.getWest(), cells),
    columnOf(bounds.getEast(), cells),
    cells,
  );
  const [top, bottom] = blocks(
    rowOf(bounds.getNorth(), cells),
    rowOf(bounds.getSouth(), cells),
    cells,
  );
  if (left >= right || top >= bottom) return null;
  // A quarter of a cell inside: the server rounds outwards, and must not round to another block.
  const corners = [
    lonOf(left + 0.25, cells),
    latOf(bottom - 0.25, cells),
    lonOf(right - 0.25, cells),
    latOf(top + 0.25, cells),
  ];
  return { zoom, bbox: corners.map((degrees) => degrees.toFixed(6)).join() };
}

/** Return the address of the clusters in the viewport; base: that of the whole selection. */
export function viewportAddress(map, base) {
  const viewport = viewportOf(map);
  if (!viewport) return null;
  const params = new URLSearchParams(viewport).toString().replaceAll("%2C", ",");
  return `${base}${base.includes("?") ? "&" : "?"}${params}`;
}

/** Return the id of the cell of a point at a zoom, which is that of its cluster. */
export function cellOf([lon, lat], zoom) {
  const cells = cellsAcross(zoom);
  return [zoom, Math.floor(columnOf(lon, cells)), Math.floor(rowOf(lat, cells))].join("/");
}

/** Zoom to where a cluster falls apart, by one step at least. */
export function zoomToCluster(map, { bounds }) {
  const zoom = Math.min(map.getBoundsZoom(bounds), Math.max(NEAR, map.getZoom()));
  map.setView(L.latLngBounds(bounds).getCenter(), Math.max(zoom, map.getZoom() + 1));
}

/** Run a function each time the map has stopped moving. */
export function onMoveEnd(map, run) {
  let timer = 0;
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(run, SETTLED_MS);
  });
}
