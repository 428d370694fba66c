// The place that is searched around, and the button that searches what the map shows now.

import { extentCode } from "./grid.js";

/** Draw a place and its circle; place: {lat, lon}; radius: metres, none for no circle. */
export function drawPlace(map, place, radius) {
  const center = [place.lat, place.lon];
  if (radius)
    L.circle(center, { radius, interactive: false, className: "search-circle" }).addTo(map);
  const icon = L.divIcon({ className: "search-center", iconSize: [36, 36] });
  L.marker(center, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
}

/** Draw what is searched of the map; extent: as Leaflet takes bounds. */
export function drawExtent(map, extent) {
  return L.rectangle(extent, { interactive: false, className: "search-circle" }).addTo(map);
}

/** Return the address of the same search in what the map shows. */
function addressHere(map, { grid }) {
  const search = new URL(document.getElementById("liste").dataset.search, location.origin);
  for (const name of ["dans", "lieu", "cadre", "rayon", "page"]) search.searchParams.delete(name);
  const extent = extentCode(map.getBounds(), grid);
  const params = new URLSearchParams([
    ...(extent ? [["cadre", extent]] : []),
    ...search.searchParams,
  ]);
  return `/autour?${params}`.replaceAll("%2C", ",");
}

/** Show the button "search here" once the reader, and not the page, has moved the map; and where the
 *  list has what the map shows, a box to have it follow each move.
 *  options: those of the map, of which this takes the grid; extent: what drawExtent returned. */
export function offerSearchHere(map, options, extent) {
  // An embed looks where its address says, so it has no search to repeat elsewhere.
  if (!document.getElementById("liste").dataset.search) return;
  const bar = document.createElement("div");
  bar.className = "map-area__search";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Chercher ici";
  button.hidden = true;
  button.addEventListener("click", () => location.assign(addressHere(map, options)));
  bar.append(button);
  const follows = extent && window.htmx ? addFollowBox(bar) : null;
  const show = () => {
    const wasHidden = button.hidden;
    button.hidden = Boolean(follows?.checked);
    // It covers names, which make room.
    if (button.hidden !== wasHidden) map.fire("controls");
    if (!follows?.checked) return;
    extent.setBounds(map.getBounds());
    const list = { source: bar, target: "#reponse", select: "#reponse", swap: "outerHTML" };
    window.htmx.ajax("GET", addressHere(map, options), list);
  };
  follows?.addEventListener("change", () => {
    if (follows.checked && !button.hidden) show();
  });
  map.getContainer().after(bar);
  whenMovedByReader(map, show);
}

/** Add the box "the list follows the map" to a bar, which asks for one list after the other, each in
 *  place of the one before in the history too; return it. */
function addFollowBox(bar) {
  bar.setAttribute("data-hx-sync", "#reponse:replace");
  document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
    if (detail.requestConfig.elt === bar) detail.history.type = "replace";
  });
  const label = document.createElement("label");
  label.className = "map-area__follow";
  const box = document.createElement("input");
  box.type = "checkbox";
  label.append(box, "La liste suit la carte");
  bar.append(label);
  return box;
}

/** Run a function when a move of the map ends that was the reader's. */
function whenMovedByReader(map, run) {
  // Leaflet does not say who moved the map: opening a cluster zooms too. So the wheel, fingers and
  // keys are listened to.
  let byReader = false;
  // Before the end of the move, which goes on by itself for a moment.
  map.on("dragend", () => {
    byReader = true;
  });
  for (const type of ["wheel", "touchmove", "keydown", "dblclick"]) {
    map.getContainer().addEventListener(
      type,
      ({ key }) => {
        byReader = !key || /^(Arrow|[-+=])/.test(key);
      },
      { passive: true },
    );
  }
  // Before Leaflet, which lets no click of its buttons pass.
  map.getContainer().addEventListener(
    "click",
    ({ target }) => {
      if (target.closest(".leaflet-control-zoom, .map-area__recenter")) byReader = true;
    },
    { capture: true },
  );
  map.on("moveend", () => {
    if (byReader) run();
    byReader = false;
  });
}
