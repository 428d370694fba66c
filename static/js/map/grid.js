// The grid of positions: nothing finer leaves the device. Its numbers come with the page.

/** Return a position on the grid, as addresses write it: "48.935,2.355". */
export function positionCode(lat, lon, { step, decimals }) {
  // Zero is added because -0 would be written "-0.000".
  const onGrid = (degrees) => (Math.round(degrees / step) * step + 0).toFixed(decimals);
  return `${onGrid(lat)},${onGrid(lon)}`;
}
