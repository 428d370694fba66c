import "../builder.js";
import "../copy.js";
import "../place-box.js";
