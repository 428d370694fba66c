// A warning before the session ends, and a button that extends it; the page and its form stay.

const WARNED_SECONDS = 300;
const STEP = 1000;

/** Count from the load of the page, from that of another one, or from the last extension. */
export function watchIdle(body) {
  const notice = body.querySelector("[data-idle-notice]");
  if (!notice) {
    if (body.querySelector("[data-session-over]")) new BroadcastChannel("session").postMessage(0);
    return;
  }
  const part = (name) => notice.querySelector(`[data-idle-${name}]`);
  const [soon, left, over, unanswered] = ["soon", "left", "over", "unanswered"].map(part);
  const pages = new BroadcastChannel("session");
  let ends;
  const goOn = (seconds) => {
    ends = Date.now() + seconds * 1000;
    notice.hidden = true;
    unanswered.hidden = true;
  };
  const show = () => {
    const seconds = Math.max(0, Math.round((ends - Date.now()) / 1000));
    if (seconds > WARNED_SECONDS) return;
    soon.hidden = seconds === 0;
    over.hidden = seconds > 0;
    if (seconds === 0) document.dispatchEvent(new Event("session-over"));
    left.textContent = ` (dans ${seconds > 60 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`})`;
    notice.hidden = false;
  };
  pages.addEventListener("message", ({ data }) => goOn(data));
  const goOnEverywhere = (seconds) => {
    goOn(seconds);
    pages.postMessage(seconds);
  };
  goOnEverywhere(Number(body.dataset.idle));
  setInterval(show, STEP);
  part("stay").addEventListener("click", async () => {
    const seconds = await extend();
    unanswered.hidden = seconds !== undefined;
    if (seconds) goOnEverywhere(seconds);
    else if (seconds === 0) ends = Date.now();
  });
}

/** Return for how many seconds the session goes on; 0 where it is over, undefined if not known. */
async function extend() {
  const options = { method: "POST", headers: { Accept: "application/json" } };
  try {
    const response = await fetch("/connexion/prolonger", options);
    return response.ok ? (await response.json()).seconds : 0;
  } catch {
    return undefined;
  }
}
