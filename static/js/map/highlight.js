// List and map point at each other: the card under the pointer or the focus highlights its marker,
// and a marker its card.

const HIGHLIGHTED = "is-highlighted";
const SELECTED = "is-selected";

const cardOf = (id) => document.getElementById(`acteur-${id}`);

export function linkToList(actors) {
  linkCardsToMarkers(actors);
  linkMarkersToCards(actors);
  actors.select = selectCard;
}

function linkCardsToMarkers(actors) {
  const { layer } = actors;
  let highlighted = null;

  function clear() {
    highlighted?.getElement()?.classList.remove(HIGHLIGHTED);
    highlighted?.setZIndexOffset(0);
    highlighted = null;
  }

  function highlight(id) {
    const marker = actors.markerOf(id);
    // The marker itself, or the cluster that it is in at this zoom.
    const visible = marker && layer.getVisibleParent(marker);
    if (visible === highlighted) return;
    clear();
    highlighted = visible ?? null;
    highlighted?.getElement()?.classList.add(HIGHLIGHTED);
    highlighted?.setZIndexOffset(1000);
  }

  const entered = (event) => {
    const card = event.target.closest?.(".results .card");
    if (card) highlight(card.dataset.actor);
    else if (highlighted) clear();
  };
  document.addEventListener("pointerover", entered);
  document.addEventListener("focusin", entered);
}

function linkMarkersToCards(actors) {
  const { layer } = actors;
  let highlighted = null;

  const highlight = (id) => {
    highlighted?.classList.remove(HIGHLIGHTED);
    highlighted = cardOf(id);
    highlighted?.classList.add(HIGHLIGHTED);
  };
  layer.on("mouseover", ({ layer: marker }) => highlight(marker.actor?.id));
  layer.on("mouseout", () => highlight(null));
  // Leaflet has no event for the focus of a marker.
  const container = actors.map.getContainer();
  container.addEventListener("focusin", ({ target }) => {
    const focused = [...actors.markers.values()].find((marker) => marker.getElement() === target);
    highlight(focused?.actor?.id);
  });
  container.addEventListener("focusout", () => highlight(null));
}

/** Mark the card of an actor, and scroll to it if it is out of sight; null: mark none. */
function selectCard(id) {
  for (const card of document.querySelectorAll(`.card.${SELECTED}`))
    card.classList.remove(SELECTED);
  const card = id && cardOf(id);
  if (!card) return;
  card.classList.add(SELECTED);
  const fold = card.closest("details");
  if (fold) fold.open = true;
  const box = card.getBoundingClientRect();
  if (box.top < 0 || box.bottom > innerHeight) card.scrollIntoView({ block: "center" });
}
