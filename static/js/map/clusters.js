// Selections too large to send: the server counts the actors in each cell of the viewport, and
// sends the actors themselves where they are few. The cells of the server do not move with the map,
// so that neighbouring viewports ask for the same address.

const SETTLED_MS = 150;

const columnOf = (lon, across) => ((lon + 180) / 360) * across;
const lonOf = (column, across) => (column / across) * 360 - 180;
const latOf = (row, across) =>
  (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / across))) * 180) / Math.PI;

/** The cells of the server, by the numbers that it hands to the map. */
export class Cells {
  #options;

  constructor(options) {
    this.#options = options;
  }

  /** Return the address of the clusters in the viewport; base: that of the whole selection. */
  viewportAddress(map, base) {
    const viewport = this.#viewportOf(map);
    if (!viewport) return null;
    const params = new URLSearchParams(viewport).toString().replaceAll("%2C", ",");
    return `${base}${base.includes("?") ? "&" : "?"}${params}`;
  }

  /** Return the id of the cell of a point at a zoom, which is that of its cluster. */
  idOf([lon, lat], zoom) {
    const across = this.#across(zoom);
    return [zoom, Math.floor(columnOf(lon, across)), Math.floor(this.#rowOf(lat, across))].join(
      "/",
    );
  }

  /** Zoom to where a cluster falls apart, by one step at least. */
  zoomToCluster(map, { bounds }) {
    // Where the server sends actors, those that still overlap share a point, or nearly so.
    const nearest = Math.max(this.#options.near, map.getZoom());
    const zoom = Math.min(map.getBoundsZoom(bounds), nearest);
    map.setView(L.latLngBounds(bounds).getCenter(), Math.max(zoom, map.getZoom() + 1));
  }

  #across(zoom) {
    return this.#options.ofTile * 2 ** zoom;
  }

  #rowOf(lat, across) {
    const { northernmost } = this.#options;
    const within = Math.max(-northernmost, Math.min(northernmost, lat));
    return ((1 - Math.asinh(Math.tan((within * Math.PI) / 180)) / Math.PI) / 2) * across;
  }

  /** Return the first cell of the blocks that two coordinates enclose, and the one after the last. */
  #blocks(first, last, across) {
    const { block } = this.#options;
    const begin = Math.max(0, Math.floor(first / block) * block);
    return [begin, Math.min(across, Math.ceil(last / block) * block)];
  }

  /** Return the parameters of the viewport; null where the map is hidden or beyond the world. */
  #viewportOf(map) {
    if (!map.getContainer().clientWidth) return null;
    const zoom = Math.round(map.getZoom());
    const across = this.#across(zoom);
    const bounds = map.getBounds();
    const [left, right] = this.#blocks(
      columnOf(bounds.getWest(), across),
      columnOf(bounds.getEast(), across),
      across,
    );
    const [top, bottom] = this.#blocks(
      this.#rowOf(bounds.getNorth(), across),
      this.#rowOf(bounds.getSouth(), across),
      across,
    );
    if (left >= right || top >= bottom) return null;
    // A quarter of a cell inside: the server rounds outwards, and must not round to another block.
    const corners = [
      lonOf(left + 0.25, across),
      latOf(bottom - 0.25, across),
      lonOf(right - 0.25, across),
      latOf(top + 0.25, across),
    ];
    return { zoom, bbox: corners.map((degrees) => degrees.toFixed(6)).join() };
  }
}

/** Run a function each time the map has stopped moving. */
export function onMoveEnd(map, run) {
  let timer = 0;
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(run, SETTLED_MS);
  });
}
