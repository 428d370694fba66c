// The grid of positions: nothing finer leaves the device. Its numbers come with the page.

/** Return degrees as addresses write them. Zero is added because -0 would be written "-0.000". */
export const written = (degrees, { decimals }) => (degrees + 0).toFixed(decimals);

/** Return a position on the grid, as addresses write it: "48.935,2.355". */
export function positionCode(lat, lon, grid) {
  const onGrid = (degrees) => written(Math.round(degrees / grid.step) * grid.step, grid);
  return `${onGrid(lat)},${onGrid(lon)}`;
}

/** Return what a map shows, rounded outwards: "2.250,48.800,2.450,48.900", west first; "" where
 *  that is half of the world or more. bounds: those of Leaflet. */
export function extentCode(bounds, grid) {
  // A map that was moved around the globe is elsewhere by whole turns.
  const turns = 360 * Math.floor((bounds.getCenter().lng + 180) / 360);
  const within = (degrees, most) => Math.max(-most, Math.min(most, degrees));
  const [west, east] = [bounds.getWest(), bounds.getEast()].map((lon) => within(lon - turns, 180));
  const [south, north] = [bounds.getSouth(), bounds.getNorth()].map((lat) => within(lat, 90));
  if (east - west > 180) return "";
  const corners = [
    Math.floor(west / grid.step),
    Math.floor(south / grid.step),
    Math.ceil(east / grid.step),
    Math.ceil(north / grid.step),
  ];
  return corners.map((steps) => written(steps * grid.step, grid)).join();
}
