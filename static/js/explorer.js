// Filters without a page load: htmx swaps what a search changes, and this script does the rest.

const byId = (id) => document.getElementById(id);
// Asked again, the server would refuse again: an address that is too long, a value that is wrong.
const NOT_RETRIED = [414, 422];
const OF_PLACE = ["lieu", "rayon"];
// Milliseconds.
const STILL_AFTER = 500;
let announcing = 0;
let lastRequest = null;
// What the filters held when they were last asked for, and whether that answer was left.
let sent = null;
let leftAnswer = false;
let scrolled = 0;
let focusedFold = null;
let lastView = byId("liste").dataset.view;

/** Have the number of actors read out, after the notice on an exclusion if there is one; once the
 *  list and the map are still, since Orca drops what changes in the same moment as much else. */
function announce() {
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    const texts = ["eloigner-avis", "compte"].map((id) => byId(id)?.textContent);
    byId("annonce").textContent = texts.filter(Boolean).join(" ");
  }, STILL_AFTER);
}

/** Open the filters where an exclusion waits for an answer, and scroll to the field that was left and
 *  the notice under it (by its scroll margin). */
function showNotice() {
  if (!byId("eloigner-avis")) return;
  if (byId("eloigner").value) byId("filtres-pli").open = true;
  const field = document.activeElement;
  if (field.id === "eloigner") field.scrollIntoView({ block: "nearest" });
}

function setBusy(busy) {
  byId("liste").classList.toggle("is-busy", busy);
  byId("liste").ariaBusy = busy;
}

/** Say why there is no answer, in the words of the server if it sent any. */
function showError({ detail: { xhr } }) {
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const problem = page.querySelector("[data-problem]")?.textContent;
  const fallback = xhr.status
    ? "Le service n’a pas répondu comme prévu."
    : "Vérifiez votre connexion.";
  byId("panne-motif").textContent = problem ?? fallback;
  const notice = byId("panne");
  notice.querySelector("[data-retry]").hidden = NOT_RETRIED.includes(xhr.status);
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

/** Scroll to what a press has shown on a phone: the map fills the screen from the top of the page,
 *  the list begins under the bar. */
function scrollToView() {
  const { view } = byId("liste").dataset;
  if (view === lastView || !document.querySelector(".bar__view").offsetHeight) return;
  lastView = view;
  const top = view ? 0 : scrollY + byId("liste").getBoundingClientRect().top - heightOfBars();
  // Not smoothly: the content has changed, the reader has not moved.
  scrollTo({ top, behavior: "instant" });
}

/** Return how much of the window's top the header and the bar take. */
function heightOfBars() {
  const bars = document.querySelectorAll(".site-header, .bar");
  return [...bars].reduce((sum, bar) => sum + bar.offsetHeight, 0);
}

/** Have a form send these parameters beside its own fields. */
function sendAlong(form, parameters) {
  for (const field of form.querySelectorAll("input[type=hidden]")) field.remove();
  for (const [name, value] of parameters) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(field);
  }
}

/** Give the place box, and what is beside it, the filters of the search, to search another place
 *  with the same. */
function copyFiltersToPlaceBox() {
  const filters = new URL(byId("liste").dataset.search, location.origin).searchParams;
  filters.delete("page");
  const ofAnother = [...filters].filter(([name]) => name !== "suivi");
  for (const form of document.querySelectorAll("[data-follow]")) sendAlong(form, ofAnother);
  for (const name of ["dans", "lieu", "cadre"]) filters.delete(name);
  for (const form of document.querySelectorAll("[data-place-box]")) sendAlong(form, filters);
  filters.delete("rayon");
  for (const link of document.querySelectorAll(".reach__panel a")) {
    const own = [...new URL(link.href).searchParams].filter(([name]) => OF_PLACE.includes(name));
    // The middle of what the map shows moves with it.
    const { middle } = byId("liste").dataset;
    if (middle) for (const pair of own) if (pair[0] === "lieu") pair[1] = middle;
    const query = `${new URLSearchParams([...own, ...filters])}`.replaceAll("%2C", ",");
    link.search = query;
  }
}

/** Fold the filters and go to what they left. */
function see() {
  if (!byId("filtres").checkValidity()) return;
  byId("filtres-pli").open = false;
  byId("compte").focus({ preventScroll: true });
  if (!byId("liste").offsetHeight) return;
  const { top } = byId("liste").getBoundingClientRect();
  if (top < heightOfBars()) scrollBy({ top: top - heightOfBars(), behavior: "instant" });
}

