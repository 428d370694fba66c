// Rows that are chosen: all of a page by one box, and how many they are.

import { put, sent } from "./sending.js";

/** Follow the boxes of a page's list, if it has one. */
export function chooseMany(page) {
  // Enter in a box would press the first button of the form, which does something to many.
  page.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".desk-many [type=checkbox]")) {
      event.preventDefault();
    }
  });
  const all = page.querySelector("[data-choose-all]");
  if (!all) return;
  const boxes = [...page.querySelectorAll("[data-choose]")];
  const scope = page.querySelector("[data-scope]");
  all.parentElement.hidden = false;

  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
    if (scope) scope.options[0].textContent = `les acteurs cochés (${chosen})`;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) {
    box.addEventListener("change", () => {
      // Who checks one by one means these, whatever was chosen before.
      if (scope) scope.value = "";
      count();
    });
  }
  count();
}

// Menus of columns whose words are the vocabulary's: those that it does not know are asked for.
const OF_WORDS = ["category", "functions", "audiences", "languages"];

/** Ask for the words of a column as soon as somebody says that it holds some. */
export function askWords(page) {
  const form = page.querySelector("[data-asks]");
  if (!form) return;
  const had = new WeakMap();
  // What somebody said of words while others were asked for: the answer knows nothing of it.
  const meant = new Map();
  let asked = 0;
  for (const menu of form.querySelectorAll("[name=champ]")) had.set(menu, menu.value);
  form.addEventListener("change", async ({ target }) => {
    if (target.name === "sens") meant.set(wordOf(target), target.value);
    if (!had.has(target)) return;
    const both = [had.get(target), target.value];
    had.set(target, target.value);
    if (!both.some((field) => OF_WORDS.includes(field))) return;
    asked += 1;
    const turn = asked;
    const response = await sent(form.dataset.asks, form);
    // An answer that comes late knows nothing of what was chosen since.
    if (!response || turn !== asked) return;
    const at = document.activeElement?.name === "sens" ? wordOf(document.activeElement) : "";
    await put(response, "[data-words]");
    for (const menu of form.querySelectorAll("[name=sens]")) {
      const word = wordOf(menu);
      if (meant.has(word)) menu.value = meant.get(word);
      if (word === at) menu.focus();
    }
  });
}

/** Return the word of a menu that says what it means. */
function wordOf(menu) {
  return menu.previousElementSibling.value;
}
