// The map of a form: loaded where an actor may be placed on one.
import "../map/leaflet.js";
import { placePoint } from "../point-map.js";

placePoint(document);
