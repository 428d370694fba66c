// Names of towns on a canvas of their own: the larger ones first, none over another, and none under a
// mark of an actor, which stands where its town is named.

import { inSlices } from "./tasks.js";

// Free pixels around a name, across and down.
const SPACE = [20, 12];
// Half of what is seen of a mark: the ring of a cluster, the circle of a place, a shape.
const HALVES = [
  ["cluster", 24],
  ["search-center", 20],
  ["", 13],
];
// Half the height of a name, and how far its middle stands from a mark above or below.
const HALF = 8;
const REACH = HALF + 2;
// Up to a zoom: a town is named from so many inhabitants on, or among so many first of its territory.
const NAMED = [
  [5, 100_000, 0],
  [6, 60_000, 1],
  [8, 50_000, 1],
  [9, 8_000, 4],
  [10, 4_000, 8],
  [11, 700, 20],
  [Number.POSITIVE_INFINITY, 0, 0],
];
// From so many inhabitants on, a name is written so large.
const SIZES = [
  [200_000, "600 15px"],
  [40_000, "600 13px"],
  [0, "500 12px"],
];
const HALO = 3.5;
// What lies over the map and does not move with it.
const CONTROLS = ".leaflet-control, .legend, .map-area__ground, .map-area__search";
const TOGETHER_MS = 50;

