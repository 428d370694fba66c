// The map of territories in shades: Folium draws it and calls mesure23.areas. What it shows is read
// from the rows of the table beside it, so that both say the same.

const SVG = "http://www.w3.org/2000/svg";
const HATCH = "trou";
const SHADES = [
  "coverage-area--0",
  "coverage-area--1",
  "coverage-area--2",
  "coverage-area--3",
  "coverage-area--4",
];
// Around a territory overseas, in pixels.
const PADDING = [16, 16];
// What is drawn of one territory is seen from here on: all of France without its overseas.
const EUROPE = [
  [41.2, -5.3],
  [51.2, 9.7],
];

/** Return what the table says of each territory, by its code. */
function readRows(table) {
  const rows = [...table.querySelectorAll("[data-area]")].map((row) => {
    const link = row.querySelector("a");
    const name = row.querySelector("th").textContent.trim();
    const said = `${name} : ${row.dataset.said.toLowerCase()}`;
    return [row.dataset.area, { step: row.dataset.step, href: link?.href, said }];
  });
  return new Map(rows);
}

/** Put the hatching of holes into the drawing, which CSS fills them with. */
function addHatch(svg) {
  const pattern = document.createElementNS(SVG, "pattern");
  const given = { id: HATCH, width: 6, height: 6, patternUnits: "userSpaceOnUse" };
  for (const [name, value] of Object.entries(given)) pattern.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", "M-2 -2h10v10h-10zM0 6 6 0M-1 1 1 -1M5 7 7 5");
  line.setAttribute("class", "coverage-hatch");
  pattern.append(line);
  svg.prepend(pattern);
}

function drawArea(feature, layer, known) {
  const row = known.get(feature.id);
  if (!row) return;
  const said = document.createElement("span");
  said.textContent = row.said;
  layer.bindTooltip(said, { sticky: true });
  if (row.href) layer.on("click", () => location.assign(row.href));
}

/** Offer what lies too far off to be seen with the rest. */
function offerElsewhere(map, layers, place) {
  const button = (name, bounds) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "button button--quiet", textContent: name });
    made.addEventListener("click", () => map.fitBounds(bounds, { padding: PADDING }));
    place.append(made);
  };
  const europe = L.latLngBounds(EUROPE);
  const far = layers.filter((each) => !europe.contains(each.getBounds()));
  if (far.length > 0) button("Métropole", europe);
  for (const each of far) button(each.feature.properties.name, each.getBounds());
}

async function show(map) {
  const area = map.getContainer().closest("[data-areas]");
  const note = area.querySelector("[data-areas-note]");
  area.hidden = false;
  map.attributionControl?.setPrefix(false);
  // The page is what the wheel moves, and a step of zoom is half of the map.
  map.scrollWheelZoom.disable();
  map.options.zoomSnap = 0.25;
  map.invalidateSize();
  // At once: the end of a movement would take back what somebody presses meanwhile.
  map.fitBounds(EUROPE, { animate: false });
  const known = readRows(document.getElementById(area.dataset.rows));
  let contours;
  try {
    const response = await fetch(area.dataset.areas);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    contours = await response.json();
  } catch {
    note.textContent =
      "La carte n’a pas pu être chargée. Le tableau dit la même chose ; rechargez la page pour réessayer.";
    return;
  }
  const layer = L.geoJSON(contours, {
    style: ({ id }) => ({ className: `coverage-area ${SHADES[known.get(id)?.step ?? 4]}` }),
    onEachFeature: (feature, each) => drawArea(feature, each, known),
  }).addTo(map);
  addHatch(map.getPane("overlayPane").querySelector("svg"));
  offerElsewhere(map, layer.getLayers(), area.querySelector("[data-areas-elsewhere]"));
}

window.mesure23 = { ...window.mesure23, areas: show };
