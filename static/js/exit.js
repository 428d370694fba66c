// The quick exit: the button, or Shift pressed three times, takes this page off the screen.
// It is loaded first and depends on no other script, so that it works even where they fail.

const PRESSES = 3;
const WITHIN_MS = 5_000;
// Where Shift makes capitals; checkboxes and buttons take no text.
const TEXT_FIELDS =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset]), " +
  "textarea, select, [contenteditable]";
// Some systems report that these keys are released only when the lock ends.
const LOCK_KEYS = new Set(["CapsLock", "NumLock", "ScrollLock"]);

// Said to the pages of ours that lie before in this tab, and forgotten with it.
const LEFT = "quitte";

/** Remember where the visitor went: should Back lead to a page of ours, they are sent there again. */
function remember(address) {
  try {
    sessionStorage.setItem(LEFT, address);
  } catch {
    // A sandboxed frame may store nothing: only the page that was left sends on.
  }
}

/** Return where the visitor went from this tab, if they come back to it by Back. */
function leftFor(persisted) {
  try {
    if (persisted || isBack()) return sessionStorage.getItem(LEFT);
  } catch {
    // As above.
  }
  return null;
}

function isBack() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry?.type === "back_forward";
}

/** Forget where they went: a page that they ask for anew is shown again. */
function forget() {
  try {
    sessionStorage.removeItem(LEFT);
  } catch {
    // As above.
  }
}

/** Empty the page at once, since the next one may be slow to load. */
function blank(title) {
  // What is still loading would be shown as well.
  window.stop();
  const root = document.documentElement;
  root.replaceChildren(document.createElement("head"), document.createElement("body"));
  // Without it the empty page is white, a flash in the dark.
  root.style.colorScheme = "light dark";
  // The title of the tab must not give this page away either.
  document.title = title;
}

/** Replace this page in the history, so that Back does not return to it. */
function go(address) {
  try {
    // An embed replaces the page around it, which is about the same subject.
    window.top.location.replace(address);
  } catch {
    // A sandboxed frame may not navigate the page around it: the frame stays blank.
  }
}

let hasLeft = false;

function leave(address) {
  hasLeft = true;
  remember(address);
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

/** Send on who comes back to this page by Back, before it can be read. */
function sendOn(persisted) {
  const address = leftFor(persisted);
  if (address) leave(address);
}

// At once, and again for a page that the browser restores as it was.
sendOn(false);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) sendOn(true);
  // Not before the page is there: a browser has to fetch its storage from elsewhere first.
  else if (!hasLeft && !isBack()) forget();
});

// The other keys that are down, and whether Shift has been pressed by itself.
const keysDown = new Set();
let shiftAlone = false;
let pressTimes = [];

function cancelShift() {
  shiftAlone = false;
}

function countPress(event) {
  pressTimes = [...pressTimes, event.timeStamp].slice(-PRESSES);
  const button = document.querySelector("[data-exit]");
  if (button && pressTimes.length === PRESSES && event.timeStamp - pressTimes[0] <= WITHIN_MS) {
    leave(button.href);
  }
}

// Captured on the window, so that no other script can stop the event first.
addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Shift") {
      if (event.repeat) return;
      const combined = keysDown.size > 0 || event.ctrlKey || event.altKey || event.metaKey;
      shiftAlone = !combined && !event.target.closest?.(TEXT_FIELDS);
    } else {
      cancelShift();
      if (!LOCK_KEYS.has(event.key)) keysDown.add(event.code);
    }
  },
  true,
);

// A press counts when Shift is released: until then it may be the start of Shift + Tab.
addEventListener(
  "keyup",
  (event) => {
    if (event.key === "Shift") {
      if (shiftAlone) countPress(event);
      cancelShift();
    } else {
      keysDown.delete(event.code);
      // macOS reports no keyup for the keys that are released while Command is down.
      if (event.key === "Meta") keysDown.clear();
    }
  },
  true,
);

// Shift with a click, a drag or the wheel means something else.
for (const type of ["pointerdown", "wheel"]) {
  addEventListener(type, cancelShift, { capture: true, passive: true });
}
addEventListener("blur", () => {
  keysDown.clear();
  cancelShift();
});
