// The place that is searched around, and the button that searches around where the map is now.

import { positionCode } from "./grid.js";

/** Draw a place and its circle; place: {lat, lon}; radius: metres, none for no circle. */
export function drawPlace(map, place, radius) {
  const center = [place.lat, place.lon];
  if (radius)
    L.circle(center, { radius, interactive: false, className: "search-circle" }).addTo(map);
  const icon = L.divIcon({ className: "search-center", iconSize: [36, 36] });
  L.marker(center, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
}

/** Return the radius, of those in km, whose circle fits the viewport best. */
function radiusOf(map, radii) {
  const bounds = map.getBounds();
  const center = bounds.getCenter();
  const height = center.distanceTo([bounds.getNorth(), center.lng]);
  const width = center.distanceTo([center.lat, bounds.getEast()]);
  const fitting = Math.min(height, width) / 1000;
  const misfit = (km) => Math.abs(Math.log(km / fitting));
  return radii.reduce((best, km) => (misfit(km) < misfit(best) ? km : best));
}

/** Return the address of the same search around the centre of the viewport. */
function addressHere(map, { grid, radii, usualRadius }) {
  const { lat, lng } = map.getCenter().wrap();
  const search = new URL(document.getElementById("liste").dataset.search, location.origin);
  for (const name of ["dans", "lieu", "rayon", "page"]) search.searchParams.delete(name);
  const radius = radiusOf(map, radii);
  const params = new URLSearchParams({ lieu: positionCode(lat, lng, grid) });
  if (radius !== usualRadius) params.set("rayon", radius);
  for (const [name, value] of search.searchParams) params.append(name, value);
  return `/autour?${params}`.replaceAll("%2C", ",");
}

/** Show the button "search here" once the reader, and not the page, has moved the map.
 *  options: those of the map, of which this takes grid, radii and usualRadius. */
export function offerSearchHere(map, options) {
  // An embed looks where its address says, so it has no search to repeat elsewhere.
  if (!document.getElementById("liste").dataset.search) return;
  const container = map.getContainer();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button map-area__search";
  button.textContent = "Chercher ici";
  button.hidden = true;
  button.addEventListener("click", () => location.assign(addressHere(map, options)));
  container.after(button);
  const show = () => {
    button.hidden = false;
  };
  map.on("dragend", show);
  // Leaflet does not say who moved the map: opening a cluster zooms too. So the wheel, fingers and
  // keys are listened to.
  let byReader = false;
  for (const type of ["wheel", "touchmove", "keydown", "dblclick"]) {
    container.addEventListener(
      type,
      ({ key }) => {
        byReader = !key || /^(Arrow|[-+=])/.test(key);
      },
      { passive: true },
    );
  }
  map.on("moveend", () => {
    if (byReader) show();
    byReader = false;
  });
}
