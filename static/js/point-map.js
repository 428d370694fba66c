// The point of an actor in its form: dragged, moved by arrow keys, or written as two numbers, which are
// what is saved. The geocoder is asked by the service; without this script the form asks as well.

import { deskMap, divide, entered, NEAR, pinIcon, stepOf, written } from "./desk-map.js";
import { put, sent } from "./sending.js";

const SAID_MS = 500;
const NOT_ASKED =
  "La réponse n’est pas venue : le service ne répond pas, ou votre session est terminée. Rien n’est perdu.";
const HOW =
  "Point de l’acteur. Flèches pour le déplacer, Majuscule et flèches pour aller plus vite";

class Point {
  constructor(form, area, options) {
    this.form = form;
    this.area = area;
    this.lat = form.elements.lat;
    this.lon = form.elements.lon;
    this.said = area.querySelector("[data-point-said]");
    this.first = { lat: this.lat.value, lon: this.lon.value, said: this.said.textContent };
    this.back = area.querySelector("[data-point-back]");
    const element = area.querySelector("[data-point-map]");
    const { map, ground } = deskMap(element, options, options.bounds);
    this.map = map;
    this.ground = ground;
    this.drawn = options.drawn && L.latLng(options.drawn.lat, options.drawn.lon);
    this.show();
    this.listen();
  }

  listen() {
    this.lat.addEventListener("input", () => divide(this.lat, this.lon));
    for (const field of [this.lat, this.lon]) field.addEventListener("input", () => this.show());
    this.map.on("click", ({ latlng }) => {
      // A slip of the hand moves nothing: a point that is there is dragged.
      if (!this.mark) this.move(latlng);
    });
    this.form.elements.territory.addEventListener("change", ({ target }) =>
      this.lookAt(target.value),
    );
    const button = (name) => this.area.querySelector(name);
    button("[data-point-put]").addEventListener("click", () => this.move(this.map.getCenter()));
    this.back.addEventListener("click", () => {
      this.write(this.first.lat, this.first.lon);
      this.say(this.first.said);
      this.back.hidden = true;
      this.look();
    });
  }

  /** Look at a territory, as long as no point says where to look. */
  async lookAt(code) {
    const { territories } = await this.ground;
    const chosen = territories.find((each) => each.code === code);
    if (chosen && !this.mark) this.map.fitBounds(chosen.bounds, { animate: false });
  }

  /** Show the mark where the fields say, else hollow where the public sees it now. */
  show() {
    const own = entered(this.lat.value, this.lon.value);
    const at = own ?? this.drawn;
    if (!at) {
      this.mark?.remove();
      this.mark = undefined;
      return;
    }
    if (!this.mark) this.addMark(at);
    this.mark.setLatLng(at);
    this.mark.getElement().classList.toggle("is-hollow", !own);
  }

  addMark(at) {
    this.mark = L.marker(at, { icon: pinIcon(), draggable: true, autoPan: true, keyboard: true });
    this.mark.addTo(this.map);
    const element = this.mark.getElement();
    element.ariaLabel = HOW;
    element.addEventListener("keydown", (event) => this.step(event));
    this.mark.on("dragend", () => this.move(this.mark.getLatLng()));
  }

  /** Move the mark by an arrow key; the page and the map stay where they are. */
  step(event) {
    const by = stepOf(event);
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const to = this.map.latLngToContainerPoint(this.mark.getLatLng()).add(by);
    this.move(this.map.containerPointToLatLng(to));
  }

  move(latlng) {
    const { lat, lng } = latlng.wrap();
    this.write(written(lat), written(lng));
    this.back.hidden = false;
    this.map.panInside(this.mark.getLatLng(), { padding: [60, 60], animate: false });
    this.say(`Point placé à ${this.lat.value} ; ${this.lon.value}. Il compte une fois enregistré.`);
  }

  /** Write the fields as a person does, so that what is put aside has them too. */
  write(lat, lon) {
    this.lat.value = lat;
    this.lon.value = lon;
    this.lat.dispatchEvent(new Event("input", { bubbles: true }));
  }

  say(sentence) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.said.textContent = sentence;
    }, SAID_MS);
  }

  /** Show the mark, wherever it is. */
  look() {
    if (this.mark) this.map.setView(this.mark.getLatLng(), this.map.getZoom(), { animate: false });
  }

  /** Show where the geocoder's answer lies, beside the mark. */
  showAnswer() {
    this.answer?.remove();
    this.answer = undefined;
    const found = this.form.querySelector("[data-located] [data-lat]");
    if (!found) return;
    const [lat, lon] = [found.dataset.lat, found.dataset.lon].map((each) => each.replace(",", "."));
    const shown = { radius: 12, className: "desk-pin-answer", interactive: false };
    this.answer = L.circleMarker([lat, lon], shown).addTo(this.map);
    const bounds = L.latLngBounds([[lat, lon]]);
    if (this.mark) bounds.extend(this.mark.getLatLng());
    this.map.fitBounds(bounds, { padding: [60, 60], maxZoom: NEAR, animate: false });
  }

  take() {
    const { lat, lon } = this.form.querySelector("[data-located] [data-lat]").dataset;
    const number = (text) => Number(text.replace(",", "."));
    this.move(L.latLng(number(lat), number(lon)));
    this.map.setView(this.mark.getLatLng(), Math.max(this.map.getZoom(), NEAR), { animate: false });
  }
}

/** Ask where the address of a form is, and show what comes back. */
async function locate(point, button) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  const response = await sent(button.formAction, point.form);
  const shown = response && (await put(response, "[data-located]"));
  button.disabled = false;
  button.removeAttribute("aria-busy");
  if (!shown) {
    const said = document.createElement("p");
    said.className = "desk-problem";
    said.textContent = NOT_ASKED;
    point.form.querySelector("[data-located]").replaceChildren(said);
  }
  // What the service finds hidden is on no map.
  if (shown) point.area.hidden = "hides" in shown.dataset;
  point.showAnswer();
  if (document.activeElement === document.body) button.focus();
}

/** Make the map of a page, if it has one. */
export function placePoint(page) {
  const form = page.querySelector("[data-actor-form]");
  const area = form?.querySelector("[data-point]");
  if (!area) return;
  area.hidden = false;
  const point = new Point(form, area, JSON.parse(area.dataset.point));
  point.showAnswer();
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-locate], [data-take]");
    if (!button) return;
    event.preventDefault();
    if ("take" in button.dataset) point.take();
    else locate(point, button);
  });
  const place = form.querySelector("[data-place]");
  form.elements.category.addEventListener("change", ({ target }) => {
    // Of what is always protected nothing is looked for, nor shown on a map.
    const hidden = "protected" in target.selectedOptions[0].dataset;
    area.hidden = hidden;
    place.hidden = hidden;
    if (!hidden) point.map.invalidateSize({ animate: false });
  });
}
