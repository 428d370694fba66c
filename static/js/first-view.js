// The end of static/css/first-view.css: what was out of sight is laid out as well, so that nothing
// moves that is scrolled to.

import { whenIdle } from "./map/tasks.js";

// So many cards in one frame.
const STEP = 8;

export async function layOutAll() {
  const cards = [...document.querySelectorAll(".results .card")];
  while (cards.length) {
    await whenIdle();
    for (const card of cards.splice(0, STEP)) card.classList.add("is-whole");
  }
  await whenIdle();
  document.documentElement.dataset.whole = "";
}
