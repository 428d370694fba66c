// What a search keeps out of: a circle or whole territories, hatched, so that nobody goes there.

import { fetchRings } from "./background.js";

const HATCHING = "hachures";
const SVG = "http://www.w3.org/2000/svg";

/** Add the pattern of the hatching to the page; Leaflet has none. */
function addHatching(container) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "search-avoided-pattern");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML =
    `<pattern id="${HATCHING}" width="8" height="8" patternUnits="userSpaceOnUse"` +
    ' patternTransform="rotate(45)"><path d="M0 0V8"/></pattern>';
  container.append(svg);
}

/** Draw what is avoided. circle: {lat, lon, radius} in metres, or none; boundaries: addresses. */
export async function drawAvoided(map, { circle, boundaries }) {
  addHatching(map.getContainer());
  const show = (layer) => {
    layer.addTo(map);
    layer.getElement()?.setAttribute("fill", `url(#${HATCHING})`);
  };
  const style = { interactive: false, fillOpacity: 1, className: "search-avoided" };
  if (circle) show(L.circle([circle.lat, circle.lon], { ...style, radius: circle.radius }));
  // One that does not come is said in words, in the list of what is applied.
  const found = await Promise.allSettled(boundaries.map(fetchRings));
  const rings = found.flatMap(({ value = [] }) => value);
  if (rings.length) show(L.polygon(rings, style));
}
