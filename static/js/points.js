// The points to be checked: each is moved and saved, or said to be right, without leaving the page.

import { divide, entered, written } from "./desk-map.js";

const NOT_SAVED =
  "Rien n’est enregistré : le service ne répond pas, ou votre session est terminée. La page garde ce que vous avez placé.";
const ROW = "[data-actor]";
const FORM = "[data-place]";

class Points {
  constructor(page, list, pins) {
    this.page = page;
    this.list = list;
    this.pins = pins;
    this.said = page.querySelector("[data-points-said]");
    list.addEventListener("input", ({ target }) => this.write(target.closest(FORM)));
    list.addEventListener("click", (event) => this.press(event));
    list.addEventListener("keydown", (event) => {
      const row = event.target.closest(ROW);
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && row) this.save(row);
    });
    list.addEventListener("submit", (event) => this.submit(event));
    pins.area.addEventListener("pin-move", ({ detail }) => {
      const form = this.formOf(detail.number);
      this.fill(form, detail.at);
      form.querySelector("[data-save]").scrollIntoView({ block: "nearest" });
    });
    pins.area.addEventListener("pin-save", ({ detail }) => {
      this.formOf(detail.number).querySelector("[data-save]").focus();
    });
    window.addEventListener("beforeunload", (event) => {
      if (list.querySelector(".is-moved")) event.preventDefault();
    });
  }

  formOf(number) {
    return this.list.querySelector(`[data-pin="${number}"] ${FORM}`);
  }

  /** Put the pin where the fields of a row say. */
  write(form) {
    if (!form) return;
    const { lat, lon } = form.elements;
    divide(lat, lon);
    const at = entered(lat.value, lon.value);
    if (at) this.pins.put(numberOf(form), at);
    this.changed(form);
  }

  /** Write where the pin of a row is. */
  fill(form, at) {
    form.elements.lat.value = written(at.lat);
    form.elements.lon.value = written(at.lng);
    this.changed(form);
  }

  changed(form) {
    const { lat, lon } = form.elements;
    const isMoved = [lat, lon].some((field) => field.value !== field.defaultValue);
    const row = form.closest(ROW);
    row.classList.toggle("is-moved", isMoved);
    // What would be right is where it was.
    row.querySelector("[data-right]").disabled = isMoved;
    form.querySelector("[data-save]").disabled = !isMoved;
    form.querySelector("[data-back]").hidden = !isMoved;
  }

  press(event) {
    const button = event.target.closest("[data-show], [data-take], [data-back]");
    const pin = button && this.pins.pins.get(numberOf(button));
    // Of what has no pin, as in a new window, the form of the actor has a map.
    if (!pin || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { number } = pin;
    const row = button.closest(ROW);
    const form = row.querySelector(FORM);
    this.pins.choose(number);
    if ("show" in button.dataset) {
      this.pins.look(number);
      pin.element.focus({ preventScroll: true });
    } else if ("take" in button.dataset) {
      this.pins.put(number, pin.answer);
      this.fill(form, pin.answer);
      form.querySelector("[data-save]").focus();
    } else {
      form.reset();
      this.pins.put(number);
      this.changed(form);
      row.querySelector("[data-show]").focus();
    }
  }

  save(row) {
    const button = row.querySelector("[data-save]");
    if (!button.disabled) row.querySelector(FORM).requestSubmit(button);
  }

  submit(event) {
    const { target, submitter } = event;
    const isOne = target.matches(FORM) || submitter?.name === "seul";
    if (!isOne) return;
    event.preventDefault();
    // By the keyboard a form is sent by its first button, also where none has been pressed.
    const row = (submitter ?? target).closest(ROW);
    if (row.ariaBusy !== "true") this.send(row, target, submitter);
  }

  async send(row, form, submitter) {
    row.ariaBusy = "true";
    const body = new URLSearchParams(new FormData(form, submitter));
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    row.ariaBusy = "false";
    const page = new DOMParser().parseFromString(text ?? "", "text/html");
    const outcome = page.querySelector("[data-outcome]");
    if (outcome) this.show(row, page, outcome);
    else this.say(paragraph("desk-problem", NOT_SAVED));
  }

  /** Show what became of a row: it is done, or the same row says what is wrong. */
  show(row, page, outcome) {
    const same = page.querySelector(`[data-actor="${row.dataset.actor}"]`);
    for (const part of ["[data-points-left]", ".desk-rail__link[aria-current]"]) {
      const [here, there] = [this.page, page].map((each) => each.querySelector(part));
      if (here && there) here.replaceChildren(...there.childNodes);
    }
    this.page.querySelector("[data-outcome]").replaceChildren();
    this.say(page.querySelector("#probleme") ?? outcome.firstElementChild);
    if (same) this.renew(row, same);
    else this.done(row);
  }

  say(element) {
    element.removeAttribute("id");
    this.said.replaceChildren(element);
  }

  /** Show a row as it is now, with what was written in it. */
  renew(row, same) {
    const [then, now] = [row, same].map((each) => each.querySelector("[data-what]"));
    const [former, form] = [then, now].map((each) => each.querySelector(FORM));
    now.querySelector(".desk-numbered").replaceWith(then.querySelector(".desk-numbered"));
    row.querySelector("[data-choose]").value = same.querySelector("[data-choose]").value;
    then.replaceWith(now);
    for (const name of ["lat", "lon"]) form.elements[name].value = former.elements[name].value;
    this.changed(form);
    // What is said of the point itself says enough.
    if ("tried" in form.dataset) this.said.replaceChildren();
    form.querySelector("[data-save]").focus();
  }

  /** Leave a row that is done for the next one. */
  done(row) {
    const number = numberOf(row);
    const rows = [...this.list.querySelectorAll("[data-row]")];
    const next = rows[rows.indexOf(row) + 1] ?? rows.at(-2);
    const isSaved = Boolean(this.said.querySelector("form"));
    const what = row.classList.contains("is-moved") ? "point enregistré" : "point juste";
    const name = row.querySelector("[data-name]").textContent;
    const sentence = isSaved ? what : this.said.textContent.trim();
    row.classList.remove("is-moved", "is-chosen");
    row.replaceChildren(paragraph("desk-muted", `${name} : ${sentence}`));
    delete row.dataset.row;
    delete row.dataset.pin;
    this.pins.remove(number);
    const end = this.list.querySelector("[data-points-end]");
    end.hidden = Boolean(next);
    (next?.querySelector("a") ?? end).focus();
  }
}

const numberOf = (element) => Number(element.closest("[data-pin]").dataset.pin);

function paragraph(className, text) {
  const made = document.createElement("p");
  made.className = className;
  made.textContent = text;
  return made;
}

/** Follow the points of a page, if they are on a map. */
export function followPoints(page, pins) {
  const list = page.querySelector("[data-points]");
  if (list && pins) new Points(page, list, pins);
}
