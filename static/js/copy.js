// A press copies a text that the page shows; where that is refused, the text is selected.

// Where a text is copied by hand as well, the button waits for this script.
for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  // Beside its button, where each has one.
  const beside = button.parentElement.querySelector("[role=status]");
  const status = beside ?? document.getElementById("copie");
  // What is said again of another text is said anew.
  status.textContent = "";
  let message = "Copié.";
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    // Not allowed, or not https: the text is selected, so that the keyboard can copy it.
    const fold = text.closest("details:not([open])");
    if (fold) fold.open = true;
    text.focus();
    text.select();
    message = "Sélectionné : appuyez sur Ctrl + C, ou sur ⌘ + C.";
  }
  status.textContent = message;
});
