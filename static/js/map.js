// The map of a search: Folium draws the frame and calls mesure23.actors, the rest is here.

import { drawBoundaries, watchTiles, whenSeen } from "./map/frame.js";
import { clusterGroup, markerOf } from "./map/markers.js";
import { clearNote, note } from "./map/notes.js";
import { drawPlace, offerSearchHere } from "./map/place.js";
import { bindPopups } from "./map/popup.js";
import { tieToList } from "./map/tie.js";

const LIST = "liste";

/** The address of the actors that the list shows now; the list is what filters and Back change. */
function currentAddress(fallback) {
  return document.getElementById(LIST)?.dataset.geojson || fallback;
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
    tieToList(this);
    bindPopups(this);
  }

  /** Show what the list shows. The view stays where the reader put it. */
  async follow() {
    const address = currentAddress(this.fallback);
    if (address === this.area.dataset.shows) return;
    this.request?.abort();
    this.request = new AbortController();
    this.area.dataset.state = "loading";
    try {
      const answer = await fetch(address, {
        signal: this.request.signal,
        headers: { Accept: "application/geo+json" },
      });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const { features, counts } = await answer.json();
      this.show(features);
      this.say(counts);
      this.area.dataset.shows = address;
      this.area.dataset.state = "ready";
      clearNote("actors");
    } catch (error) {
      if (error.name === "AbortError") return;
      this.area.dataset.state = "error";
      note(
        "actors",
        "Les acteurs n’ont pas pu être placés sur la carte. La liste, elle, est à jour.",
        { label: "Réessayer", run: () => this.follow() },
      );
    }
  }

  /** Say that the map does not show all. */
  say({ shown, drawn }) {
    clearNote("most");
    if (shown === drawn) return;
    const number = (count) => count.toLocaleString("fr-FR");
    note(
      "most",
      this.nearest
        ? `La carte montre les ${number(shown)} plus proches.`
        : `La carte montre ${number(shown)} acteurs sur ${number(drawn)} : précisez la recherche.`,
    );
  }

  show(features) {
    this.map.closePopup();
    this.group.clearLayers();
    this.markers = new Map(
      features
        .filter((feature) => feature.geometry)
        .map((feature) => [String(feature.id ?? feature.properties.id), markerOf(feature)]),
    );
    this.group.addLayers([...this.markers.values()]);
  }
}

window.mesure23 = {
  actors(map, options, tiles) {
    map.attributionControl?.setPrefix(false);
    watchTiles(map);
    if (options.boundaries?.length) drawBoundaries(map, options.boundaries);
    if (options.place) drawPlace(map, options.place, options.radius);
    whenSeen(map, () => tiles?.addTo(map), options.bounds);
    offerSearchHere(map);
    const actors = new Actors(map, options);
    for (const moment of ["htmx:afterSettle", "htmx:historyRestore"]) {
      document.addEventListener(moment, () => actors.follow());
    }
    return actors.follow();
  },
};
