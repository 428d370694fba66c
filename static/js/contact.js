// What was told of a place leaves its page as soon as it may not be read any more: at its hour, with
// the session, and when somebody comes back to a page of which the service says otherwise.

const STEP = 5000;

/** Watch the contact that a page shows, where it shows one. */
export function watchContact(page) {
  const contact = page.querySelector("[data-contact]");
  if (!contact) return;
  const ends = Date.now() + Number(contact.dataset.contact) * 1000;
  const leave = () => {
    contact.remove();
    page.querySelector("[data-contact-over]").hidden = false;
  };
  const look = () => Date.now() >= ends && leave();
  setInterval(look, STEP);
  new BroadcastChannel("session").addEventListener("message", ({ data }) => data || leave());
  page.addEventListener("session-over", leave);
  page.addEventListener("visibilitychange", async () => {
    if (page.hidden) return;
    look();
    if (contact.isConnected && (await isOver())) leave();
  });
  addEventListener("pageshow", ({ persisted }) => {
    // Out of the memory of a browser it may be read by whoever presses Back.
    if (!persisted) return;
    leave();
    location.reload();
  });
}

/** Say whether the service shows no contact here any more; one that does not answer says nothing. */
async function isOver() {
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    if (response.status === 429 || response.status >= 500) return false;
    return !(await response.text()).includes("data-contact=");
  } catch {
    return false;
  }
}
