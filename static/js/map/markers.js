// Markers of actors, and of clusters as rings. The shape of a category is cloned from the page, so
// that list, legend and map show the same; text is only ever inserted as text.

const SVG = "http://www.w3.org/2000/svg";
const DISC_RADIUS = 20;
// The circumference of this circle is 100, so that lengths of dashes are percentages.
const SHARE_RADIUS = 100 / (2 * Math.PI);

// Read once: the map may still draw after the quick exit has emptied the page.
const TEMPLATE = document.getElementById("marques").content;

const SAMPLES = new Map(
  [...TEMPLATE.querySelectorAll("[data-category]")].map((span) => [span.dataset.category, span]),
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

/** Return text for screen readers alone. */
export function hiddenText(text) {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = text;
  return span;
}

/** Return an icon that is drawn when the map shows it, which many markers never are. */
function icon(className, size, draw) {
  const lazyIcon = L.divIcon({ className, iconSize: [size, size] });
  const create = lazyIcon.createIcon;
  lazyIcon.createIcon = (former) => {
    lazyIcon.options.html = document.createElement("span");
    lazyIcon.options.html.append(...draw());
    return create.call(lazyIcon, former);
  };
  return lazyIcon;
}

// Many markers are never shown: they stand in clusters.
const Actor = L.Marker.extend({
  onAdd(map) {
    this.options.icon = this.ownIcon ??= actorIcon(this.actor);
    L.Marker.prototype.onAdd.call(this, map);
  },
});

function actorIcon({ name, category, precision }) {
  const hollow = precision === "commune";
  const precisionText = hollow ? ", adresse approximative" : "";
  return icon("actor-marker", 44, () => [
    markOf(category, hollow),
    hiddenText(`${name}, ${labelOf(category)}${precisionText}`),
  ]);
}

/** Return the marker of an actor; its `actor` has the properties of the feature. */
export function actorMarker(feature) {
  const [lon, lat] = feature.geometry.coordinates;
  const marker = new Actor([lat, lon], { riseOnHover: true });
  marker.actor = { id: String(feature.id ?? feature.properties.id), ...feature.properties };
  return marker;
}

function circle(className, radius) {
  const element = document.createElementNS(SVG, "circle");
  element.setAttribute("class", className);
  element.setAttribute("cx", "24");
  element.setAttribute("cy", "24");
  element.setAttribute("r", String(radius));
  return element;
}

/** Count the actors of each family: [{family, label, count}], the most numerous first. */
function countFamilies(markers) {
  const counts = new Map();
  const add = (family, more) => counts.set(family, (counts.get(family) ?? 0) + more);
  for (const { actor, cluster } of markers) {
    if (actor) add(sample(actor.category).dataset.family, 1);
    else for (const [family, count] of Object.entries(cluster.families)) add(family, count);
  }
  return [...counts]
    .map(([family, count]) => ({ family, label: FAMILIES.get(family), count }))
    .sort((a, b) => b.count - a.count);
}

/** Write a number so that it fits into a ring: 4,7k for 4 703. */
function shortNumber(number) {
  if (number < 1000) return String(number);
  const thousands = number / 1000;
  return `${thousands < 9.95 ? thousands.toFixed(1).replace(".", ",") : Math.round(thousands)}k`;
}

function ring(total, shares) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "cluster__ring");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  svg.append(circle("cluster__disc", DISC_RADIUS));
  // A gap of 2 % between families, for readers who cannot tell their colours apart.
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
  const words = shortNumber(total);
  text.setAttribute("class", `cluster__count${words.length > 2 ? " cluster__count--long" : ""}`);
  text.setAttribute("x", "24");
  text.setAttribute("y", "24");
  text.textContent = words;
  svg.append(text);
  return svg;
}

/** Return the icon of a cluster; markers: those of its actors, or clusters of the server. */
function clusterIcon(markers, className) {
  return icon(className, 48, () => {
    const shares = countFamilies(markers);
    const total = shares.reduce((sum, { count }) => sum + count, 0);
    const parts = shares.map(({ label, count }) => `${label} ${count}`).join(", ");
    return [ring(total, shares), hiddenText(`${total} acteurs : ${parts}. Ouvrir le groupe`)];
  });
}

/** Return the marker of actors that the server has counted and not sent. */
export function clusterMarker(feature) {
  const [lon, lat] = feature.geometry.coordinates;
  const marker = L.marker([lat, lon]);
  const [west, south, east, north] = feature.bbox;
  marker.cluster = {
    id: feature.id,
    bounds: [
      [south, west],
      [north, east],
    ],
    ...feature.properties,
  };
  marker.setIcon(clusterIcon([marker], "cluster cluster--counted"));
  return marker;
}

// Where no marker is.
const NOWHERE = L.latLngBounds([-90, -1000], [-90, -1000]);

const Clustered = L.MarkerClusterGroup.extend({
  /** Add markers that showClustered will show: shown as they come, many would be drawn in vain,
   *  since the next that come make clusters of them. */
  cluster(markers) {
    const shown = this._currentShownBounds;
    this._currentShownBounds = NOWHERE;
    this.addLayers(markers);
    this._currentShownBounds = shown;
  },

  showClustered() {
    this.addLayers([]);
  },

  /** Return what showClustered would show, and what shows a part of it before: each part is laid out
   *  at once, since all marks laid out in one frame hold up a finger. */
  unshown() {
    const group = this._featureGroup;
    const view = this._currentShownBounds;
    const layers = [];
    group.addLayer = (layer) => group.hasLayer(layer) || layers.push(layer);
    this.showClustered();
    delete group.addLayer;
    const show = (part) => {
      // Of another view, showClustered knows what it shows.
      if (this._currentShownBounds !== view) return;
      for (const layer of part) group.addLayer(layer);
      this._map.getPane("markerPane").getBoundingClientRect();
    };
    return { layers, show };
  },
});

/** Return the layer that clusters the markers which would overlap. */
export function markerLayer() {
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return new Clustered({
    iconCreateFunction: (cluster) => clusterIcon(cluster.getAllChildMarkers(), "cluster"),
    showCoverageOnHover: false,
    maxClusterRadius: 44,
    spiderfyDistanceMultiplier: 1.8,
    spiderLegPolylineOptions: { weight: 1, className: "cluster-leg" },
    animate: !reducedMotion,
  });
}
