// A form sent without leaving its page, and a part of the answer put in the place of the same part.

/** Send a form as it is; return the answer, or nothing where there is none. */
export async function sent(address, form) {
  try {
    const response = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
    });
    return response.ok ? response : undefined;
  } catch {
    return undefined;
  }
}

/** Put a part of a page that was fetched in the place of the same part of this one; return it as it
 *  came, or nothing where the page has none. */
export async function put(response, part) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = page.querySelector(part);
  if (found) document.querySelector(part).replaceChildren(...found.childNodes);
  return found;
}
