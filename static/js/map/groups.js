// Selections too large to send: the server counts what is in each cell of the view, and sends the
// actors themselves where they are few. Cells are those of app/search/viewport.py: they lie still while
// the map moves, so that views a little apart ask for the same.

const CELLS_OF_A_TILE = 5;
const BLOCK = 8;
const NORTHERNMOST = 85.05;
// From here on the server sends actors, and what is left stands on one point or next to it.
const NEAR = 17;
const SETTLED = 150;

const across = (zoom) => CELLS_OF_A_TILE * 2 ** zoom;
const columnOf = (lon, cells) => ((lon + 180) / 360) * cells;

function rowOf(lat, cells) {
  const within = Math.max(-NORTHERNMOST, Math.min(NORTHERNMOST, lat));
  return ((1 - Math.asinh(Math.tan((within * Math.PI) / 180)) / Math.PI) / 2) * cells;
}

const lonOf = (column, cells) => (column / cells) * 360 - 180;
const latOf = (row, cells) =>
  (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / cells))) * 180) / Math.PI;

/** The first and last cell of the blocks that two coordinates enclose. */
function blocks(first, last, cells) {
  const begin = Math.max(0, Math.floor(first / BLOCK) * BLOCK);
  return [begin, Math.min(cells, Math.ceil(last / BLOCK) * BLOCK)];
}

/** The parameters of what the map shows; nothing where it is hidden or beyond the world. */
function viewOf(map) {
  if (!map.getContainer().clientWidth) return null;
  const zoom = Math.round(map.getZoom());
  const cells = across(zoom);
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
  // A little within: what the server rounds outwards is then the same whatever was rounded here.
  const corners = [
    lonOf(left + 0.25, cells),
    latOf(bottom - 0.25, cells),
    lonOf(right - 0.25, cells),
    latOf(top + 0.25, cells),
  ];
  return { zoom, bbox: corners.map((degrees) => degrees.toFixed(6)).join() };
}

/** The address of the groups that the map shows; base: of all of the selection. */
export function addressOf(map, base) {
  const view = viewOf(map);
  if (!view) return null;
  const more = new URLSearchParams(view).toString().replaceAll("%2C", ",");
  return `${base}${base.includes("?") ? "&" : "?"}${more}`;
}

/** The id of the cell of a point at a zoom, as groups have it. */
export function cellOf([lon, lat], zoom) {
  const cells = across(zoom);
  return [zoom, Math.floor(columnOf(lon, cells)), Math.floor(rowOf(lat, cells))].join("/");
}

/** Zoom to where a group falls apart, by one step at least. */
export function openGroup(map, { bounds }) {
  const zoom = Math.min(map.getBoundsZoom(bounds), Math.max(NEAR, map.getZoom()));
  map.setView(L.latLngBounds(bounds).getCenter(), Math.max(zoom, map.getZoom() + 1));
}

/** Run when the map has come to rest. */
export function whenMoved(map, run) {
  let timer = 0;
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(run, SETTLED);
  });
}
