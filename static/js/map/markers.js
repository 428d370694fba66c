// Marks and rings. The drawing of a category is cloned from the page, so that list, legend and map
// have one; text only ever goes in as text.

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 20;
// A circle of this radius has a circumference of 100: dashes are then percentages.
const SHARE_RADIUS = 100 / (2 * Math.PI);

// Kept, since the map may still draw when the quick exit has taken the page away.
const MARKS = document.getElementById("marques").content;

const SAMPLES = new Map(
  [...MARKS.querySelectorAll("[data-category]")].map((each) => [each.dataset.category, each]),
);
const FAMILIES = new Map(
  [...SAMPLES.values()].map(({ dataset }) => [dataset.family, dataset.familyLabel]),
);

const sample = (category) => SAMPLES.get(category);

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

/** An icon that is drawn once the map shows it: most marks of a large selection never are. */
function icon(className, size, draw) {
  const made = L.divIcon({ className, iconSize: [size, size] });
  const create = made.createIcon;
  made.createIcon = (former) => {
    made.options.html = document.createElement("span");
    made.options.html.append(...draw());
    return create.call(made, former);
  };
  return made;
}

export function markerOf(feature) {
  const { name, category, precision } = feature.properties;
  const [lon, lat] = feature.geometry.coordinates;
  const hollow = precision === "commune";
  const where = hollow ? ", adresse approximative" : "";
  const marker = L.marker([lat, lon], {
    icon: icon("actor-marker", 44, () => [
      markOf(category, hollow),
      spoken(`${name}, ${labelOf(category)}${where}`),
    ]),
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
  const add = (family, more) => counts.set(family, (counts.get(family) ?? 0) + more);
  for (const { actor, group } of markers) {
    if (actor) add(sample(actor.category).dataset.family, 1);
    else for (const [family, count] of Object.entries(group.families)) add(family, count);
  }
  return [...counts]
    .map(([family, count]) => ({ family, label: FAMILIES.get(family), count }))
    .sort((a, b) => b.count - a.count);
}

/** A number that fits into a ring: 4,7k for 4 703. */
function short(number) {
  if (number < 1000) return String(number);
  const thousands = number / 1000;
  return `${thousands < 9.95 ? thousands.toFixed(1).replace(".", ",") : Math.round(thousands)}k`;
}

function ringOf(total, shares) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "cluster__ring");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  svg.append(circle("cluster__disc", RADIUS));
  // A gap of 2 % between families, for those who do not tell their colours apart.
  const gap = shares.length > 1 ? 2 : 0;
  let start = 25;
  for (const { family, count } of shares) {
    const length = (count / total) * 100;
    const dash = Math.max(length - gap, Math.min(length, 1));
    const share = circle(`cluster__share mark--${family}`, SHARE_RADIUS);
    share.setAttribute("stroke-dasharray", `${dash} ${100 - dash}`);
    share.setAttribute("stroke-dashoffset", String(start));
    start -= length;
    svg.append(share);
  }
  const text = document.createElementNS(SVG, "text");
  const words = short(total);
  text.setAttribute("class", `cluster__count${words.length > 2 ? " cluster__count--long" : ""}`);
  text.setAttribute("x", "24");
  text.setAttribute("y", "24");
  text.textContent = words;
  svg.append(text);
  return svg;
}

/** The ring of several markers, of actors or of groups. */
function ringIcon(markers, className) {
  return icon(className, 48, () => {
    const shares = families(markers);
    const total = shares.reduce((sum, { count }) => sum + count, 0);
    const parts = shares.map(({ label, count }) => `${label} ${count}`).join(", ");
    return [ringOf(total, shares), spoken(`${total} acteurs : ${parts}. Ouvrir le groupe`)];
  });
}

/** The ring of actors that the server counted and did not send. */
export function groupOf(feature) {
  const [lon, lat] = feature.geometry.coordinates;
  const marker = L.marker([lat, lon]);
  const [west, south, east, north] = feature.bbox;
  marker.group = {
    id: feature.id,
    bounds: [
      [south, west],
      [north, east],
    ],
    ...feature.properties,
  };
  marker.setIcon(ringIcon([marker], "cluster cluster--counted"));
  return marker;
}

export function clusterGroup() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return L.markerClusterGroup({
    iconCreateFunction: (cluster) => ringIcon(cluster.getAllChildMarkers(), "cluster"),
    showCoverageOnHover: false,
    maxClusterRadius: 44,
    spiderfyDistanceMultiplier: 1.8,
    spiderLegPolylineOptions: { weight: 1, className: "cluster-leg" },
    animate: !calm,
  });
}
