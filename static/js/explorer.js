// Filters without a page load: htmx swaps list and counts; here is what it leaves to the page.

const WIDE = matchMedia("(min-width: 80rem)");
const byId = (id) => document.getElementById(id);
let lastRequest = null;

/** The filters are always open beside the list, and folded above it. */
function foldFilters() {
  byId("filtres-pli").open = WIDE.matches;
}

function markView() {
  for (const link of document.querySelectorAll(".views a")) {
    const current = (location.hash === "#carte") === (link.hash === "#carte");
    if (current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function announce() {
  byId("annonce").textContent = byId("compte").textContent;
}

function fail() {
  const notice = byId("panne");
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

foldFilters();
markView();
WIDE.addEventListener("change", foldFilters);
addEventListener("hashchange", markView);

document.addEventListener("htmx:beforeRequest", (event) => {
  lastRequest = event.detail.requestConfig.path;
  const chosen = new URLSearchParams(event.detail.requestConfig.formData ?? []);
  if (`${chosen}` && !lastRequest.includes("?")) lastRequest += `?${chosen}`;
  byId("liste").classList.add("is-busy");
});
document.addEventListener("htmx:afterRequest", () => byId("liste").classList.remove("is-busy"));

// The map stays in view on a phone when a filter changes the address.
document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  if (location.hash) event.detail.history.path += location.hash;
});

// Nothing of a visit stays in the browser: htmx notes the last address in the session's storage.
for (const moment of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
  document.addEventListener(moment, () => sessionStorage.removeItem("htmx-current-path-for-history"));
}

document.addEventListener("htmx:afterSettle", () => {
  announce();
  // A chip that was pressed is gone: what follows is the number of actors.
  if (document.activeElement === document.body) byId("compte").focus({ preventScroll: true });
});
document.addEventListener("htmx:historyRestore", () => {
  foldFilters();
  markView();
  announce();
});

for (const moment of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(moment, fail);
}
document.addEventListener("click", (event) => {
  const retry = event.target.closest("[data-retry]");
  if (retry && lastRequest) retry.href = lastRequest;
});
