// The button under the zoom, which shows again what the map showed first.

/** Add it to the controls of a map; bounds: as Leaflet takes them. */
export function offerRecenter(map, bounds) {
  const show = () => map.fitBounds(bounds, { animate: false });
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "leaflet-bar");
    const button = L.DomUtil.create("button", "map-area__recenter", box);
    button.type = "button";
    button.title = "Recentrer la carte";
    button.setAttribute("aria-label", button.title);
    L.DomEvent.disableClickPropagation(box);
    button.addEventListener("click", () => {
      // The end of a zoom that is under way would take the map where that one was to lead.
      const zooming = map.getPane("mapPane").classList.contains("leaflet-zoom-anim");
      if (zooming) map.once("zoomend", show);
      else show();
    });
    return box;
  };
  control.addTo(map);
}
