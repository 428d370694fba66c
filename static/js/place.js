// The box that says where to search: places as one types (ARIA combobox 1.2), and "around me".
// Without this script the form sends its text, and the service finds the place.

const WAIT_MS = 120;
const LEAST = 2;
const LONGEST = 80;
// The grid of app/places/grid.py, in degrees: about 500 m. Nothing finer leaves the device.
const STEP = 0.005;
const POSITION = { enableHighAccuracy: false, timeout: 10_000, maximumAge: 60_000 };
// By the code of a GeolocationPositionError.
const TROUBLES = {
  1: "Votre navigateur refuse votre position. Autorisez-la pour ce site, ou écrivez une commune.",
  2: "Votre position est introuvable pour le moment. Écrivez une commune ou un code postal.",
  3: "Votre position tarde à venir. Réessayez, ou écrivez une commune.",
};

// Zero is added since -0 would be written "-0.000".
const rounded = (degrees) => (Math.round(degrees / STEP) * STEP + 0).toFixed(3);

/** Go to a place, and keep what the form keeps. */
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

class Combobox {
  #form;
  #input;
  #list;
  #status;
  #places = [];
  #active = -1;
  #timer = 0;
  #asking = null;
  #known = new Map();

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
    input.addEventListener("input", () => this.#later());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    input.addEventListener("click", () => this.#places.length && this.#open());
    // A press on the list leaves the focus in the box, so that it does not close under the finger.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(Number(option.dataset.index));
    });
    input.form.addEventListener("submit", () => this.#stop());
  }

  get #shown() {
    return !this.#list.hidden;
  }

  #later() {
    this.#stop();
    const text = this.#input.value.trim();
    if (text.length < LEAST || text.length > LONGEST) {
      this.#show([]);
      this.#status.textContent = "";
      return;
    }
    // What the list shows is of an older text until the answer is there.
    this.#list.ariaBusy = "true";
    this.#timer = setTimeout(() => this.#ask(text), WAIT_MS);
  }

  /** Forget what is being asked, so that no older answer comes after a newer one. */
  #stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
    this.#list.ariaBusy = "false";
  }

  async #ask(text) {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const places = this.#known.get(text) ?? (await this.#fetch(text, asking.signal));
      if (asking.signal.aborted) return;
      this.#known.set(text, places);
      this.#show(places);
      this.#say(places.length);
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

  #say(number) {
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
    this.#stop();
    this.#input.value = place.label;
    this.#close();
    if (this.#form.matches("form")) go(this.#form, place.url);
    // A box inside a larger form: the page says what becomes of a place.
    else
      this.#form.dispatchEvent(new CustomEvent("place:chosen", { bubbles: true, detail: place }));
  }

  #key(event) {
    // An input method owns its keys while it composes.
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const last = this.#places.length - 1;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (last < 0) return;
        event.preventDefault();
        const closed = !this.#shown;
        this.#open();
        if (event.altKey) {
          if (event.key === "ArrowUp") this.#close();
          return;
        }
        const down = event.key === "ArrowDown";
        // From the text to one end; past an end back to the text.
        const next = this.#active + (down ? 1 : -1);
        if (closed || this.#active === -1) this.#activate(down ? 0 : last);
        else this.#activate(next > last ? -1 : next);
        return;
      }
      case "Enter":
        if (this.#shown && this.#active >= 0) {
          event.preventDefault();
          this.#choose(this.#active);
        }
        return;
      case "Escape":
        // The first press closes, the second empties.
        if (!this.#shown && !this.#input.value) return;
        event.preventDefault();
        if (this.#shown) this.#close();
        else {
          this.#input.value = "";
          this.#later();
        }
        return;
      case "Home":
      case "End":
      case "ArrowLeft":
      case "ArrowRight":
        // Back in the text, where these keys move the cursor.
        this.#activate(-1);
        return;
      case "Tab":
        this.#close();
        return;
      default:
    }
  }
}

/** Offer "around me" where a browser can tell; it is asked on a press, never before. */
function offerPosition(form) {
  const button = form.querySelector("[data-place-here]");
  if (!button) return;
  const trouble = form.querySelector("[data-place-trouble]");
  const words = button.querySelector("span");
  const idle = words.textContent;
  if (!isSecureContext || !("geolocation" in navigator)) return;
  button.hidden = false;

  function rest() {
    words.textContent = idle;
    button.removeAttribute("aria-disabled");
  }

  button.addEventListener("click", () => {
    // Not disabled, which would take the focus away.
    if (button.getAttribute("aria-disabled")) return;
    trouble.hidden = true;
    button.setAttribute("aria-disabled", "true");
    words.textContent = "Recherche de votre position…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const place = `${rounded(coords.latitude)},${rounded(coords.longitude)}`;
        go(form, `/autour?${new URLSearchParams({ lieu: place })}`);
      },
      ({ code }) => {
        rest();
        trouble.textContent = TROUBLES[code] ?? TROUBLES[2];
        trouble.hidden = false;
      },
      POSITION,
    );
  });
  // Back from the results, the page is as it was left.
  addEventListener("pageshow", rest);
}

for (const form of document.querySelectorAll("[data-place-box]")) {
  new Combobox(form);
  offerPosition(form);
}
