// The quick exit, by itself: it runs before all else, whatever else fails.
import "../exit.js";