// Pressed, and not by Enter in a field, which stays where it is.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-see]");
  if (button && (event.detail || document.activeElement === button)) see();
});

// Enter has already fired a change event, to which htmx reacts.
document.addEventListener("submit", (event) => {
  if (event.target.id !== "filtres") return;
  event.preventDefault();
  // An unchanged field fires no change event: its notice is shown again.
  showNotice();
});

document.addEventListener("htmx:configRequest", ({ detail: { formData } }) => {
  // Empty fields are left out of the address.
  for (const name of new Set(formData.keys())) {
    const values = formData.getAll(name).filter((value) => value !== "");
    formData.delete(name);
    for (const value of values) formData.append(name, value);
  }
  // Addresses write a number without leading zeros: 7 for 07.
  for (const { name, valueAsNumber } of byId("filtres").querySelectorAll("[type=number]")) {
    if (formData.has(name)) formData.set(name, valueAsNumber);
  }
});

// The browser shows what is wrong only beside a field that it can focus, so its details open.
document.addEventListener(
  "invalid",
  ({ target }) => {
    const details = target.closest("details");
    if (details) details.open = true;
  },
  true,
);

/** Return whether somebody has written in a filter since it was sent: an answer would take that. */
function isWriting() {
  const field = document.activeElement;
  const written = field.matches("#filtres input:not([type=checkbox], [type=radio])");
  return written && field.value !== sent.get(field.name);
}

document.addEventListener("htmx:beforeRequest", ({ detail: { requestConfig } }) => {
  sent = new FormData(byId("filtres"));
  leftAnswer = false;
  lastRequest = requestConfig.path;
  const params = new URLSearchParams(requestConfig.formData ?? []);
  if (`${params}` && !lastRequest.includes("?")) lastRequest += `?${params}`;
  setBusy(true);
});
document.addEventListener("htmx:afterRequest", () => setBusy(false));

// Open details stay open. This is written into the answer before the swap, so that nothing jumps
// and the focus finds its field again.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig.elt.id === "filtres" && isWriting()) {
    // What ends the writing asks for all of it.
    leftAnswer = true;
    detail.shouldSwap = false;
    return;
  }
  scrolled = byId("filtres").scrollTop;
  const { activeElement } = document;
  focusedFold = activeElement.matches("details > summary") ? activeElement.parentElement.id : null;
  for (const { id, open } of document.querySelectorAll(".explorer__body details[id]")) {
    const tag = new RegExp(`(<details[^>]* id="${id}")(?: open)?`);
    detail.serverResponse = detail.serverResponse.replace(tag, open ? "$1 open" : "$1");
  }
  // The autofocus is for a page load: here it would take the focus from the changed filter.
  detail.serverResponse = detail.serverResponse.replace(
    /(<input[^>]* id="eloigner"[^>]*) autofocus/,
    "$1",
  );
});

document.addEventListener("htmx:afterSwap", () => {
  byId("filtres").scrollTop = scrolled;
  // Without an id of its own, so that htmx does not find it; lost, the focus would fold the filters.
  byId(focusedFold)?.querySelector("summary").focus({ preventScroll: true });
});

document.addEventListener("focusout", () => {
  // Written and taken back: no change will ask.
  if (leftAnswer) window.htmx.trigger(byId("filtres"), "change");
});

// Nothing of a visit may stay in the browser, and htmx writes the last address to sessionStorage.
for (const type of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
  document.addEventListener(type, () => sessionStorage.removeItem("htmx-current-path-for-history"));
}

document.addEventListener("htmx:afterSettle", () => {
  copyFiltersToPlaceBox();
  announce();
  scrollToView();
  // A chip is gone once it was pressed: the focus goes on to the number of actors.
  if (document.activeElement === document.body) byId("compte").focus({ preventScroll: true });
  showNotice();
});
document.addEventListener("htmx:historyRestore", () => {
  copyFiltersToPlaceBox();
  announce();
  scrollToView();
});

for (const type of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(type, showError);
}
document.addEventListener("click", (event) => {
  const retry = event.target.closest("[data-retry]");
  if (retry && lastRequest) retry.href = lastRequest;
});
