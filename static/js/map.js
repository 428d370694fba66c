// The map of a search: Folium draws it and calls mesure23.actors; what stands on it is drawn here,
// from what the page says of it in data-options.

import { layOutAll } from "./first-view.js";
import { drawExtent, drawPlace, offerSearchHere } from "./map/around.js";
import { drawAvoided } from "./map/avoided.js";
import { drawBoundaries, whenVisible } from "./map/background.js";
import { Cells, onMoveEnd } from "./map/clusters.js";
import { keepFocus } from "./map/focus.js";
import { layGround } from "./map/ground.js";
import { linkToList } from "./map/highlight.js";
import { keepView, showFirst } from "./map/kept-view.js";
import { actorMarker, clusterMarker, markerLayer } from "./map/markers.js";
import { clearNote, showNote } from "./map/notes.js";
import { bindPopups } from "./map/popup.js";
import { offerRecenter } from "./map/recenter.js";
import { inSlices, nextTask, whenIdle } from "./map/tasks.js";

const LIST = "liste";
// As many actors as a first look takes in, where the map is fitted to what was found.
const NEAREST = 20;
// So few take the place of others in one task, at once.
const FEW = 200;

/** Return the data of the list as it stands now: filters and Back change it. */
function listData() {
  return document.getElementById(LIST)?.dataset ?? {};
}

/** Let the link to another ground keep the search that the list answers now. */
function keepSearch(area) {
  const link = area.querySelector(".map-area__ground");
  if (link) link.href = listData().ground;
}

class Actors {
  constructor(map, options) {
    this.map = map;
    this.fallbackAddress = options.actors;
    this.cells = new Cells(options.cells);
    this.nearestFirst = Boolean(options.place);
    // What is found around a place lies beyond what is avoided there.
    this.fitsFound = Boolean(options.place && options.avoided);
    this.area = map.getContainer().closest(".map-area");
    this.layer = markerLayer().addTo(map);
    this.markers = new Map();
    this.request = null;
    // The address of the clusters in the viewport, where the selection is too large to be sent.
    this.clustersAddress = null;
    linkToList(this);
    keepFocus(map);
    bindPopups(this);
    this.layer.on("click", ({ layer: marker }) => {
      if (marker.cluster) this.cells.zoomToCluster(map, marker.cluster);
    });
    // Names of towns make way for marks.
    this.layer.on("animationend", () => map.fire("marks"));
    onMoveEnd(map, () => this.showViewport());
  }

  /** Show the selection of the list. The viewport stays where the reader put it. */
  async showSelection() {
    const { geojson = this.fallbackAddress, clusters } = listData();
    if (geojson === this.area.dataset.shows) return;
    this.clustersAddress = clusters ? this.cells.viewportAddress(this.map, clusters) : null;
    const found = await this.load(clusters ? this.clustersAddress : geojson, () =>
      this.showSelection(),
    );
    if (!found) return;
    this.map.closePopup();
    if (!(await this.draw(found.features))) return;
    this.noteLimit(found.counts);
    if (this.fitsFound) this.fit(found.features);
    this.area.dataset.shows = geojson;
    this.area.dataset.state = "ready";
  }

  /** Show the clusters of the same selection in another viewport. */
  async showViewport() {
    const { geojson, clusters } = listData();
    if (!clusters || geojson !== this.area.dataset.shows) return;
    const address = this.cells.viewportAddress(this.map, clusters);
    if (address === this.clustersAddress) return;
    const before = this.clustersAddress;
    this.clustersAddress = address;
    const found = await this.load(address, () => this.showViewport());
    if (found) {
      if (await this.draw(found.features, true)) this.area.dataset.state = "ready";
    } else if (this.clustersAddress === address) {
      this.clustersAddress = before;
    }
  }

