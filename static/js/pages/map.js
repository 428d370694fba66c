// The script of every map, which Folium's own calls.
import "../map/leaflet.js";
import "leaflet.markercluster/src/index.js";
import "../map.js";
