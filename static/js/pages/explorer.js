// The script of a search: everything but its map.
import "htmx.org";
import "../copy.js";
import "../explorer.js";
import "../folds.js";
import "../place-box.js";
