// The map of who is competent, which Folium's script calls.
import "../map/leaflet.js";
import "../competence.js";
