// List and map point at each other: the card under the pointer, or with the focus, raises its marker,
// and back.

const RAISED = "is-highlighted";
const CHOSEN = "is-selected";

const cardOf = (id) => document.getElementById(`acteur-${id}`);

export function tieToList(actors) {
  const { group } = actors;
  let raised = null;

  function lower() {
    raised?.getElement()?.classList.remove(RAISED);
    raised?.setZIndexOffset(0);
    raised = null;
  }

  function raise(id) {
    const marker = actors.markerOf(id);
    const visible = marker && group.getVisibleParent(marker);
    if (visible === raised) return;
    lower();
    raised = visible ?? null;
    raised?.getElement()?.classList.add(RAISED);
    raised?.setZIndexOffset(1000);
  }

  const entered = (event) => {
    const card = event.target.closest?.(".results .card");
    if (card) raise(card.dataset.actor);
    else if (raised) lower();
  };
  document.addEventListener("pointerover", entered);
  document.addEventListener("focusin", entered);

  let lifted = null;
  const lift = (id) => {
    lifted?.classList.remove(RAISED);
    lifted = cardOf(id);
    lifted?.classList.add(RAISED);
  };
  group.on("mouseover", ({ layer }) => lift(layer.actor?.id));
  group.on("mouseout", () => lift(null));
  // Leaflet tells of no focus.
  const container = actors.map.getContainer();
  container.addEventListener("focusin", ({ target }) => {
    lift([...actors.markers.values()].find((each) => each.getElement() === target)?.actor?.id);
  });
  container.addEventListener("focusout", () => lift(null));

  actors.choose = (id) => {
    for (const card of document.querySelectorAll(`.card.${CHOSEN}`)) card.classList.remove(CHOSEN);
    const card = id && cardOf(id);
    if (!card) return;
    card.classList.add(CHOSEN);
    const box = card.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight) card.scrollIntoView({ block: "center" });
  };
}
