// The place box: suggestions while typing (ARIA combobox 1.2), and the button "around me".
// Without this script the form sends its text, and the service finds the place.

import { positionCode } from "./map/grid.js";

const WAIT_MS = 120;
const MIN_LENGTH = 2;
const MAX_LENGTH = 80;
const POSITION = { enableHighAccuracy: false, timeout: 10_000, maximumAge: 60_000 };
// By the code of a GeolocationPositionError.
const POSITION_ERRORS = {
  1: "Votre navigateur refuse votre position. Autorisez-la pour ce site, ou écrivez une commune.",
  2: "Votre position est introuvable pour le moment. Écrivez une commune ou un code postal.",
  3: "Votre position tarde à venir. Réessayez, ou écrivez une commune.",
};

/** Go to a place, with the filters that the form holds in hidden fields. */
function go(form, address) {
  const url = new URL(address, location.origin);
  const action = new URL(form.action);
  if (url.pathname === action.pathname) {
    for (const field of form.querySelectorAll("input[type=hidden]")) {
      url.searchParams.append(field.name, field.value);
    }
  }
  location.assign(url);
}

// A number before a word, or the word of a way: what may lack its commune.
const ADDRESS =
  /\d\s*(?:bis|ter|quater|[a-d])?[\s,]+\p{L}{2}|\b(?:rue|avenue|boulevard|place|impasse|all[ée]e|chemin|quai|route|cours)\b/iu;
const WITHOUT_COMMUNE =
  "Nous ne reconnaissons pas de commune dans cette adresse : ajoutez son nom ou son code postal.";
const UNREACHED = "La recherche n’a pas abouti. Réessayez dans un instant.";

/** Ask where an address leads before going there: one without a commune stays in the box, and the
 * browser never goes to a page whose address holds a street. */
