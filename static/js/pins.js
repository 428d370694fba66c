// Numbered points on one map of a page, handed over as data; what the page says of a point stands in an
// element with its number, and each of both leads to the other.

import { deskMap, NEAR, pinIcon, stepOf } from "./desk-map.js";

// So many are reached one by one with the tabulator; of more, the one that is chosen.
const FEW = 4;
// Pixels between pins that stand on one point, and how many of them in a line.
const ASIDE = [28, 40];
const IN_LINE = 5;
// From farther off a pin is no longer moved with care, so that a far answer is not looked at.
const FAR = 10;
// Free pixels around what is to be seen at once.
const PADDING = [44, 44];
const HOW =
  ". Flèches pour le déplacer, Majuscule et flèches pour aller plus vite, Entrée pour aller l’enregistrer, Échap pour revenir à sa ligne";

class Pin {
  constructor({ number, name, lat, lon, rough, answer }, moves) {
    this.number = number;
    this.name = name;
    this.rough = Boolean(rough);
    this.moves = moves;
    this.first = L.latLng(lat, lon);
    this.answer = answer && L.latLng(answer.lat, answer.lon);
    this.aside = L.point(0, 0);
    const options = { riseOnHover: true, draggable: moves, autoPan: moves };
    this.marker = L.marker(this.first, { icon: pinIcon(number), ...options });
  }

  addTo(map) {
    this.marker.addTo(map);
    const said = document.createElement("span");
    said.textContent = this.name;
    this.marker.bindTooltip(said, { direction: "auto", className: "desk-pin__name" });
    const element = this.element;
    element.classList.toggle("is-hollow", this.rough);
    element.ariaLabel = `Point ${this.number} : ${this.name}${this.moves ? HOW : ""}`;
  }

  get element() {
    return this.marker.getElement();
  }

  /** Stand beside the true place, where several have the same. */
  stand(x, y) {
    this.aside = L.point(x, y);
    this.element.style.margin = `${y - 38}px 0 0 ${x - 20}px`;
  }
}

export class Pins {
  constructor(area) {
    const given = JSON.parse(area.dataset.pins);
    this.area = area;
    const bounds = given.pins.map(({ lat, lon }) => [lat, lon]);
    const fit = { padding: PADDING, maxZoom: NEAR };
    const { map } = deskMap(area.querySelector("[data-pins-map]"), given, bounds, fit);
    this.map = map;
    const moves = "pinsMove" in area.dataset;
    this.pins = new Map(given.pins.map((each) => [each.number, new Pin(each, moves)]));
    for (const pin of this.pins.values()) {
      pin.addTo(map);
      pin.element.addEventListener("focus", () => this.show(pin.number));
      if (!moves) continue;
      pin.element.addEventListener("keydown", (event) => this.step(pin, event));
      pin.marker.on("dragend", () => this.move(pin, L.point(0, 0)));
    }
    this.spread();
    this.reach(given.pins[0].number);
    this.listen();
  }

  listen() {
    // What a row opens would move what is pressed from under the hand: that counts once it is done.
    let isPressed = false;
    const press = (now) => () => {
      isPressed = now;
    };
    document.addEventListener("pointerdown", press(true));
    for (const end of ["pointerup", "pointercancel", "keydown"]) {
      document.addEventListener(end, press(false));
    }
    document.addEventListener("click", ({ target }) => this.follow(target));
    document.addEventListener("focusin", ({ target }) => {
      if (!isPressed) this.follow(target);
    });
  }

  /** Choose what an element of the page says something of, and look at it. */
  follow(element) {
    const row = element.closest("[data-pin]");
    if (row) this.choose(Number(row.dataset.pin));
  }

  choose(number) {
    if (number === this.chosen || !this.pins.has(number)) return;
    this.mark(number);
    this.spread(number);
    this.look(number);
  }

  /** Look at a pin, and at the other place that was found for it, unless that is far off. */
  look(number) {
    const { marker, answer } = this.pins.get(number);
    const at = marker.getLatLng();
    const both = answer && L.latLngBounds([at, answer]);
    if (both && this.map.getBoundsZoom(both, false, L.point(PADDING).multiplyBy(2)) >= FAR) {
      this.map.fitBounds(both, { padding: PADDING, maxZoom: NEAR, animate: false });
    } else {
      this.map.setView(at, Math.max(this.map.getZoom(), NEAR), { animate: false });
    }
  }

