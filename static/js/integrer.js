// The page that builds an embed: code, warnings and previews follow each choice without a page load.
// Without this script the form's button asks for the same page.

const WAIT_MS = 300;
// What the answer says anew, wherever it stands; fields of the code only change their text.
const PARTS = [
  "territoires-choisis",
  "lieu-choisi",
  "autres",
  "categories-choisies",
  "code-nom",
  "avertissements",
  "pied-de-feuille",
];

const byId = (id) => document.getElementById(id);
const form = byId("recette");
const answer = byId("reponse");
const place = byId("ou");
let timer = 0;
let asking = null;

/** Return the address of what is chosen. typed: with what stands in the box of places. */
function address(typed) {
  const chosen = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value && (typed || name !== "ou")) chosen.append(name, value);
  }
  return `${form.action}?${chosen}`;
}

function later() {
  clearTimeout(timer);
  // An answer to what was chosen before would take away what has just been chosen.
  asking?.abort();
  timer = setTimeout(() => refresh(address(false)), WAIT_MS);
}

async function refresh(url) {
  clearTimeout(timer);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const typed = place.value;
  answer.ariaBusy = "true";
  try {
    const response = await fetch(url, { signal, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (signal.aborted) return;
    if (response.ok) show(page, typed);
    // What a form cannot say: too many territories.
    else fail(page.querySelector("[data-problem]")?.textContent);
  } catch (error) {
    if (error.name === "AbortError") return;
    fail();
  }
  answer.ariaBusy = "false";
}

function fail(
  problem = "Le code n’a pas pu être mis à jour. Vérifiez votre connexion, puis changez un choix pour réessayer.",
) {
  const notice = byId("panne");
  notice.textContent = problem;
  notice.hidden = false;
}

/** Show what a page answers. typed: what stood in the box of places when it was asked for. */
function show(page, typed) {
  byId("panne").hidden = true;
  const next = (id) => page.getElementById(id);
  for (const id of PARTS) byId(id).replaceWith(next(id));
  for (const text of document.querySelectorAll("#code [readonly]"))
    text.value = next(text.id).value;
  for (const frame of document.querySelectorAll(".preview__frame")) follow(frame, next(frame.id));
  if (place.value === typed) place.value = next("ou").value || typed;
  byId("copie").textContent = "";
  history.replaceState(null, "", next("reponse").dataset.address);
  const said = [byId("code-nom"), ...byId("avertissements").querySelectorAll("p, li")];
  byId("annonce").textContent =
    `Code et aperçu à jour. ${said.map((each) => each.textContent).join(" ")}`;
}

/** A frame that shows the same is left as it stands; another takes its place, not its history. */
function follow(frame, next) {
  if (frame.getAttribute("src") === next.getAttribute("src")) frame.height = next.height;
  else frame.replaceWith(next);
}

// --- the form -----------------------------------------------------------------------------------

form.addEventListener("input", ({ target }) => {
  if (target.dataset.codeOf) {
    const code = `#${target.value.replace("#", "")}`;
    if (!/^#[0-9a-f]{6}$/i.test(code)) return;
    byId(target.dataset.codeOf).value = code;
  } else if (target.type === "color") {
    form.querySelector(`[data-code-of="${target.id}"]`).value = target.value;
  }
  if (target.name !== "ou" && target.id !== "territoire" && form.checkValidity()) later();
});

form.addEventListener("change", ({ target }) => target.reportValidity());

form.addEventListener("submit", (event) => {
  event.preventDefault();
  refresh(address(true));
});

form.addEventListener("place:chosen", ({ detail }) => {
  if (detail.kind === "territoire") {
    for (const box of form.elements.dans) box.checked = box.value === detail.code;
    form.elements.portee.value = "territoires";
    place.value = "";
    later();
    return;
  }
  const field = Object.assign(document.createElement("input"), {
    type: "hidden",
    name: "lieu",
    value: detail.code,
  });
  byId("lieu-choisi").replaceChildren(field);
  later();
});

// What is ticked is in sight, however long the list above it.
const ticked = form.querySelector(".region:has(:checked)");
if (ticked) ticked.parentElement.scrollTop = ticked.offsetTop - ticked.parentElement.offsetTop;

// --- a territory by its name or number ------------------------------------------------------------

const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[-’']/g, " ").toLowerCase().trim();

byId("territoire").addEventListener("input", ({ target }) => {
  const asked = fold(target.value);
  let found = 0;
  for (const region of form.querySelectorAll(".region")) {
    let here = 0;
    for (const each of region.querySelectorAll("li")) {
      const { name, code } = each.dataset;
      each.hidden =
        !` ${fold(name)}`.includes(` ${asked}`) && !code.toLowerCase().startsWith(asked);
      here += !each.hidden;
    }
    region.hidden = !here;
    region.open = asked ? here > 0 : region.querySelector(":checked") !== null;
    found += here;
  }
  const words = found
    ? `${found} territoire${found > 1 ? "s" : ""}`
    : "Aucun territoire ne s’appelle ainsi";
  byId("territoires-trouves").textContent = asked ? words : "";
});

// --- copying --------------------------------------------------------------------------------------

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const text = byId(button.dataset.copy);
  let said = "Copié.";
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    // Refused, or not https: the keys that copy find it selected.
    text.focus();
    text.select();
    said = "Sélectionné : appuyez sur Ctrl + C, ou sur ⌘ + C.";
  }
  byId("copie").textContent = said;
});