function keepAddress(form) {
  const input = form.querySelector("input[name=ou]");
  const notice = form.querySelector("[data-place-error]");
  let asking = false;
  form.addEventListener("submit", async (event) => {
    notice.hidden = true;
    if (asking) event.preventDefault();
    if (asking || !ADDRESS.test(input.value)) return;
    event.preventDefault();
    asking = true;
    let problem = UNREACHED;
    try {
      const answer = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`);
      const there = new URL(answer.url);
      if (there.searchParams.get("avis") === "commune") problem = WITHOUT_COMMUNE;
      else if (answer.ok) {
        location.assign(there);
        problem = "";
      }
    } catch {
      // The box keeps what is typed, and says so below.
    }
    if (problem) {
      notice.textContent = problem;
      notice.hidden = false;
      input.focus();
    }
    asking = false;
  });
}

class Combobox {
  #form;
  #input;
  #list;
  #status;
  #places = [];
  #active = -1;
  #timer = 0;
  #request = null;
  #cache = new Map();

  constructor(form) {
    this.#form = form;
    this.#input = form.querySelector("input[name=ou]");
    this.#list = form.querySelector("[role=listbox]");
    this.#status = form.querySelector("[data-place-status]");
    const input = this.#input;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-controls", this.#list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.#schedule());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    input.addEventListener("click", () => this.#places.length && this.#open());
    // Pressing the list must not take the focus: the blur would close it before the click.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(Number(option.dataset.index));
    });
    input.form.addEventListener("submit", () => this.#cancel());
  }

  get #isOpen() {
    return !this.#list.hidden;
  }

  #schedule() {
    this.#cancel();
    const text = this.#input.value.trim();
    if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) {
      this.#show([]);
      this.#status.textContent = "";
      return;
    }
    // Until the answer comes, the list shows what an earlier text found.
    this.#list.ariaBusy = "true";
    this.#timer = setTimeout(() => this.#suggest(text), WAIT_MS);
  }

  /** Cancel the request, so that no older answer comes after a newer one. */
  #cancel() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
    this.#list.ariaBusy = "false";
  }

  async #suggest(text) {
    const request = new AbortController();
    this.#request = request;
    try {
      const places = this.#cache.get(text) ?? (await this.#fetch(text, request.signal));
      if (request.signal.aborted) return;
      this.#cache.set(text, places);
      this.#show(places);
      this.#announce(places.length);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#show([]);
      this.#status.textContent = "Propositions indisponibles. Le bouton Chercher fonctionne.";
    }
    this.#list.ariaBusy = "false";
  }

  async #fetch(text, signal) {
    const address = `/api/lieux?${new URLSearchParams({ q: text })}`;
    const answer = await fetch(address, { signal, headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  #announce(number) {
    const none = "Aucune proposition. Chercher trouve aussi une adresse.";
    const some = `${number} proposition${number > 1 ? "s" : ""}`;
    this.#status.textContent = number ? some : none;
  }

  #show(places) {
    this.#places = places;
    this.#active = -1;
    this.#list.replaceChildren(...places.map((place, index) => this.#option(place, index)));
    if (places.length && document.activeElement === this.#input) this.#open();
    else this.#close();
  }

  #option(place, index) {
    const option = document.createElement("li");
    option.className = "place-box__option";
    option.id = `${this.#list.id}-${index}`;
    option.dataset.index = index;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const label = document.createElement("span");
    label.textContent = place.label;
    const detail = document.createElement("span");
    detail.className = "place-box__detail";
    detail.textContent = place.detail;
    option.append(label, " ", detail);
    return option;
  }

  #open() {
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  #activate(index) {
    this.#active = index;
    for (const [number, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", `${number === index}`);
    }
    const option = this.#list.children[index];
    if (option) {
      this.#input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }

  #choose(index) {
    const place = this.#places[index];
    this.#cancel();
    this.#input.value = place.label;
    this.#close();
    if (this.#form.matches("form")) go(this.#form, place.url);
    // In the builder the box is part of a larger form, which decides what to do with the place.
    else
      this.#form.dispatchEvent(new CustomEvent("place:chosen", { bubbles: true, detail: place }));
  }

  #key(event) {
    // While an input method composes a character, the keys are its own.
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const last = this.#places.length - 1;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (last < 0) return;
        event.preventDefault();
        const closed = !this.#isOpen;
        this.#open();
        if (event.altKey) {
          if (event.key === "ArrowUp") this.#close();
          return;
        }
        const down = event.key === "ArrowDown";
        // From the text to one end of the list; past an end, back to the text.
        const next = this.#active + (down ? 1 : -1);
        if (closed || this.#active === -1) this.#activate(down ? 0 : last);
        else this.#activate(next > last ? -1 : next);
        return;
      }
      case "Enter":
        if (this.#isOpen && this.#active >= 0) {
          event.preventDefault();
          this.#choose(this.#active);
        }
        return;
      case "Escape":
        // The first press closes the list, the second empties the box.
        if (!this.#isOpen && !this.#input.value) return;
        event.preventDefault();
        if (this.#isOpen) this.#close();
        else {
          this.#input.value = "";
          this.#schedule();
        }
        return;
      case "Home":
      case "End":
      case "ArrowLeft":
      case "ArrowRight":
        // These keys move the cursor in the text, so no option stays active.
        this.#activate(-1);
        return;
      case "Tab":
        this.#close();
        return;
      default:
    }
  }
}

/** Show "around me" where the browser knows its position, which is asked for on a click only. */
function offerPosition(form) {
  const button = form.querySelector("[data-place-here]");
  if (!button) return;
  const notice = form.querySelector("[data-place-error]");
  const grid = JSON.parse(button.dataset.grid);
  const label = button.querySelector("span");
  const idleLabel = label.textContent;
  if (!isSecureContext || !("geolocation" in navigator)) return;
  button.hidden = false;

  function reset() {
    label.textContent = idleLabel;
    button.removeAttribute("aria-disabled");
  }

  button.addEventListener("click", () => {
    // The attribute disabled would take the focus away.
    if (button.getAttribute("aria-disabled")) return;
    notice.hidden = true;
    button.setAttribute("aria-disabled", "true");
    label.textContent = "Recherche de votre position…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const place = positionCode(coords.latitude, coords.longitude, grid);
        go(form, `/autour?${new URLSearchParams({ lieu: place })}`);
      },
      ({ code }) => {
        reset();
        notice.textContent = POSITION_ERRORS[code] ?? POSITION_ERRORS[2];
        notice.hidden = false;
      },
      POSITION,
    );
  });
  // Back from the results, the browser restores the page with the button still busy.
  addEventListener("pageshow", reset);
}

for (const form of document.querySelectorAll("[data-place-box]")) {
  new Combobox(form);
  offerPosition(form);
  if (form.matches("form")) keepAddress(form);
}
