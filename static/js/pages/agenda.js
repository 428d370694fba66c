// The map of the agenda: a numbered pin for each commune, which leads to its events, and back.
import "../map/leaflet.js";
import { showPins } from "../pins.js";

showPins(document);
