// Tells the page around the frame how high its content is; docs/guide/integrer.md has what listens.

const foot = document.getElementById("pied");
let told = 0;

/** The end of the content, which no height of the frame moves down: it never chases itself. */
function tell() {
  const height = Math.ceil(foot.getBoundingClientRect().bottom + scrollY);
  if (height === told) return;
  told = height;
  // To any page: it is no secret, and a sandboxed one has no origin to name.
  parent.postMessage({ mesure23: "hauteur", hauteur: height }, "*");
}

if (parent !== window) {
  const observer = new ResizeObserver(tell);
  for (const part of document.body.children) observer.observe(part);
}