  /** Return a GeoJSON collection, or null where it failed or a newer request replaced this one. */
  async load(address, retry) {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    // A hidden map has no viewport, and so no address.
    if (!address) return { features: [] };
    this.area.dataset.state = "loading";
    try {
      const response = await fetch(address, {
        signal: request.signal,
        headers: { Accept: "application/geo+json" },
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const found = await response.json();
      clearNote("actors");
      return found;
    } catch (error) {
      if (error.name === "AbortError") return null;
      this.area.dataset.state = "error";
      showNote(
        "actors",
        "Les acteurs n’ont pas pu être placés sur la carte. La liste, elle, est à jour.",
        { label: "Réessayer", run: retry },
      );
      return null;
    }
  }

  /** Show the nearest of these features as well, once: then the viewport is the reader's. */
  fit(features) {
    this.fitsFound = false;
    const shown = this.map.getBounds();
    for (const { geometry } of features.slice(0, NEAREST)) {
      shown.extend([geometry.coordinates[1], geometry.coordinates[0]]);
    }
    if (features.length) this.map.fitBounds(shown, { animate: false });
  }

  /** Tell the reader that the map shows a part of the actors only; clusters show all of them. */
  noteLimit({ shown, drawn } = {}) {
    clearNote("most");
    if (shown === undefined || shown === drawn) return;
    const number = (count) => count.toLocaleString("fr-FR");
    showNote(
      "most",
      this.nearestFirst
        ? `La carte montre les ${number(shown)} plus proches.`
        : `La carte montre ${number(shown)} acteurs sur ${number(drawn)} : précisez la recherche.`,
    );
  }

  /** Replace the markers by those of these features; return false if another call came between.
   *  reuse: leave markers that are the same in their place. */
  async draw(features, reuse = false) {
    const drawing = Symbol("drawing");
    this.drawing = drawing;
    const isCurrent = () => this.drawing === drawing;
    const placed = features.filter(({ geometry }) => geometry);
    const markers = new Map();
    const added = [];
    const make = (feature) => {
      const id = String(feature.id ?? feature.properties.id);
      const drawn = reuse && this.markers.get(id);
      const same = drawn?.cluster?.count === feature.properties.count && drawn;
      const isCluster = feature.properties.families;
      const marker = same || (isCluster ? clusterMarker(feature) : actorMarker(feature));
      markers.set(id, marker);
      if (!same || !this.layer.hasLayer(same)) added.push(marker);
    };
    if (!(await inSlices(placed, (part) => part.forEach(make), isCurrent))) return false;
    // Few markers take the place of others at once: no moment shows an empty map.
    const atOnce = this.markers.size > 0 && added.length <= FEW;
    if (reuse) {
      const gone = [...this.markers].filter(([id]) => !markers.has(id));
      this.layer.removeLayers(gone.map(([, marker]) => marker));
    } else {
      this.layer.clearLayers();
    }
    this.markers = markers;
    if (atOnce) this.layer.cluster(added);
    else {
      if (!(await inSlices(added, (part) => this.layer.cluster(part), isCurrent))) return false;
      await nextTask();
      if (!isCurrent()) return false;
      // Around a place, where most of them are out of sight, all stand sooner in one task.
      if (!this.nearestFirst) {
        const { layers, show } = this.layer.unshown();
        if (!(await inSlices(layers, show, isCurrent))) return false;
        await nextTask();
        if (!isCurrent()) return false;
      }
    }
    this.layer.showClustered();
    this.map.fire("marks");
    return true;
  }

  /** Return the marker of an actor, or that of the cluster which counts it. */
  markerOf(id) {
    const alone = this.markers.get(id);
    if (alone || !this.clustersAddress) return alone;
    const places = JSON.parse(listData().places ?? "{}");
    return (
      places[id] && this.markers.get(this.cells.idOf(places[id], Math.round(this.map.getZoom())))
    );
  }
}

window.mesure23 = {
  actors(map, constants, tiles) {
    const page = map.getContainer().closest(".map-area").dataset.options;
    const options = { ...constants, ...JSON.parse(page) };
    const isKept = showFirst(map, options.bounds);
    const actors = new Actors(map, options);
    if (isKept) actors.fitsFound = false;
    followList(actors);
    const shown = actors.showSelection();
    shown.finally(layOutAll);
    furnish(map, options, tiles, actors, shown);
    return shown;
  },
};

/** Show what the list shows from now on; who filtered it before the map came is met here too. */
function followList(actors) {
  keepSearch(actors.area);
  for (const type of ["htmx:afterSettle", "htmx:historyRestore"]) {
    document.addEventListener(type, () => {
      actors.showSelection();
      keepSearch(actors.area);
    });
  }
}

/** Add the rest of a map where its actors leave time for it, each part in a task of its own; shown:
 *  when they stand. */
async function furnish(map, options, tiles, actors, shown) {
  const container = map.getContainer();
  const parts = [
    () => {
      map.attributionControl?.setPrefix(false);
      // Outlines and circles: decoration, which screen readers pass over.
      map.getPane("overlayPane").ariaHidden = "true";
      container.setAttribute("role", "group");
      container.ariaLabel = "Carte, à déplacer par les flèches";
      offerRecenter(map, options.bounds);
      const other = actors.area.querySelector(".map-area__ground");
      if (other) keepView(map, other, options.grid);
    },
    () => {
      if (options.avoided) drawAvoided(map, options.avoided);
      const extent = options.extent && drawExtent(map, options.extent);
      if (options.place) drawPlace(map, options.place, options.radius);
      offerSearchHere(map, options, extent);
    },
    () => {
      if (options.boundaries?.length) drawBoundaries(map, options.boundaries);
      whenVisible(map, () => layGround(map, options, tiles, shown), options.bounds);
    },
  ];
  for (const add of parts) {
    // Not later than right after the actors, however busy a browser is.
    await Promise.race([whenIdle(), shown.then(nextTask, nextTask)]);
    // The page may have been left meanwhile.
    if (!container.isConnected) return;
    add();
  }
}
