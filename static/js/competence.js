// Who has each commune, on a map: Folium draws it and calls mesure23.competence. What it shows is read
// from the list beside it, and what is chosen on it is ticked there: both say the same.

import { layGround } from "./map/ground.js";

const RADIUS = 6;
const TONES = {
  nobody: "competence-point--nobody",
  unsure: "competence-point--unsure",
  0: "competence-point--0",
  1: "competence-point--1",
  2: "competence-point--2",
  3: "competence-point--3",
  4: "competence-point--4",
  5: "competence-point--5",
  6: "competence-point--6",
  7: "competence-point--7",
};
// Around the communes of a territory, in pixels.
const PADDING = [16, 16];
// Over the names of the ground: a point is what is chosen.
const PANE = "communes";
const OVER_NAMES = 460;

/** Draw a commune as its row says it is. */
function paint(point, row) {
  const classes = point.getElement().classList;
  classes.toggle("is-chosen", row.querySelector("input").checked);
}

/** Say how many communes are chosen, beside the buttons that send them. */
function count(form) {
  const number = form.querySelectorAll("input[name=commune]:checked").length;
  const said = number > 1 ? ` : ${number} choisies` : ` : ${number} choisie`;
  form.querySelector("[data-chosen]")?.replaceChildren(number > 0 ? said : "");
}

/** Return the commune of a row as a point, which ticks the row. */
function drawn(row, form) {
  const { lat, lon, tone } = row.dataset;
  const className = `competence-point ${TONES[tone]}`;
  const point = L.circleMarker([lat, lon], { pane: PANE, radius: RADIUS, className });
  const said = document.createElement("span");
  const holders = [...row.querySelectorAll(".competence__holder")];
  const names = holders.map((each) => each.firstChild.textContent.trim());
  const name = row.querySelector("[data-name]").textContent;
  said.textContent = `${name} : ${names.join(", ") || "personne de connu"}`;
  point.bindTooltip(said);
  point.on("click", () => choose([[row, point]], form, !row.querySelector("input").checked));
  return point;
}

function choose(pairs, form, isChosen) {
  for (const [row, point] of pairs) {
    row.querySelector("input").checked = isChosen;
    paint(point, row);
  }
  count(form);
}

function show(map) {
  const area = map.getContainer().closest("[data-competence-map]");
  const form = area.closest("form");
  const rows = [...form.querySelectorAll("[data-lon]")];
  count(form);
  if (rows.length === 0) return;
  area.hidden = false;
  map.attributionControl?.setPrefix(false);
  map.scrollWheelZoom.disable();
  map.invalidateSize();
  map.createPane(PANE).style.zIndex = OVER_NAMES;
  const pairs = rows.map((row) => [row, drawn(row, form)]);
  const points = L.featureGroup(pairs.map(([, point]) => point));
  map.fitBounds(points.getBounds(), { padding: PADDING, animate: false });
  points.addTo(map);
  const { ground, territory } = area.dataset;
  layGround(map, { ground, territories: [territory] }, undefined, Promise.resolve());
  const known = new Map(pairs);
  for (const [row, point] of pairs) paint(point, row);
  map.on("boxzoomend", ({ boxZoomBounds }) => {
    const inside = pairs.filter(([, point]) => boxZoomBounds.contains(point.getLatLng()));
    choose(inside, form, true);
  });
  form.addEventListener("change", ({ target }) => {
    const row = target.closest("[data-place]");
    if (row && known.has(row)) paint(known.get(row), row);
    count(form);
  });
}

window.mesure23 = { ...window.mesure23, competence: show };
