// The script of every map, which Folium's own calls.
import "leaflet/dist/leaflet.js";
import "leaflet.markercluster/dist/leaflet.markercluster.js";
import "../map.js";
