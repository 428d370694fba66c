// What all maps of the desk have in common: our own ground, their buttons, and how a mark is moved.

import { layGround } from "./map/ground.js";

// Pixels that an arrow key moves a mark by; with Shift.
const STEP = 4;
const FAR_STEP = 40;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
// A metre.
const DIGITS = 5;
const NUMBER = /^[+-]?\d{1,3}(\.\d+)?$/;
const PAIR = /^\s*(-?\d{1,2}[.,]\d+)\s*[,;\s]\s*(-?\d{1,3}[.,]\d+)\s*$/;

// Nearer, our ground has nothing more to show.
export const NEAR = 13;

/** Return degrees as a form has them. */
export const written = (degrees) => degrees.toFixed(DIGITS).replace(".", ",");

/** Return the point of two texts, or nothing where they are none. */
export function entered(...texts) {
  const [lat, lon] = texts.map((text) => text.trim().replace(",", "."));
  if (!NUMBER.test(lat) || !NUMBER.test(lon)) return undefined;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? L.latLng(lat, lon) : undefined;
}

/** Divide a point that was pasted as one text, "48.85, 2.35", between its two fields. */
export function divide(lat, lon) {
  const found = PAIR.exec(lat.value);
  if (found) [lat.value, lon.value] = found.slice(1).map((each) => each.replace(".", ","));
}

/** Make a map that shows some bounds; options: of the page, with the address of its ground. fit: how
 *  the bounds lie in it. Return the map, and its ground once that is there. */
export function deskMap(element, options, bounds, fit) {
  const map = L.map(element, {
    zoomControl: false,
    scrollWheelZoom: false,
    maxZoom: 17,
    zoomAnimation: false,
  });
  map.attributionControl.setPrefix(false);
  const titles = { zoomInTitle: "Agrandir la carte", zoomOutTitle: "Réduire la carte" };
  L.control.zoom({ position: "topright", ...titles }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const container = map.getContainer();
  container.setAttribute("role", "group");
  container.ariaLabel = "Carte, à déplacer par les flèches";
  map.fitBounds(bounds, { ...fit, animate: false });
  return { map, ground: layGround(map, options, undefined, Promise.resolve()) };
}

/** Return how far a key moves a mark, in pixels; nothing for a key that moves none. */
export function stepOf({ key, ctrlKey, altKey, metaKey, shiftKey }) {
  const arrow = ARROWS[key];
  if (!arrow || ctrlKey || altKey || metaKey) return undefined;
  return L.point(arrow).multiplyBy(shiftKey ? FAR_STEP : STEP);
}

/** Return the icon of a pin, drawn as our own; number: what it has in the place of a dot. */
export function pinIcon(number) {
  const template = document.createElement("template");
  template.innerHTML =
    '<span><svg viewBox="0 0 40 40" aria-hidden="true"><path d="M20 38C12 28 8 22 8 15a12 12 0 0 1 24 0c0 7-4 13-12 23z"/><circle cx="20" cy="15" r="4.5"/></svg></span>';
  const drawn = template.content.firstChild;
  if (number) {
    drawn.querySelector("circle").remove();
    const inside = document.createElement("span");
    inside.className = "desk-pin__number";
    inside.textContent = number;
    drawn.append(inside);
  }
  return L.divIcon({
    className: "desk-pin",
    iconSize: [40, 40],
    iconAnchor: [20, 38],
    html: drawn,
  });
}
