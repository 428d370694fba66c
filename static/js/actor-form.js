// The form of an actor: what is written is stored as a draft, hours come back as a week, and actors
// that exist already are shown, and what the public would read. Without this script the form does the
// same when it is sent.

import { put, sent } from "./sending.js";

const DRAFT_MS = 3_000;
const LOOK_MS = 600;
const LOOKED_FOR = new Set(["name", "city", "postcode", "phones", "siret", "territory"]);
const NOT_SHOWN =
  "L’aperçu n’est pas venu : le service ne répond pas, ou votre session est terminée. Rien n’est perdu.";
const NOT_STORED =
  "Ce que vous écrivez n’a pas pu être mis de côté : le service ne répond pas, ou votre session est terminée. La page le garde.";

/** Follow the form of a page, if there is one. */
export function followForm(page) {
  const form = page.querySelector("[data-actor-form]");
  if (!form) return;
  let changed = "changed" in form.dataset;
  const saying = form.querySelector("[data-draft-said]");
  const draft = later(DRAFT_MS, async () => {
    const stored = await sent(form.dataset.draft, form);
    const now = new Date();
    const at = `${now.getHours()}\u00a0h\u00a0${String(now.getMinutes()).padStart(2, "0")}`;
    saying.textContent = stored ? `Brouillon mis de côté à ${at}.` : NOT_STORED;
  });
  const hours = later(LOOK_MS, () => showWeek(form));
  const missions = form.querySelector("[data-by-default]");
  const similar = later(LOOK_MS, () => showSimilar(form));
  form.addEventListener("input", ({ target }) => {
    changed = true;
    draft();
    if (target.name === "opening_hours") hours();
    if (target.name === "category" || target.name === "functions") showMissions(form, missions);
    if (form.dataset.similar && LOOKED_FOR.has(target.name)) similar();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=what]"));
  });
  form.addEventListener("submit", () => {
    changed = false;
    draft.stop();
  });
  form.querySelector("[data-look]").addEventListener("click", (event) => {
    event.preventDefault();
    look(form, event.currentTarget.formAction);
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

/** Return a function that does something once it was not called for some time. */
function later(ms, run) {
  let waiting;
  const call = () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, ms);
  };
  call.stop = () => clearTimeout(waiting);
  return call;
}

async function showWeek(form) {
  const text = form.elements.opening_hours.value;
  const address = `${form.dataset.hours}?${new URLSearchParams({ texte: text })}`;
  const response = await fetch(address).catch(() => undefined);
  if (response?.ok && text === form.elements.opening_hours.value) {
    await put(response, "[data-week]");
  }
}

/** Show which missions follow from the category as long as none is checked. */
function showMissions(form, said) {
  const category = form.elements.category.selectedOptions[0].dataset.missions ?? "";
  const checked = form.querySelector("[name=functions]:checked");
  said.firstElementChild.hidden = Boolean(checked) || !category;
  said.querySelector("strong").textContent = category;
}

async function showSimilar(form) {
  const response = await sent(form.dataset.similar, form);
  if (response) await put(response, "[data-found]");
}

/** Show what the public would read; on a narrow screen, lead there. */
async function look(form, address) {
  const response = await sent(address, form);
  const shown = response && (await put(response, "[data-beside]"));
  document.querySelector("[data-look-said]").textContent = shown ? "Aperçu à jour." : NOT_SHOWN;
  document.getElementById("apercu").scrollIntoView({ block: "nearest" });
}
