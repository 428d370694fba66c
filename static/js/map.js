// The map of a search: Folium draws it and calls mesure23.actors, the rest is here.

import { drawBoundaries, watchTiles, whenSeen } from "./map/ground.js";
import { addressOf, cellOf, openGroup, whenMoved } from "./map/groups.js";
import { clusterGroup, groupOf, markerOf } from "./map/markers.js";
import { clearNote, note } from "./map/notes.js";
import { drawPlace, offerSearchHere } from "./map/place.js";
import { bindPopups } from "./map/popup.js";
import { tieToList } from "./map/tie.js";

const LIST = "liste";
// More markers in one task would hold up a slow phone for longer than a finger notices.
const AT_ONCE = 75;

/** What the list shows now; it is what filters and Back change. */
function shownByList() {
  return document.getElementById(LIST)?.dataset ?? {};
}

class Actors {
  constructor(map, options) {
    this.map = map;
    this.fallback = options.actors;
    this.nearest = Boolean(options.place);
    this.area = map.getContainer().closest(".map-area");
    this.group = clusterGroup().addTo(map);
    this.markers = new Map();
    this.request = null;
    // The address of the groups in view, where the selection is too large to be sent.
    this.view = null;
    tieToList(this);
    bindPopups(this);
    this.group.on("click", ({ layer }) => {
      if (!layer.group) return;
      // Its mark goes away with what has the focus.
      map.getContainer().focus({ preventScroll: true });
      openGroup(map, layer.group);
    });
    whenMoved(map, () => this.move());
  }

  /** Show what the list shows. The view stays where the reader put it. */
  async follow() {
    const { geojson = this.fallback, groups } = shownByList();
    if (geojson === this.area.dataset.shows) return;
    this.view = groups ? addressOf(this.map, groups) : null;
    const shown = await this.ask(groups ? this.view : geojson, () => this.follow());
    if (!shown) return;
    this.map.closePopup();
    if (!(await this.show(shown.features))) return;
    this.say(shown.counts);
    this.area.dataset.shows = geojson;
    this.area.dataset.state = "ready";
  }

  /** Show the groups of another view of the same selection. */
  async move() {
    const { geojson, groups } = shownByList();
    if (!groups || geojson !== this.area.dataset.shows) return;
    const view = addressOf(this.map, groups);
    if (view === this.view) return;
    const before = this.view;
    this.view = view;
    const shown = await this.ask(view, () => this.move());
    if (shown) {
      if (await this.show(shown.features, true)) this.area.dataset.state = "ready";
    } else if (this.view === view) {
      this.view = before;
    }
  }

  /** Return a collection, the last one that was asked for; nothing where there is none to show. */
  async ask(address, again) {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    // A map that nobody sees asks for no groups.
    if (!address) return { features: [] };
    this.area.dataset.state = "loading";
    try {
      const answer = await fetch(address, {
        signal: request.signal,
        headers: { Accept: "application/geo+json" },
      });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const shown = await answer.json();
      clearNote("actors");
      return shown;
    } catch (error) {
      if (error.name === "AbortError") return null;
      this.area.dataset.state = "error";
      note(
        "actors",
        "Les acteurs n’ont pas pu être placés sur la carte. La liste, elle, est à jour.",
        { label: "Réessayer", run: again },
      );
      return null;
    }
  }

  /** Say that the map does not show all; groups do. */
  say({ shown, drawn } = {}) {
    clearNote("most");
    if (shown === undefined || shown === drawn) return;
    const number = (count) => count.toLocaleString("fr-FR");
    note(
      "most",
      this.nearest
        ? `La carte montre les ${number(shown)} plus proches.`
        : `La carte montre ${number(shown)} acteurs sur ${number(drawn)} : précisez la recherche.`,
    );
  }

  /** Put actors and groups on the map in place of others, and say whether nothing came between.
   *  kept: leave those that stay. */
  async show(features, kept = false) {
    const markers = new Map();
    const added = [];
    for (const feature of features.filter(({ geometry }) => geometry)) {
      const group = feature.properties.families && feature;
      const id = String(feature.id ?? feature.properties.id);
      const now = kept && this.markers.get(id);
      const before = now?.group?.count === feature.properties.count && now;
      const marker = before || (group ? groupOf(feature) : markerOf(feature));
      markers.set(id, marker);
      if (!before || !this.group.hasLayer(before)) added.push(marker);
    }
    const container = this.map.getContainer();
    const focused = container.contains(document.activeElement);
    if (kept) {
      const gone = [...this.markers].filter(([id]) => !markers.has(id));
      this.group.removeLayers(gone.map(([, marker]) => marker));
    } else {
      this.group.clearLayers();
    }
    this.markers = markers;
    for (let start = 0; start < added.length; start += AT_ONCE) {
      if (start) await new Promise((done) => setTimeout(done));
      if (this.markers !== markers) return false;
      this.group.addLayers(added.slice(start, start + AT_ONCE));
    }
    if (focused && !container.contains(document.activeElement)) {
      container.focus({ preventScroll: true });
    }
    return true;
  }

  /** The marker of an actor, or of the group that it is in. */
  markerOf(id) {
    const alone = this.markers.get(id);
    if (alone || !this.view) return alone;
    const places = JSON.parse(shownByList().places ?? "{}");
    return places[id] && this.markers.get(cellOf(places[id], Math.round(this.map.getZoom())));
  }
}

window.mesure23 = {
  actors(map, options, tiles) {
    map.attributionControl?.setPrefix(false);
    if (options.boundaries?.length) drawBoundaries(map, options.boundaries);
    const actors = new Actors(map, options);
    for (const moment of ["htmx:afterSettle", "htmx:historyRestore"]) {
      document.addEventListener(moment, () => actors.follow());
    }
    // In a task of its own, while the answers are on their way.
    setTimeout(() => {
      watchTiles(map);
      if (options.place) drawPlace(map, options.place, options.radius);
      whenSeen(map, () => tiles?.addTo(map), options.bounds);
      offerSearchHere(map);
    });
    return actors.follow();
  },
};
