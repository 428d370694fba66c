// Filters without a page load: htmx swaps what a search changes; here is what it leaves to the page.

const byId = (id) => document.getElementById(id);
// The same request would be refused again: an address that is too long, a value that is none.
const REFUSED = [414, 422];
let lastRequest = null;
let lastView = byId("liste").dataset.view;

/** Say the number of actors; before it, what became of a place that was to be kept away from. */
function announce() {
  const said = ["eloigner-avis", "compte"].map((id) => byId(id)?.textContent);
  byId("annonce").textContent = said.filter(Boolean).join(" ");
}

/** Bring into sight the field that was left, and what stands under it: its margin says how much. */
function showNotice() {
  const field = document.activeElement;
  if (field.id === "eloigner" && byId("eloigner-avis")) field.scrollIntoView({ block: "nearest" });
}

function busy(state) {
  byId("liste").classList.toggle("is-busy", state);
  byId("liste").ariaBusy = state;
}

/** Say why there is no answer, in the words of the server where they came: it knows what it refuses. */
function fail({ detail: { xhr } }) {
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const problem = page.querySelector("[data-problem]")?.textContent;
  const silent = xhr.status
    ? "Le service n’a pas répondu comme prévu."
    : "Vérifiez votre connexion.";
  byId("panne-motif").textContent = problem ?? silent;
  const notice = byId("panne");
  notice.querySelector("[data-retry]").hidden = REFUSED.includes(xhr.status);
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

/** Show what a tab has changed on a phone: the map from the top of the page, which it fills, the list
 *  from the tabs on. What stood over them may be gone, or there again, and they out of reach. */
function showViews() {
  const { view } = byId("liste").dataset;
  const tabs = document.querySelector(".view-tabs");
  if (view === lastView || !tabs.offsetHeight) return;
  lastView = view;
  const under = document.querySelector(".site-header").offsetHeight;
  const top = view ? 0 : scrollY + tabs.getBoundingClientRect().top - under;
  // At once: nobody goes anywhere, another thing has come where they are.
  scrollTo({ top, behavior: "instant" });
}

/** Search from another place with the same filters. */
function keepInBox() {
  const kept = new URL(byId("liste").dataset.search, location.origin).searchParams;
  for (const name of ["dans", "lieu", "page"]) kept.delete(name);
  for (const form of document.querySelectorAll("[data-place-box]")) {
    for (const field of form.querySelectorAll("input[type=hidden]")) field.remove();
    for (const [name, value] of kept) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(field);
    }
  }
}

// A field that Enter leaves has changed, which is enough; without htmx the form goes as it is.
document.addEventListener("submit", (event) => {
  if (event.target.id !== "filtres" || !window.htmx) return;
  event.preventDefault();
  // Nor has it where nothing came of it: what to do is shown again.
  showNotice();
});

// What is empty says nothing, and is not sent.
document.addEventListener("htmx:configRequest", ({ detail: { formData } }) => {
  for (const name of new Set(formData.keys())) {
    const values = formData.getAll(name).filter((value) => value !== "");
    formData.delete(name);
    for (const value of values) formData.append(name, value);
  }
  // As addresses write a number: 7 for 07.
  for (const { name, valueAsNumber } of byId("filtres").querySelectorAll("[type=number]")) {
    if (formData.has(name)) formData.set(name, valueAsNumber);
  }
});

// The browser says what is wrong with a field that it can focus, so its fold opens.
document.addEventListener(
  "invalid",
  ({ target }) => {
    const fold = target.closest("details");
    if (fold) fold.open = true;
  },
  true,
);

document.addEventListener("htmx:beforeRequest", ({ detail: { requestConfig } }) => {
  lastRequest = requestConfig.path;
  const chosen = new URLSearchParams(requestConfig.formData ?? []);
  if (`${chosen}` && !lastRequest.includes("?")) lastRequest += `?${chosen}`;
  busy(true);
});
document.addEventListener("htmx:afterRequest", () => busy(false));

// What was unfolded stays so. Said before the swap: nothing jumps, and the focus finds its box.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  for (const { id, open } of document.querySelectorAll(".explorer__body details[id]")) {
    const found = new RegExp(`(<details[^>]* id="${id}")(?: open)?`);
    detail.serverResponse = detail.serverResponse.replace(found, open ? "$1 open" : "$1");
  }
  // Only a page that loads takes the focus there: who changes another filter stays with it.
  detail.serverResponse = detail.serverResponse.replace(
    /(<input[^>]* id="eloigner"[^>]*) autofocus/,
    "$1",
  );
});

// Nothing of a visit stays in the browser: htmx notes the last address in the session's storage.
for (const moment of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
  document.addEventListener(moment, () =>
    sessionStorage.removeItem("htmx-current-path-for-history"),
  );
}

document.addEventListener("htmx:afterSettle", () => {
  keepInBox();
  announce();
  showViews();
  // A chip that was pressed is gone: what follows is the number of actors.
  if (document.activeElement === document.body) byId("compte").focus({ preventScroll: true });
  showNotice();
});
document.addEventListener("htmx:historyRestore", () => {
  keepInBox();
  announce();
  showViews();
});

for (const moment of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(moment, fail);
}
document.addEventListener("click", (event) => {
  const retry = event.target.closest("[data-retry]");
  if (retry && lastRequest) retry.href = lastRequest;
});
