// Where the search is made around, and the offer to search where the reader moved the map.

const RADII = [5, 10, 25, 50, 100];
const USUAL = 25;
// The grid of app/places/grid.py, in degrees: about 500 m.
const STEP = 0.005;

const onGrid = (degrees) =>
  (Math.round(degrees / STEP) * STEP + 0).toFixed(3).replace("-0.000", "0.000");

/** Draw the place and its circle. place: {lat, lon}; radius: metres, or nothing. */
export function drawPlace(map, place, radius) {
  const at = [place.lat, place.lon];
  if (radius) L.circle(at, { radius, interactive: false, className: "search-circle" }).addTo(map);
  const icon = L.divIcon({ className: "search-center", iconSize: [36, 36] });
  L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
}

/** The radius that fills the view best: km. */
function radiusOf(map) {
  const bounds = map.getBounds();
  const center = bounds.getCenter();
  const high = center.distanceTo([bounds.getNorth(), center.lng]);
  const wide = center.distanceTo([center.lat, bounds.getEast()]);
  const half = Math.min(high, wide) / 1000;
  const off = (km) => Math.abs(Math.log(km / half));
  return RADII.reduce((best, km) => (off(km) < off(best) ? km : best));
}

/** The address of the same search around the middle of the view. */
function addressOf(map) {
  const { lat, lng } = map.getCenter().wrap();
  const asked = new URL(document.getElementById("liste").dataset.search, location.origin);
  for (const name of ["dans", "lieu", "rayon", "page"]) asked.searchParams.delete(name);
  const radius = radiusOf(map);
  const around = new URLSearchParams({ lieu: `${onGrid(lat)},${onGrid(lng)}` });
  if (radius !== USUAL) around.set("rayon", radius);
  for (const [name, value] of asked.searchParams) around.append(name, value);
  return `/autour?${around}`.replaceAll("%2C", ",");
}

/** Offer "search here" once the reader has moved the map; a map that fits itself offers nothing. */
export function offerSearchHere(map) {
  // An embed says where it looks, and nobody moves it.
  if (!document.getElementById("liste").dataset.search) return;
  const container = map.getContainer();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button map-area__search";
  button.textContent = "Chercher ici";
  button.hidden = true;
  button.addEventListener("click", () => location.assign(addressOf(map)));
  container.after(button);
  const offer = () => {
    button.hidden = false;
  };
  map.on("dragend", offer);
  // Zooming by wheel, fingers or keys; pressing a group of actors zooms too, and is no move.
  let byHand = false;
  for (const moment of ["wheel", "touchmove", "keydown", "dblclick"]) {
    container.addEventListener(
      moment,
      ({ key }) => {
        byHand = !key || /^(Arrow|[-+=])/.test(key);
      },
      { passive: true },
    );
  }
  map.on("moveend", () => {
    if (byHand) offer();
    byHand = false;
  });
}
