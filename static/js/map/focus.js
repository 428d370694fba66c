// Markers come and go with each zoom and each answer of the server. The one that has the focus takes
// it along, and the keyboard would begin again at the top of the page.

/** Give the focus to the map when the marker that has it is removed. */
export function keepFocus(map) {
  const container = map.getContainer();
  const pane = map.getPane("markerPane");
  let focused = null;
  pane.addEventListener("focusin", ({ target }) => {
    focused = target.closest(".leaflet-marker-icon");
  });
  pane.addEventListener("focusout", ({ target }) => {
    // Some browsers say so of a marker that is being removed too: the observer looks before this.
    setTimeout(() => {
      if (focused === target && document.activeElement !== target) focused = null;
    });
  });
  new MutationObserver(() => {
    if (!focused || focused.isConnected) return;
    focused = null;
    // Whoever has gone elsewhere meanwhile stays there.
    if (document.activeElement === document.body) container.focus({ preventScroll: true });
  }).observe(pane, { childList: true });
}
