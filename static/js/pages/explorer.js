// The script of a search: everything but its map, which asks htmx for lists too.
import htmx from "htmx.org";
import "../copy.js";
import "../explorer.js";
import "../folds.js";
import "../place-box.js";

window.htmx = htmx;
