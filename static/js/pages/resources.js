// The script of a resource.
import "../copy.js";
