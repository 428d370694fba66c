// Sends the height of the content to the page that embeds it; docs/guide/integrer.md has the listener.

const [header, map, footer] = ["header", ".map-area", "footer"].map((part) =>
  document.querySelector(part),
);
let sentHeight = 0;

/** Send the height of the list, and no less than a map needs, which is as high as the frame. */
function sendHeight() {
  // After the quick exit nothing is left to measure.
  if (!footer?.isConnected) return;
  const least = map ? header.offsetHeight + parseFloat(getComputedStyle(map).minHeight) : 0;
  const height = Math.round(Math.max(footer.getBoundingClientRect().bottom + scrollY, least));
  if (height === sentHeight) return;
  sentHeight = height;
  // To any origin: a height is no secret, and a sandboxed page has no origin to name.
  parent.postMessage({ mesure23: "hauteur", hauteur: height }, "*");
}

if (parent !== window) {
  // A ResizeObserver does not fire in a frame that is not visible yet.
  addEventListener("load", sendHeight);
  const observer = new ResizeObserver(sendHeight);
  for (const part of document.querySelectorAll("body, body > *, .embed__panel, .map-area")) {
    observer.observe(part);
  }
}
