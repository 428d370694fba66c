// Tells the page around the frame how high its content is; docs/guide/integrer.md has what listens.

const [head, map, foot] = ["header", ".map-area", "footer"].map((part) =>
  document.querySelector(part),
);
let told = 0;

/** The end of the list, and no less than a map needs: the map beside it is as high as the frame. */
function tell() {
  // Nothing is left of a page that was quit.
  if (!foot?.isConnected) return;
  const least = map ? head.offsetHeight + parseFloat(getComputedStyle(map).minHeight) : 0;
  const height = Math.round(Math.max(foot.getBoundingClientRect().bottom + scrollY, least));
  if (height === told) return;
  told = height;
  // To any page: it is no secret, and a sandboxed one has no origin to name.
  parent.postMessage({ mesure23: "hauteur", hauteur: height }, "*");
}

if (parent !== window) {
  // Of a frame that nobody sees yet, browsers observe nothing.
  addEventListener("load", tell);
  const observer = new ResizeObserver(tell);
  for (const part of document.querySelectorAll("body, body > *, .embed__panel, .map-area")) {
    observer.observe(part);
  }
}
