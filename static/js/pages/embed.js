// The script of what stands in a frame: everything but its map.
import "../embed.js";
