// A page that says how far something is: it asks for itself again until that is done, and a file that
// is too large is refused before it is sent.

import { put } from "./sending.js";

const PART = "[data-follow]";

/** Renew the part of a page that follows something, until the page has none any more. */
export function follow(page) {
  const ms = Number(page.querySelector(PART)?.dataset.follow);
  if (ms) setTimeout(() => renew(page, ms), ms);
}

async function renew(page, ms) {
  const response = await fetch(location.href).catch(() => undefined);
  // The session is over: whoever comes back sees the page as it is then.
  if (response?.redirected) return;
  if (response?.ok && !(await put(response, PART))) location.reload();
  else setTimeout(() => renew(page, ms), ms);
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
