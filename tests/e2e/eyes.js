// What a person sees of a page: things by their role and name, never by a class or an id.
// tests/e2e/person.py asks it of every browser, as the body of one function of the text `asked`.

const ROLES = {
  button: "button, summary, [role=button]",
  checkbox: "input[type=checkbox]",
  combobox: "[role=combobox], select",
  heading: "h1, h2, h3, h4, h5, h6",
  link: "a[href]",
  // A list that is about to change is not pressed.
  option: "[role=listbox]:not([aria-busy=true]) [role=option]",
  radio: "input[type=radio]",
  searchbox: "input[type=search]",
  textbox: "input[type=text]",
};

/** Return what is written in a node, without what is hidden from those who hear the page. */
function words(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.ariaHidden === "true") return "";
  return [...node.childNodes].map(words).join("");
}

function nameOf(element) {
  const written = element.labels?.length ? [...element.labels] : [element];
  const name = element.ariaLabel ?? written.map(words).join(" ");
  // Lists write the one apostrophe, pages the other.
  return name.replaceAll("’", "'").replace(/\s+/g, " ").trim();
}

/** Return what is pressed of an element: the label of a box, the first line of a link. */
function areaOf(element) {
  const box = element.matches("input[type=checkbox], input[type=radio]") && element.labels[0];
  return (box || element).getClientRects()[0];
}

function isSaid(element) {
  return element.checkVisibility({ visibilityProperty: true });
}

function isSeen(element) {
  const area = isSaid(element) && areaOf(element);
  return Boolean(area) && area.width > 1 && area.height > 1;
}

/** Return how many screens a person scrolls, up or down, until an area is wholly seen. */
function screensTo({ top, bottom }) {
  return Math.ceil(Math.max(0, -top, bottom - innerHeight) / innerHeight);
}

function find({ role, name }, isThere) {
  const all = [...document.querySelectorAll(ROLES[role])];
  return all.find((element) => isThere(element) && nameOf(element).includes(name));
}

/** Return the middle of an element, and whether nothing covers it there. */
function spot(element) {
  const { left, top, width, height } = areaOf(element);
  const x = Math.round(left + width / 2);
  const y = Math.round(top + height / 2);
  const hit = document.elementFromPoint(x, y);
  const free = [element, ...(element.labels ?? [])].some((each) => each.contains(hit));
  return { x, y, free };
}

const ACTS = {
  /** Say how far away a thing is, which may still be on its way. */
  where(given) {
    const element = find(given, isSeen);
    if (!element) return null;
    const area = areaOf(element);
    return { top: area.top, screens: screensTo(area) };
  },

  /** Say where to press a thing, after scrolling to it where it is not seen. */
  reach(given) {
    const element = find(given, isSeen);
    if (!element) return null;
    if (screensTo(areaOf(element)) || !spot(element).free) {
      element.scrollIntoView({ block: "center", behavior: "instant" });
    }
    return spot(element);
  },

  /** Give a list the focus, as the Tab key does; say what is chosen in it. */
  focus(given) {
    const element = find(given, isSeen);
    element?.focus();
    if (!element || element !== document.activeElement) return null;
    return { chosen: element.selectedOptions[0].label };
  },

  /** Say what a thing is called, seen or read aloud. */
  see(given) {
    const element = find(given, isSaid);
    return element ? { name: nameOf(element) } : null;
  },

  /** Say where the first phone of the answer ends: of an actor, or of whoever is named. */
  phone({ name, local }) {
    const phones = [...document.querySelectorAll("main a[href^='tel:']")].filter(isSeen);
    // National numbers have six digits at most.
    const first = phones.find((each) =>
      local ? each.pathname.length > 6 : nameOf(each).includes(name),
    );
    if (!first) return null;
    const area = areaOf(first);
    const y = Math.round(area.bottom + scrollY);
    const sideways = document.documentElement.scrollWidth - innerWidth;
    return { name: nameOf(first), y, screens: screensTo(area), sideways };
  },
};

/** Answer what was asked; null while the page, or the thing, is not there. */
// biome-ignore lint/correctness/noUnusedVariables: person.py calls it.
function look(asked) {
  const { act, ...given } = JSON.parse(asked);
  return JSON.stringify(document.readyState === "complete" ? ACTS[act](given) : null);
}
