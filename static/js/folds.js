// What opens over a page folds again: by Escape, by a press beside it, and when the focus goes on.
// Without this script the same press that opens it folds it.

const OVER = "details[data-menu][open], #filtres-pli[open]";

/** Say that the filters do not cover this: the map, the header, and the notice over them. */
function isBesideFilters(target) {
  return Boolean(target.closest("#panne") || !target.closest(".explorer__panel"));
}

/** Fold what does not hold this element. */
function foldOthers(target) {
  for (const fold of document.querySelectorAll(OVER)) {
    if (fold.contains(target) || (fold.id === "filtres-pli" && isBesideFilters(target))) continue;
    fold.open = false;
  }
}

document.addEventListener("keydown", (event) => {
  const fold = event.key === "Escape" && document.activeElement.closest(OVER);
  if (!fold || event.defaultPrevented) return;
  fold.open = false;
  fold.querySelector("summary").focus();
});
document.addEventListener("pointerdown", ({ target }) => foldOthers(target));
document.addEventListener("focusin", ({ target }) => foldOthers(target));

// A field that says what was chosen is replaced by what is typed.
for (const type of ["focus", "click"]) {
  document.getElementById("ou").addEventListener(type, ({ target }) => {
    if (target.value === target.defaultValue) target.select();
  });
}
