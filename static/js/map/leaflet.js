// Leaflet as modules, which a browser reads once: wrapped as it is published it would be read twice.
// What Folium and markercluster call is the global that it has always been.

import "./no-vml.js";
import * as L from "leaflet/dist/leaflet-src.esm.js";

delete document.namespaces;
window.L = { ...L };
