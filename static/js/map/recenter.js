// The button under the zoom, which shows again what the map showed first.

/** Add it to the controls of a map; bounds: as Leaflet takes them. */
export function offerRecenter(map, bounds) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "leaflet-bar");
    const button = L.DomUtil.create("button", "map-area__recenter", box);
    button.type = "button";
    button.title = "Recentrer la carte";
    button.setAttribute("aria-label", button.title);
    L.DomEvent.disableClickPropagation(box);
    button.addEventListener("click", () => map.fitBounds(bounds, { animate: false }));
    return box;
  };
  control.addTo(map);
}
