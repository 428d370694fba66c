// The map of coverage, which Folium's script calls; loaded where there is one.
import "../map/leaflet.js";
import "../areas.js";
