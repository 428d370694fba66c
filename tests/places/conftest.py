"""A geocoder that a test makes answer, and remembers what it was asked."""

from collections.abc import Callable

import pytest

from geo.answers import Answer, Query

# A number of the rue de la République, in Saint-Denis.
LON, LAT = 2.3561, 48.9362


class Asked(list[Query]):
    """What the geocoder was asked; it answers the number asked for, as `change` changes it."""

    change: Callable[[Answer], Answer | None] = staticmethod(lambda answer: answer)

    def __call__(self, query: Query) -> Answer | None:
        """Answer like the Géoplateforme would, for a way that it knows by the name asked."""
        self.append(query)
        number, _, way = (query.street or "").partition(" ")
        return self.change(
            Answer(
                label=f"{query.street} {query.city}",
                score=0.9,
                type="housenumber",
                citycode=query.citycode or "93066",
                postcode="93200",
                city=query.city or "",
                name=way,
                housenumber=number,
                lon=LON,
                lat=LAT,
            )
        )


@pytest.fixture
def geocoder() -> Asked:
    """A geocoder that finds every address at one point of Saint-Denis."""
    return Asked()