export const Names = L.Layer.extend({
  initialize(options) {
    L.setOptions(this, options);
    this.towns = [];
  },

  onAdd() {
    this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", this.getPane());
  },

  onRemove() {
    clearTimeout(this.waiting);
    this.canvas.remove();
  },

  getEvents() {
    const { clear, draw, drawSoon } = this;
    return { resize: draw, zoom: clear, viewprereset: clear, marks: drawSoon, controls: drawSoon };
  },

  /** Show no name where an older zoom had it: each move ends with a drawing. */
  clear() {
    this.drawing = null;
    this.canvas.width = 0;
  },

  /** Show the towns of these territories: {isOwn, towns: [[name, longitude, latitude, inhabitants]]},
   *  the largest of each first. isOwn: of what the page is about, unless it is about all. */
  show(territories) {
    const zoom = this._map.getZoom();
    const [, least, first] = NAMED.find(([most]) => zoom <= most);
    this.towns = territories
      .flatMap(({ isOwn, towns }) =>
        towns
          .filter(([, , , inhabitants], rank) => inhabitants >= least || rank < first)
          .map((town) => [...town, isOwn]),
      )
      .sort((one, other) => other[4] - one[4] || other[3] - one[3]);
    this.drawSoon();
  },

  /** Draw in a task of its own: files come one after the other, and marks after a zoom. */
  drawSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.draw(), TOGETHER_MS);
  },

  /** Find room in tasks of some milliseconds, then draw in one. */
  async draw() {
    if (!this._map) return;
    const drawing = Symbol("drawing");
    this.drawing = drawing;
    const size = this._map.getSize();
    const margin = size.multiplyBy(this.options.margin).round();
    const origin = this._map.containerPointToLayerPoint(margin.multiplyBy(-1));
    const full = size.add(margin.multiplyBy(2));
    const style = getComputedStyle(this._map.getContainer());
    const controls = this.controls(margin);
    const placed = [];
    const place = this.placer(placed, full, origin, style.fontFamily, controls);
    const isCurrent = () => this._map && this.drawing === drawing;
    if (!(await inSlices(this.towns, (part) => part.forEach(place), isCurrent))) return;
    const ratio = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: full.x * ratio, height: full.y * ratio });
    Object.assign(this.canvas.style, { width: `${full.x}px`, height: `${full.y}px` });
    L.DomUtil.setPosition(this.canvas, origin);
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    const colour = (name) => style.getPropertyValue(`--map-${name}`).trim();
    Object.assign(context, {
      strokeStyle: colour("land"),
      lineWidth: HALO,
      lineJoin: "round",
      textAlign: "center",
      textBaseline: "middle",
    });
    for (const { x, y, name, font, isOwn } of placed) {
      context.font = font;
      context.fillStyle = colour(isOwn ? "name" : "name-elsewhere");
      context.strokeText(name, x, y);
      context.fillText(name, x, y);
    }
  },

  /** Return what adds the name of a town to those placed, in pixels of the canvas, if it has room. */
  placer(placed, full, origin, family, controls) {
    const [spaceX, spaceY] = SPACE;
    const ruler = document.createElement("canvas").getContext("2d");
    const marks = this.marks(origin);
    const edges = [this._map.getSize(), full].map(({ x, y }) => ({
      x: full.x / 2,
      y: full.y / 2,
      halfX: x / 2,
      halfY: y / 2,
    }));
    return ([name, lon, lat, inhabitants, isOwn]) => {
      const { x, y } = this._map.latLngToLayerPoint([lat, lon]).subtract(origin);
      if (x < 0 || y < 0 || x > full.x || y > full.y) return;
      // Cheaper than to measure a name that has no room in any case.
      if (meets({ x, y, halfX: 0, halfY: 0 }, placed, SPACE)) return;
      const font = `${SIZES.find(([least]) => inhabitants >= least)[1]} ${family}`;
      ruler.font = font;
      const halfX = ruler.measureText(name).width / 2;
      const box = { x, y, halfX, halfY: HALF };
      const spot = spots(box, marks).find(
        (each) =>
          !meets(each, placed, [spaceX, spaceY - HALF]) &&
          !meets(each, controls) &&
          !isCut(each, edges),
      );
      if (spot) placed.push({ ...spot, name, font, isOwn });
    };
  },

  /** Return what would cover a name as boxes, in pixels of the canvas; margin: how far its corner lies
   *  beyond that of the map. */
  controls(margin) {
    const container = this._map.getContainer();
    const corner = container.getBoundingClientRect();
    const controls = (container.closest(".map-area") ?? container).querySelectorAll(CONTROLS);
    return [...controls].map((each) => {
      const { x, y, width, height } = each.getBoundingClientRect();
      const [halfX, halfY] = [width / 2, height / 2];
      return {
        x: x - corner.x + margin.x + halfX,
        y: y - corner.y + margin.y + halfY,
        halfX,
        halfY,
      };
    });
  },

  /** Return the marks on the map as boxes, in pixels of the canvas. */
  marks(origin) {
    return [...this._map.getPane("markerPane").children].map((icon) => {
      const { x, y } = L.DomUtil.getPosition(icon).subtract(origin);
      const [, half] = HALVES.find(([name]) => !name || icon.classList.contains(name));
      return { x, y, halfX: half, halfY: half };
    });
  },
});

/** Return whether a box meets one of several, with so much space between them. */
function meets(box, several, [spaceX, spaceY] = [0, 0]) {
  return several.some(
    (each) =>
      Math.abs(each.x - box.x) < each.halfX + box.halfX + spaceX &&
      Math.abs(each.y - box.y) < each.halfY + box.halfY + spaceY,
  );
}

/** Return whether the edge of one of these boxes, that of the map or of its canvas, cuts another. */
function isCut(box, edges) {
  return edges.some(
    (edge) =>
      meets(box, [edge]) &&
      (Math.abs(edge.x - box.x) + box.halfX > edge.halfX ||
        Math.abs(edge.y - box.y) + box.halfY > edge.halfY),
  );
}

/** Return where a name can stand for these marks, best first: on its town, else below or above those
 *  that stand there. Beside any other it would name what is not its town. */
function spots(box, marks) {
  const covering = marks.filter((mark) => meets({ ...box, halfX: 0 }, [mark]));
  return [box.y, ...covering.flatMap(({ y, halfY }) => [y + halfY + REACH, y - halfY - REACH])]
    .sort((one, other) => Math.abs(one - box.y) - Math.abs(other - box.y))
    .map((y) => ({ ...box, y }))
    .filter((each) => !meets(each, marks));
}
