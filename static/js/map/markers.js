// Marks and rings. The drawing of a category is cloned from the page, so that list, legend and map
// have one; text only ever goes in as text.

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 20;
// A circle of this radius has a circumference of 100: dashes are then percentages.
const SHARE_RADIUS = 100 / (2 * Math.PI);

// Kept, since the map may still draw when the quick exit has taken the page away.
const MARKS = document.getElementById("marques").content;

function sample(category) {
  return MARKS.querySelector(`[data-category="${CSS.escape(category)}"]`);
}

export function markOf(category, hollow) {
  const mark = sample(category).querySelector("svg").cloneNode(true);
  mark.classList.toggle("mark--hollow", hollow);
  return mark;
}

export function labelOf(category) {
  return sample(category).dataset.label;
}

function spoken(text) {
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = text;
  return words;
}

function icon(className, size, ...content) {
  const html = document.createElement("span");
  html.className = "mark-holder";
  html.append(...content);
  return L.divIcon({ className, html, iconSize: [size, size] });
}

export function markerOf(feature) {
  const { name, category, precision } = feature.properties;
  const [lon, lat] = feature.geometry.coordinates;
  const hollow = precision === "commune";
  const where = hollow ? ", adresse approximative" : "";
  const marker = L.marker([lat, lon], {
    icon: icon(
      "actor",
      44,
      markOf(category, hollow),
      spoken(`${name}, ${labelOf(category)}${where}`),
    ),
    riseOnHover: true,
  });
  marker.actor = { id: String(feature.id ?? feature.properties.id), ...feature.properties };
  return marker;
}

function circle(className, radius) {
  const ring = document.createElementNS(SVG, "circle");
  ring.setAttribute("class", className);
  ring.setAttribute("cx", "24");
  ring.setAttribute("cy", "24");
  ring.setAttribute("r", String(radius));
  return ring;
}

/** How many actors of each family: [{family, label, count}], the most numerous first. */
function families(markers) {
  const counts = new Map();
  for (const { actor } of markers) {
    const { family, familyLabel } = sample(actor.category).dataset;
    const entry = counts.get(family) ?? { family, label: familyLabel, count: 0 };
    entry.count += 1;
    counts.set(family, entry);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

function ringOf(total, shares) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "cluster__ring");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  svg.append(circle("cluster__ground", RADIUS));
  // A gap of 2 % between families, for those who do not tell their colours apart.
  const gap = shares.length > 1 ? 2 : 0;
  let start = 25;
  for (const { family, count } of shares) {
    const length = (count / total) * 100;
    const share = circle(`cluster__share mark--${family}`, SHARE_RADIUS);
    share.setAttribute("stroke-dasharray", `${length - gap} ${100 - length + gap}`);
    share.setAttribute("stroke-dashoffset", String(start));
    start -= length;
    svg.append(share);
  }
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("class", "cluster__count");
  text.setAttribute("x", "24");
  text.setAttribute("y", "24");
  text.textContent = String(total);
  svg.append(text);
  return svg;
}

function clusterIcon(cluster) {
  const markers = cluster.getAllChildMarkers();
  const shares = families(markers);
  const parts = shares.map(({ label, count }) => `${label} ${count}`).join(", ");
  return icon(
    "cluster",
    48,
    ringOf(markers.length, shares),
    spoken(`${markers.length} acteurs : ${parts}. Ouvrir le groupe`),
  );
}

export function clusterGroup() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return L.markerClusterGroup({
    iconCreateFunction: clusterIcon,
    showCoverageOnHover: false,
    maxClusterRadius: 44,
    spiderfyDistanceMultiplier: 1.8,
    spiderLegPolylineOptions: { weight: 1, className: "territory-leg" },
    animate: !calm,
  });
}
