// The script of a search: everything but its map, which comes after it and asks htmx for lists too.
import htmx from "htmx.org";
import "../copy.js";
import "../explorer.js";
import "../folds.js";
import "../place-box.js";

window.htmx = htmx;
// By itself htmx takes its settings and hears presses once all scripts have come, Leaflet too.
Object.assign(htmx.config, JSON.parse(document.querySelector("meta[name=htmx-config]").content));
htmx.process(document.body);
// Nor does it follow a way back before that.
window.onpopstate = ({ state }) => {
  if (state?.htmx) location.reload();
};
