// A page that says how far something is: it asks for itself again until that is done, and a file that
// is too large is refused before it is sent.

import { put } from "./sending.js";

const PART = "[data-follow]";
const ENDED = "C’est terminé. Enregistrez ce que vous avez écrit : la page montrera la suite. ";
const WITHOUT = "Voir la suite sans l’enregistrer";
let isSent = false;

/** Renew the part of a page that follows something, until the page has none any more. */
export function follow(page) {
  const ms = Number(page.querySelector(PART)?.dataset.follow);
  if (!ms) return;
  page.addEventListener("submit", () => {
    isSent = true;
  });
  setTimeout(() => renew(page, ms), ms);
}

async function renew(page, ms) {
  const response = await fetch(location.href).catch(() => undefined);
  // What was pressed meanwhile leads further: a page loaded again would come before its answer.
  if (isSent) return;
  if (response?.redirected) {
    // Where the session is over, whoever comes back sees the page as it is then.
    if (new URL(response.url).pathname.startsWith("/gestion/")) location.replace(response.url);
    return;
  }
  if (!response?.ok || (await put(response, PART))) setTimeout(() => renew(page, ms), ms);
  else if (isWritten(page)) sayEnded(page.querySelector(PART));
  else if (!isSent) location.reload();
}

/** Say whether something is written that would be lost with the page. */
function isWritten(page) {
  return [...page.querySelectorAll("main textarea")].some(
    ({ value, defaultValue }) => value !== defaultValue,
  );
}

function sayEnded(part) {
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = WITHOUT;
  said.append(ENDED, link);
  part.replaceChildren(said);
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
  }
}
