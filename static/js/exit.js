// Quick exit: a press of the button, or three of Shift, and nothing of this page is on the screen.
// It comes first and depends on nothing, so that it works while, and whether or not, the rest does.

const PRESSES = 3;
const WITHIN_MS = 5_000;
// Boxes and buttons take no letters: there Shift is free.
const FIELDS =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset]), " +
  "textarea, select, [contenteditable]";
// On some systems they say that they are let go only when the lock ends.
const LOCKS = new Set(["CapsLock", "NumLock", "ScrollLock"]);

/** Where to go, once we have left: a page that Back brings to life again must not be shown. */
let destination = null;

/** Take everything away at once: the page that follows may be long in coming. */
function blank(name) {
  // What is still arriving would be shown as well.
  window.stop();
  const root = document.documentElement;
  root.replaceChildren(document.createElement("head"), document.createElement("body"));
  // No white flash in the dark.
  root.style.colorScheme = "light dark";
  // The name of a tab is read over a shoulder too.
  document.title = name;
}

/** Go there instead of here, so that Back does not return to this page. */
function go(address) {
  try {
    // Out of a frame too: what stands around it is about the same.
    window.top.location.replace(address);
  } catch {
    // The page around the frame does not let itself be led away: the frame stays blank.
  }
}

function leave(address) {
  destination = address;
  blank(new URL(address).hostname);
  go(address);
}

addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("[data-exit]");
    if (!button) return;
    event.preventDefault();
    leave(button.href);
  },
  true,
);

addEventListener("pageshow", ({ persisted }) => {
  if (persisted && destination) leave(destination);
});

const held = new Set();
let presses = [];
let alone = false;

function notAlone() {
  alone = false;
}

function press(event) {
  presses = [...presses, event.timeStamp].slice(-PRESSES);
  const button = document.querySelector("[data-exit]");
  if (button && presses.length === PRESSES && event.timeStamp - presses[0] <= WITHIN_MS) {
    leave(button.href);
  }
}

// Captured on the window, so that no other script keeps a key for itself.
addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Shift") {
      if (event.repeat) return;
      const combined = held.size > 0 || event.ctrlKey || event.altKey || event.metaKey;
      alone = !combined && !event.target.closest?.(FIELDS);
    } else {
      notAlone();
      if (!LOCKS.has(event.key)) held.add(event.code);
    }
  },
  true,
);

// A press counts once Shift is let go: until then it may begin Shift and Tab.
addEventListener(
  "keyup",
  (event) => {
    if (event.key === "Shift") {
      if (alone) press(event);
      notAlone();
    } else {
      held.delete(event.code);
      // macOS tells nothing of the keys that were let go while Command was held.
      if (event.key === "Meta") held.clear();
    }
  },
  true,
);

// Shift and a click, a drag or a wheel mean something else.
for (const moment of ["pointerdown", "wheel"]) {
  addEventListener(moment, notAlone, { capture: true, passive: true });
}
addEventListener("blur", () => {
  held.clear();
  notAlone();
});
