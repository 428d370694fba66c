// Names of towns on a canvas of their own: the larger ones first, and none over another.

// Free pixels around a name, across and down.
const SPACE = [20, 12];
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
    return { resize: this.draw, zoom: this.clear, viewprereset: this.clear };
  },

  /** Show no name where an older zoom had it: each move ends with a drawing. */
  clear() {
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
    // Files come one after the other: the names of all are drawn together, in a task of their own.
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.draw(), TOGETHER_MS);
  },

  draw() {
    if (!this._map) return;
    const size = this._map.getSize();
    const margin = size.multiplyBy(this.options.margin).round();
    const origin = this._map.containerPointToLayerPoint(margin.multiplyBy(-1));
    const full = size.add(margin.multiplyBy(2));
    const ratio = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: full.x * ratio, height: full.y * ratio });
    Object.assign(this.canvas.style, { width: `${full.x}px`, height: `${full.y}px` });
    L.DomUtil.setPosition(this.canvas, origin);
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    const style = getComputedStyle(this._map.getContainer());
    const family = style.fontFamily;
    const colour = (name) => style.getPropertyValue(`--map-${name}`).trim();
    Object.assign(context, {
      strokeStyle: colour("land"),
      lineWidth: HALO,
      lineJoin: "round",
      textAlign: "center",
      textBaseline: "middle",
    });
    for (const { x, y, name, font, isOwn } of this.placed(context, full, origin, family)) {
      context.font = font;
      context.fillStyle = colour(isOwn ? "name" : "name-elsewhere");
      context.strokeText(name, x, y);
      context.fillText(name, x, y);
    }
  },

  /** Return the names that have room, and where: pixels of the canvas. */
  placed(context, full, origin, family) {
    const [spaceX, spaceY] = SPACE;
    const placed = [];
    for (const [name, lon, lat, inhabitants, isOwn] of this.towns) {
      const { x, y } = this._map.latLngToLayerPoint([lat, lon]).subtract(origin);
      if (x < 0 || y < 0 || x > full.x || y > full.y) continue;
      // Cheaper than to measure a name that has no room in any case.
      const meets = (box, halfX) =>
        Math.abs(box.x - x) < box.halfX + halfX && Math.abs(box.y - y) < box.halfY + spaceY;
      if (placed.some((box) => meets(box, spaceX))) continue;
      const font = `${SIZES.find(([least]) => inhabitants >= least)[1]} ${family}`;
      context.font = font;
      const halfX = context.measureText(name).width / 2 + spaceX;
      if (placed.some((box) => meets(box, halfX))) continue;
      placed.push({ x, y, name, font, isOwn, halfX: halfX - spaceX, halfY: 8 });
    }
    return placed;
  },
});
