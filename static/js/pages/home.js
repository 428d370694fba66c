import "../home.js";
import "../place-box.js";