  /** Choose a pin on the map, and bring into view what the page says of it. */
  show(number) {
    if (number === this.chosen) return;
    this.mark(number);
    this.rowOf(number)?.scrollIntoView({ block: "nearest" });
  }

  rowOf(number) {
    return document.querySelector(`[data-pin="${number}"]`);
  }

  mark(number) {
    this.chosen = number;
    for (const pin of this.pins.values()) {
      const isChosen = pin.number === number;
      pin.element.classList.toggle("is-chosen", isChosen);
      pin.marker.setZIndexOffset(isChosen ? 1_000 : 0);
    }
    const chosen = this.rowOf(number);
    const top = chosen?.getBoundingClientRect().top;
    for (const row of document.querySelectorAll("[data-pin]")) {
      row.classList.toggle("is-chosen", row === chosen);
    }
    // It stays where it was seen, whatever another one above it closes.
    if (chosen) window.scrollBy(0, chosen.getBoundingClientRect().top - top);
    this.reach(number);
    this.answer?.remove();
    const { answer } = this.pins.get(number);
    const shown = { radius: 12, className: "desk-pin-answer", interactive: false };
    this.answer = answer && L.circleMarker(answer, shown).addTo(this.map);
  }

  /** Let the tabulator reach a pin. */
  reach(number) {
    for (const pin of this.pins.values()) {
      pin.element.tabIndex = this.pins.size <= FEW || pin.number === number ? 0 : -1;
    }
  }

  /** Set pins that would hide one another side by side; chosen: stands where its point is. */
  spread(chosen) {
    const places = new Map();
    for (const pin of this.pins.values()) {
      const place = String(pin.marker.getLatLng());
      const others = places.get(place) ?? [];
      places.set(place, pin.number === chosen ? [pin, ...others] : [...others, pin]);
    }
    for (const together of places.values()) {
      for (const [at, pin] of together.entries()) {
        // The first in the middle, the others right and left of it in turn.
        const slot = at % IN_LINE;
        const side = slot % 2 ? 1 : -1;
        const line = Math.floor(at / IN_LINE);
        pin.stand(side * Math.ceil(slot / 2) * ASIDE[0], -line * ASIDE[1]);
      }
    }
  }

  step(pin, event) {
    const by = stepOf(event);
    if (by) this.move(pin, by);
    else if (event.key === "Enter") this.say("save", { number: pin.number });
    else if (event.key === "Escape") this.rowOf(pin.number)?.querySelector("a")?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Move a pin from where its foot is seen, by some pixels. */
  move(pin, by) {
    const from = this.map.latLngToContainerPoint(pin.marker.getLatLng());
    const to = this.map.containerPointToLatLng(from.add(pin.aside).add(by)).wrap();
    this.put(pin.number, to);
    this.say("move", { number: pin.number, at: to });
  }

  /** Put a pin where it is to be; nowhere: back where it was. */
  put(number, at) {
    const pin = this.pins.get(number);
    if (!pin) return;
    pin.marker.setLatLng(at ?? pin.first);
    pin.element.classList.toggle("is-hollow", pin.rough && !at);
    pin.stand(0, 0);
    // A pin stands above its point.
    const around = { paddingTopLeft: [PADDING[0], 70], paddingBottomRight: PADDING };
    this.map.panInside(pin.marker.getLatLng(), { ...around, animate: false });
  }

  remove(number) {
    this.pins.get(number)?.marker.remove();
    this.pins.delete(number);
    if (number !== this.chosen) return;
    this.answer?.remove();
    this.chosen = undefined;
    const [left] = this.pins.keys();
    if (left) this.reach(left);
  }

  /** Say to the page what became of a pin. */
  say(what, detail) {
    this.area.dispatchEvent(new CustomEvent(`pin-${what}`, { detail }));
  }
}

/** Make the map of numbered points of a page, and return it, if there is one. */
export function showPins(page) {
  const area = page.querySelector("[data-pins]");
  return area ? new Pins(area) : undefined;
}
