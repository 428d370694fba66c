// A press prints the page; without this script the browser's own menu does.

export function offerPaper(page) {
  for (const button of page.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
