// Keyboard shortcuts of the desk, shown on `?`. A key is what it writes, whatever the keyboard.

// A letter alone does something only where its reader wants so: for who speaks to a computer, a
// word would be many of them.
const OFF = "mesure23-raccourcis";
const GO_MS = 1_500;
// What is pressed before the next page has come is meant for that one.
const LEAVES_MS = 10_000;
const ROW = "[data-row]";
const SEARCH = "#q";

/** Follow the keys of a page that has a list of them. */
export function followKeys(page) {
  const dialog = page.querySelector("[data-keys]");
  if (!dialog) return;
  const open = page.querySelector("[data-keys-open]");
  const off = dialog.querySelector("[data-keys-off]");
  open.hidden = false;
  open.addEventListener("click", () => dialog.showModal());
  off.checked = localStorage.getItem(OFF) !== null;
  off.addEventListener("change", () => {
    if (off.checked) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  });
  if (location.hash === SEARCH) searchBox(page)?.focus();

  let goesUntil = 0;
  let leavesUntil = 0;
  // Whoever comes back to the page, or stays on it when asked, goes on with it.
  for (const name of ["pageshow", "focus"]) {
    addEventListener(
      name,
      () => {
        leavesUntil = 0;
      },
      true,
    );
  }
  page.addEventListener("keydown", (event) => {
    if (off.checked || isWriting(event) || page.querySelector("dialog[open]")) return;
    if (event.timeStamp < leavesUntil) return;
    const goes = event.timeStamp < goesUntil;
    goesUntil = 0;
    if (goes) {
      done(event, page.querySelector(`[data-go="${CSS.escape(event.key)}"]`));
    } else if (event.key === "g") {
      goesUntil = event.timeStamp + GO_MS;
    } else if (event.key === "?") {
      event.preventDefault();
      dialog.showModal();
    } else if (event.key === "/") {
      event.preventDefault();
      if (search(page)) leavesUntil = event.timeStamp + LEAVES_MS;
    } else if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      move(page, event.key === "j" ? 1 : -1);
    } else {
      done(event, forKey(page, event.key));
    }
  });
}

/** Say whether a key belongs to a field, or to the browser. */
function isWriting({ target, key, ctrlKey, altKey, metaKey, isComposing, defaultPrevented }) {
  if (ctrlKey || altKey || metaKey || isComposing || defaultPrevented || key.length !== 1) {
    return true;
  }
  const free = target.matches("input[type=checkbox], input[type=radio]");
  return !free && (target.isContentEditable || target.matches("input, textarea, select"));
}

/** Return what a key does: in the row that has the focus, else of the page. */
function forKey(page, key) {
  const named = `[data-key="${CSS.escape(key)}"]`;
  const row = current(page);
  return row?.querySelector(named) ?? outside(page, named);
}

function outside(page, named) {
  return [...page.querySelectorAll(named)].find((each) => !each.closest(ROW));
}

function done(event, target) {
  if (!target || event.repeat) return;
  event.preventDefault();
  target.click();
}

/** Give the focus to the search box, that of the list where the page has none: say whether the page
 *  is left for it. */
function search(page) {
  const box = searchBox(page);
  const list = page.querySelector('[data-go="a"]');
  if (box) box.select();
  else if (list) location.assign(`${list.href}${SEARCH}`);
  return !box && Boolean(list);
}

function searchBox(page) {
  return page.querySelector("main input[type=search]");
}

function current(page) {
  return page.activeElement?.closest(ROW);
}

/** Give the focus to the next row, or the one before: to its link, which Enter opens. */
function move(page, step) {
  const rows = [...page.querySelectorAll(ROW)];
  const at = rows.indexOf(current(page));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  if (!next) return;
  const link = next.querySelector("a");
  if (!link) next.tabIndex = -1;
  (link ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
}
