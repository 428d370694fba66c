// Maps of the desk: loaded where an actor may be placed on one, or several are shown.
import "../map/leaflet.js";
import { showPins } from "../pins.js";
import { placePoint } from "../point-map.js";
import { followPoints } from "../points.js";

placePoint(document);
followPoints(document, showPins(document));
