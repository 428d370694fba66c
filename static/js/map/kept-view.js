// What a map shows when somebody chooses another ground: its page begins with that. The address has it
// until the map has read it, after the "#", which no server is sent.

import { written } from "./grid.js";

const VIEW = /^#vue=(-?\d+\.\d+),(-?\d+\.\d+),(\d+)$/;

/** Have a link to another ground take along what the map shows. */
export function keepView(map, link, grid) {
  link.addEventListener("click", () => {
    const { lat, lng } = map.getCenter();
    link.hash = `vue=${written(lat, grid)},${written(lng, grid)},${map.getZoom()}`;
  });
}

/** Show what was kept, else these bounds; return whether it was kept. */
export function showFirst(map, bounds) {
  const kept = VIEW.exec(location.hash)?.slice(1).map(Number);
  // Without animation: on the way a map asks for tiles, and for actors, that nobody will see.
  if (kept) {
    map.setView(kept.slice(0, 2), kept[2], { animate: false });
    history.replaceState(history.state, "", location.pathname + location.search);
  } else map.fitBounds(bounds, { animate: false });
  return Boolean(kept);
}
