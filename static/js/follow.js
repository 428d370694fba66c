// A page that says how far something is: it asks for itself again until that is done, and a file that
// is too large is refused before it is sent.

import { put } from "./sending.js";

const PART = "[data-follow]";
const ENDED = "C’est terminé. ";
const SAVE = "Enregistrez ce que vous avez écrit : la page montrera la suite. ";
const ON = "Voir la suite";
const WITHOUT = "Voir la suite sans l’enregistrer";
let isSent = false;

/** Renew the part of a page that follows something, until the page has none any more. */
export function follow(page) {
  const ms = Number(page.querySelector(PART)?.dataset.follow);
  if (!ms) return;
  page.addEventListener("submit", ({ defaultPrevented }) => {
    isSent ||= !defaultPrevented;
  });
  // Whoever comes back to the page has left what was sent from it.
  addEventListener("pageshow", () => {
    isSent = false;
  });
  setTimeout(() => renew(page, ms), ms);
}

async function renew(page, ms) {
  const response = await fetch(addressOf(page)).catch(() => undefined);
  // What was pressed meanwhile leads further: a page loaded again would come before its answer. It
  // may be stopped as well, so that the page goes on.
  if (response?.redirected && !isSent) {
    // Where the session is over, whoever comes back sees the page as it is then.
    if (new URL(response.url).pathname.startsWith("/gestion/")) location.replace(response.url);
    return;
  }
  if (!response?.ok || response.redirected || (await put(response, PART))) {
    setTimeout(() => renew(page, ms), ms);
  } else if (isSent || isWritten(page)) sayEnded(page);
  else location.reload();
}

/** Return where a page is asked for, which may have come as an answer to what was sent elsewhere. */
function addressOf(page) {
  return page.querySelector(PART).dataset.at ?? location.href;
}

/** Say whether something is written, or was refused, that would be lost with the page. */
function isWritten(page) {
  return [...page.querySelectorAll("main textarea")].some(
    (each) => each.value !== each.defaultValue || each.matches("[aria-invalid]"),
  );
}

function sayEnded(page) {
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.href = addressOf(page);
  link.textContent = isWritten(page) ? WITHOUT : ON;
  said.append(ENDED, isWritten(page) ? SAVE : "", link);
  page.querySelector(PART).replaceChildren(said);
}

/** Go on from a page that only leads further: whoever comes back to it is at its end instead. */
export function goOn(page) {
  const form = page.querySelector("[data-go-on]");
  if (!form) return;
  history.replaceState(null, "", form.dataset.goOn);
  form.requestSubmit();
}

/** Say of a chosen file that it is too large. */
export function weighFiles(page) {
  for (const input of page.querySelectorAll("[data-most]")) {
    input.addEventListener("change", () => {
      const many = input.files.length > Number(input.dataset.files);
      const large = [...input.files].some((file) => file.size > Number(input.dataset.most));
      input.setCustomValidity(many ? input.dataset.tooMany : large ? input.dataset.tooLarge : "");
      if (many || large) input.reportValidity();
    });
    takeDropped(page, input);
  }
}

/** Take files that are dropped beside their field as well: it is small, and elsewhere a browser opens them. */
function takeDropped(page, input) {
  page.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  page.addEventListener("drop", (event) => {
    const { files } = event.dataTransfer;
    if (event.target === input || !files.length) return;
    event.preventDefault();
    input.files = files;
    input.dispatchEvent(new Event("change"));
    input.focus();
  });
}
