"""A bounding box on the globe."""

# south, west, north, east in degrees, EPSG:4326.
Bounds = tuple[float, float, float, float]

FRANCE: Bounds = (41.3, -5.2, 51.1, 9.6)
