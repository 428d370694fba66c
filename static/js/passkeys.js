// Passkeys: what the service asks goes to the browser, and its answer back.

const HEADERS = { "Content-Type": "application/json", Accept: "application/json" };
const CANCELLED =
  "Rien n’a été fait : la demande a été refusée, ou trop de temps a passé. Réessayez.";
const FAILED = "Le service ne répond pas. Vérifiez votre connexion, puis réessayez.";
const TOO_OLD =
  "Ce navigateur ne sait pas se servir des clés d’accès comme ce service le demande : mettez-le à jour, ou prenez-en un autre.";
const EXISTS = "Cet appareil a déjà une clé d’accès pour votre compte.";

/** Show what takes a passkey and make its buttons work, or say that this browser is too old. */
export function offerPasskeys(root) {
  const known = window.PublicKeyCredential?.parseCreationOptionsFromJSON !== undefined;
  for (const part of root.querySelectorAll("[data-passkey]")) {
    part.hidden = false;
    const button = part.querySelector("button");
    const problem = part.querySelector("[data-passkey-problem]");
    if (!known) {
      button.parentElement.hidden = true;
      problem.textContent = TOO_OLD;
      problem.hidden = false;
      continue;
    }
    button.addEventListener("click", async () => {
      button.disabled = true;
      problem.hidden = true;
      try {
        const way = await (button.dataset.passkeyNew ? create : sign)(button.dataset);
        // What waited for the proof is done with what was written.
        const deed = root.querySelector("[data-passkey-after]");
        if (deed) deed.submit();
        else window.location.assign(way);
      } catch (error) {
        problem.textContent = wording(error);
        problem.hidden = false;
        button.disabled = false;
      }
    });
  }
}

async function sign({ passkeySign: address, way }) {
  const asked = await post(`${address}/defi`, {});
  const publicKey = window.PublicKeyCredential.parseRequestOptionsFromJSON(asked.options);
  const credential = await navigator.credentials.get({ publicKey });
  return (await post(address, answer(asked, credential, way))).suite;
}

async function create({ passkeyNew: address, challenge }) {
  const asked = await post(challenge ?? `${address}/defi`, {});
  const publicKey = window.PublicKeyCredential.parseCreationOptionsFromJSON(asked.options);
  const credential = await navigator.credentials.create({ publicKey });
  return (await post(address, answer(asked, credential, ""))).suite;
}

function answer(asked, credential, suite) {
  return { challenge_id: asked.challenge_id, credential: credential.toJSON(), suite };
}

async function post(address, body) {
  const response = await fetch(address, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify(body),
  });
  const said = await response.json();
  if (response.ok) return said;
  if (response.status === 403 && said.title === "Identité à confirmer") {
    // Back to this page afterwards, to press the button again.
    const way = window.location.pathname;
    return new Promise(() =>
      window.location.assign(`/connexion/confirmer?suite=${encodeURIComponent(way)}`),
    );
  }
  throw new Refused(said.detail);
}

class Refused extends Error {}

function wording(error) {
  if (error instanceof Refused) return error.message;
  if (error.name === "InvalidStateError") return EXISTS;
  return error instanceof DOMException ? CANCELLED : FAILED;
}
