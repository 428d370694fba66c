// The form of a resource: what is written is stored as a draft. Without this script, a button does.

import { sent } from "./sending.js";

const DRAFT_MS = 3_000;
const NOT_STORED =
  "Ce que vous écrivez n’a pas pu être mis de côté : le service ne répond pas, ou votre session est terminée. La page le garde.";

/** Follow the form of a resource, if a page has one. */
export function followResource(page) {
  const form = page.querySelector("[data-resource-form]");
  if (!form) return;
  let changed = "changed" in form.dataset;
  let waiting;
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(() => store(form), DRAFT_MS);
  });
  form.addEventListener("submit", () => {
    changed = false;
    clearTimeout(waiting);
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

async function store(form) {
  const stored = await sent(form.dataset.draft, form);
  const now = new Date();
  const at = `${now.getHours()}\u00a0h\u00a0${String(now.getMinutes()).padStart(2, "0")}`;
  const said = stored ? `Brouillon mis de côté à ${at}.` : NOT_STORED;
  form.querySelector("[data-draft-said]").textContent = said;
}
