// A warning before the session ends, and a button that extends it; the page and its form stay.

const WARNED_SECONDS = 300;
const STEP = 1000;
const OVER =
  "Votre session est terminée. Ce que vous avez écrit reste dans la page : connectez-vous dans un autre onglet, puis revenez ici.";
const NO_ANSWER = "Le service ne répond pas. Vérifiez votre connexion, puis réessayez.";

/** Count from the load of the page, or from the last extension. */
export function watchIdle(body) {
  const notice = body.querySelector("[data-idle-notice]");
  if (!notice) return;
  const text = notice.querySelector("[data-idle-text]");
  const left = notice.querySelector("[data-idle-left]");
  let ends = Date.now() + Number(body.dataset.idle) * 1000;
  const counting = setInterval(() => {
    const seconds = Math.max(0, Math.round((ends - Date.now()) / 1000));
    if (seconds > WARNED_SECONDS) return;
    left.textContent = ` (dans ${seconds > 60 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`})`;
    if (seconds === 0) end();
    notice.hidden = false;
  }, STEP);
  const end = () => {
    clearInterval(counting);
    text.textContent = OVER;
  };
  notice.querySelector("[data-idle-stay]").addEventListener("click", async () => {
    const seconds = await extend();
    if (seconds === 0) end();
    else if (seconds === undefined) left.textContent = `. ${NO_ANSWER}`;
    else {
      ends = Date.now() + seconds * 1000;
      notice.hidden = true;
    }
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
