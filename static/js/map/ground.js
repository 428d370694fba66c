// The ground under everything: land, borders, communes and names of towns, from our own files. From
// afar it is one file for France; from near, one for each territory that is seen.

import { Names } from "./names.js";
import { clearNote, showNote } from "./notes.js";
import { nextTask } from "./tasks.js";

// The files of a territory, and from which zoom on each is shown: on a page about all, beyond the circle
// of a page around a place, of what a page is about, and of what lies around that, under a veil.
const FILES = { land: "-land", near: "", communes: "-communes" };
const ZOOMS = {
  all: { near: 9, communes: 11 },
  beyond: { land: 9, near: 11, communes: 12 },
  own: { near: 9, communes: 10 },
  elsewhere: { land: 10, near: 12, communes: 13 },
};
// What they hold.
const LAYERS = ["land", "communes", "epcis"];
// A little more than what is seen, so that a short move finds it drawn.
const MARGIN = 0.1;
// Under the tiles, so that what these lack is there; names stand over borders, under marks.
const PANES = { abroad: 100, afar: 110, near: 120, names: 450 };
const PATIENCE_MS = 3_000;
const TOGETHER_MS = 50;
const SOURCES = "Fond : IGN, Natural Earth";
const SCHEMES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

async function fetchJson(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

function sayFailure(retry) {
  showNote("ground", "Le fond de carte n’a pas pu être chargé.", {
    label: "Réessayer",
    run: retry,
  });
}

/** Return where the circle of a search reaches; all that there is where it has none. */
function reachOf({ place, radius }) {
  if (!place || !radius) return L.latLngBounds([-90, -180], [90, 180]);
  return L.latLng(place).toBounds(2 * radius);
}

/** A territory: where it lies, the addresses of its files, and what has come of them: the towns of
 *  each, and layers by what they show. about: the codes of those that the page is about, none where
 *  it is about all; reach: the bounds of what is searched there. */
class Territory {
  constructor(given, about, reach) {
    const [west, south, east, north] = given.bounds;
    this.bounds = L.latLngBounds([south, west], [north, east]);
    const isAboutAll = about.length === 0;
    this.isOwn = isAboutAll || about.includes(given.code);
    // Little else than what a page is about is seen on it, and that from nearer.
    if (isAboutAll) this.zooms = this.bounds.intersects(reach) ? ZOOMS.all : ZOOMS.beyond;
    else this.zooms = this.isOwn ? ZOOMS.own : ZOOMS.elsewhere;
    // Some have no source that draws them from near.
    this.landZoom = given.drawn ? (this.zooms.land ?? this.zooms.near) : Number.POSITIVE_INFINITY;
    this.files = given.drawn ? Object.keys(this.zooms) : [];
    this.code = given.code;
    this.asked = new Set();
    this.towns = given.towns;
    this.layers = {};
  }

  /** Whether all is there that its land needs at a zoom. */
  isNear(zoom) {
    return zoom >= this.landZoom && Boolean(this.layers.land);
  }

  /** Return the layers that are shown at a zoom. */
  shown(zoom) {
    const least = { land: this.landZoom, epcis: this.zooms.near, communes: this.zooms.communes };
    return LAYERS.filter((what) => zoom >= least[what]).flatMap((what) => this.layers[what] ?? []);
  }

  /** Return the files that are to be fetched at a zoom, and are not yet. */
  missing(zoom) {
    // What is fetched from near has the land too.
    return this.files.filter(
      (file) =>
        zoom >= this.zooms[file] &&
        !this.asked.has(file) &&
        !(file === "land" && zoom >= this.zooms.near),
    );
  }

  /** Take what has come of a file: layers by what they show, and towns. */
  add(layers, towns = []) {
    // The land that came alone is the same.
    this.layers = { ...layers, ...this.layers };
    const known = new Set(this.towns.map(([name]) => name));
    this.towns = [...this.towns, ...towns.filter(([name]) => !known.has(name))];
    this.towns.sort((one, other) => other[3] - one[3]);
  }
}

class Ground {
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.territories = [];
    this.fixed = [];
    this.isZooming = false;
    this.renderers = {};
    for (const [name, zIndex] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.ariaHidden = "true";
      Object.assign(pane.style, { zIndex, pointerEvents: "none" });
      if (name !== "names") this.renderers[name] = L.canvas({ pane: name, padding: MARGIN });
    }
    this.near = L.layerGroup().addTo(map);
    this.names = new Names({ pane: "names", margin: MARGIN });
  }

  /** Return a geometry as a layer of lines or areas; what: of the colours of styles(). */
  layer(pane, what, geometry) {
    const options = { pane, renderer: this.renderers[pane], interactive: false };
    return Object.assign(L.geoJSON(geometry, { ...options, style: this.styles()[what] }), { what });
  }

  styles() {
    const of = getComputedStyle(this.map.getContainer());
    const colour = (name) => of.getPropertyValue(`--map-${name}`).trim();
    const area = (name) => ({ fillColor: colour(name), fillOpacity: 1 });
    const line = (name, weight) => ({ color: colour(name), weight, opacity: 1, fill: false });
    const border = line("departement", 1);
    return {
      abroad: { ...area("abroad"), stroke: false },
      land: { ...border, fill: true, ...area("land") },
      borders: border,
      epcis: line("epci", 1),
      communes: line("commune", 0.75),
    };
  }

  /** Draw what is seen from afar, then what lies near. */
  async start() {
    const { ground: address } = this.options;
    let france;
    try {
      france = await fetchJson(address);
    } catch {
      sayFailure(() => this.start());
      return;
    }
    clearNote("ground");
    this.map.attributionControl?.addAttribution(SOURCES);
    this.base = new URL(address, location.href);
    const about = this.options.territories ?? [];
    const reach = reachOf(this.options);
    this.territories = france.territories.map((each) => new Territory(each, about, reach));
    this.afarAddress = new URL(france.afar, this.base);
    await nextTask();
    this.addFixed("abroad", "abroad", france.abroad);
    await nextTask();
    this.names.addTo(this.map);
    this.map.on("zoomstart", () => {
      this.isZooming = true;
    });
    this.map.on("moveend", () => {
      this.isZooming = false;
      this.show();
    });
    for (const scheme of SCHEMES) {
      matchMedia(scheme).addEventListener("change", () => this.restyle());
    }
    this.show();
  }

  /** Draw all again in the colours that the page has now. */
  restyle() {
    const styles = this.styles();
    const drawn = this.territories.flatMap(({ layers }) => Object.values(layers ?? {}));
    for (const layer of [...this.fixed, ...drawn]) layer.setStyle(styles[layer.what]);
    this.names.draw();
  }

  /** Show from near what is seen, and load what is not there yet; each layer in a task of its own. */
  async show() {
    const zoom = this.map.getZoom();
    const around = this.inView(MARGIN);
    const shown = new Set(around.flatMap((each) => each.shown(zoom)));
    for (const layer of this.near.getLayers()) {
      if (!shown.has(layer)) this.near.removeLayer(layer);
    }
    const showing = Symbol("showing");
    this.showing = showing;
    let isFirst = true;
    for (const layer of shown) {
      if (!this.near.hasLayer(layer)) {
        if (!isFirst) await nextTask();
        // The end of a zoom, or what has come meanwhile, shows all.
        if (this.showing !== showing || this.isZooming) return;
        isFirst = false;
        this.near.addLayer(layer);
      }
      if (layer.what === "land") layer.bringToBack();
    }
    this.names.show(around);
    const inView = this.inView(0);
    // From near the coarse coast would show beside the true one.
    const isCovered = shown.size > 0 && inView.every((each) => each.isNear(zoom));
    this.map.getPane("afar").classList.toggle("is-covered", isCovered);
    if (inView.some(({ landZoom }) => zoom < landZoom)) this.loadAfar();
    for (const territory of inView) {
      for (const file of territory.missing(zoom)) this.load(territory, file);
    }
  }

  inView(margin) {
    const seen = this.map.getBounds().pad(margin);
    return this.territories.filter(({ bounds }) => seen.intersects(bounds));
  }

  addFixed(pane, what, geometry) {
    const layer = this.layer(pane, what, geometry).addTo(this.map);
    this.fixed.push(layer);
  }

  async loadAfar() {
    const address = this.afarAddress;
    this.afarAddress = null;
    if (!address) return;
    let afar;
    try {
      afar = await fetchJson(address);
    } catch {
      this.afarAddress = address;
      sayFailure(() => this.loadAfar());
      return;
    }
    clearNote("ground");
    for (const what of ["land", "borders"]) {
      await nextTask();
      this.addFixed("afar", what, afar[what]);
    }
  }

  async load(territory, file) {
    territory.asked.add(file);
    let found;
    try {
      const name = `${territory.code}${FILES[file]}.geojson`;
      found = await fetchJson(new URL(name, this.base));
    } catch {
      // It is seen as from afar then, and the next move asks again.
      territory.asked.delete(file);
      this.loadAfar();
      return;
    }
    const { towns, ...shapes } = found;
    const layers = {};
    for (const [what, shape] of Object.entries(shapes)) {
      await nextTask();
      layers[what] = this.layer("near", what, shape);
    }
    await nextTask();
    territory.add(layers, towns);
    this.showSoon();
  }

  /** Show what has come, with what comes right after it: each drawing costs a frame. */
  showSoon() {
    this.waiting ??= setTimeout(() => {
      this.waiting = null;
      // While a map zooms, a layer would be placed for where it is not yet; its end shows all.
      if (!this.isZooming) this.show();
    }, TOGETHER_MS);
  }
}

/** Lay the ground under a map, and tiles over it if there are any; options: those of the map, of
 *  which this takes the address of the file of France, and what the page is about. after: what comes
 *  first. */
export async function layGround(map, options, tiles, after) {
  const ground = new Ground(map, options);
  // Tiles name the towns themselves, once the first of them has come.
  tiles?.once("tileload", () => map.getPane("names").classList.add("is-covered"));
  tiles?.addTo(map);
  // Actors that do not come keep no ground away.
  await Promise.race([after, new Promise((late) => setTimeout(late, PATIENCE_MS))]);
  // Once they are painted: what is seen first is who can be called.
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  await ground.start();
  return ground;
}
