// The page that builds an embed: code, warnings and previews follow each choice, with no page load.
// Without this script the button of the form loads the same page.

const WAIT_MS = 300;
// The elements of the new page that replace those of this one, wherever they stand.
const REPLACED = [
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
const output = byId("reponse");
const placeInput = byId("ou");
let timer = 0;
let request = null;

/** Return the address of the choices; withPlaceText: including the text in the place box. */
function addressOfChoices(withPlaceText) {
  const choices = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value && (withPlaceText || name !== "ou")) choices.append(name, value);
  }
  return `${form.action}?${choices}`;
}

function scheduleUpdate() {
  clearTimeout(timer);
  // An answer to earlier choices would undo the one just made.
  request?.abort();
  timer = setTimeout(() => update(addressOfChoices(false)), WAIT_MS);
}

async function update(url) {
  clearTimeout(timer);
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  const placeText = placeInput.value;
  output.ariaBusy = "true";
  try {
    const response = await fetch(url, { signal, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (signal.aborted) return;
    if (response.ok) render(page, placeText);
    // What no field can refuse by itself: too many territories.
    else showError(page.querySelector("[data-problem]")?.textContent);
  } catch (error) {
    if (error.name === "AbortError") return;
    showError();
  }
  output.ariaBusy = "false";
}

function showError(
  problem = "Le code n’a pas pu être mis à jour. Vérifiez votre connexion, puis changez un choix pour réessayer.",
) {
  const notice = byId("panne");
  notice.textContent = problem;
  notice.hidden = false;
}

/** Show the answer; placeText: the text that stood in the place box when it was requested. */
function render(page, placeText) {
  byId("panne").hidden = true;
  const next = (id) => page.getElementById(id);
  for (const id of REPLACED) byId(id).replaceWith(next(id));
  // Fields of code stay, so that the focus stays in them: only their text changes.
  for (const text of document.querySelectorAll("#code [readonly]"))
    text.value = next(text.id).value;
  for (const frame of document.querySelectorAll(".preview__frame"))
    updateFrame(frame, next(frame.id));
  if (placeInput.value === placeText) placeInput.value = next("ou").value || placeText;
  byId("copie").textContent = "";
  history.replaceState(null, "", next("reponse").dataset.address);
  const news = [byId("code-nom"), ...byId("avertissements").querySelectorAll("p, li")];
  byId("annonce").textContent =
    `Code et aperçu à jour. ${news.map((element) => element.textContent).join(" ")}`;
}

/** Replace a frame whose address changed: navigating the same frame would add to the history. */
function updateFrame(frame, next) {
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
  if (target.name !== "ou" && target.id !== "territoire" && form.checkValidity()) scheduleUpdate();
});

form.addEventListener("change", ({ target }) => target.reportValidity());

form.addEventListener("submit", (event) => {
  event.preventDefault();
  update(addressOfChoices(true));
});

form.addEventListener("place:chosen", ({ detail }) => {
  if (detail.kind === "territoire") {
    for (const box of form.elements.dans) box.checked = box.value === detail.code;
    form.elements.portee.value = "territoires";
    placeInput.value = "";
    scheduleUpdate();
    return;
  }
  const field = Object.assign(document.createElement("input"), {
    type: "hidden",
    name: "lieu",
    value: detail.code,
  });
  byId("lieu-choisi").replaceChildren(field);
  scheduleUpdate();
});

// The list of territories is long: it is scrolled to the first region with a ticked box.
const ticked = form.querySelector(".region:has(:checked)");
if (ticked) ticked.parentElement.scrollTop = ticked.offsetTop - ticked.parentElement.offsetTop;

// --- a territory by its name or number ----------------------------------------------------------

/** Fold case, accents, hyphens and apostrophes, so that "ile" finds "Île-de-France". */
const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[-’']/g, " ").toLowerCase().trim();

byId("territoire").addEventListener("input", ({ target }) => {
  const query = fold(target.value);
  let total = 0;
  for (const region of form.querySelectorAll(".region")) {
    let matches = 0;
    for (const item of region.querySelectorAll("li")) {
      const { name, code } = item.dataset;
      item.hidden =
        !` ${fold(name)}`.includes(` ${query}`) && !code.toLowerCase().startsWith(query);
      matches += !item.hidden;
    }
    region.hidden = !matches;
    region.open = query ? matches > 0 : region.querySelector(":checked") !== null;
    total += matches;
  }
  const words = total
    ? `${total} territoire${total > 1 ? "s" : ""}`
    : "Aucun territoire ne s’appelle ainsi";
  byId("territoires-trouves").textContent = query ? words : "";
});
