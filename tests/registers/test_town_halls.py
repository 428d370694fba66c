"""Town halls of the directory: they place communes that no other source does."""

import io
from datetime import date
from typing import Any

from geo.gazetteer import Gazetteer
from geo.territories import Commune, Territory
from importers.registers import directory
from tests.directories import as_json, place, service

BOBIGNY = Commune("93008", "Bobigny", "93", ("93000",), None, 2.4450, 48.9061)


def test_a_town_hall_says_where_a_commune_without_a_point_is() -> None:
    communes = [BOBIGNY, Commune("93001", "Aubervilliers", "93", ("93300",), None, None, None)]
    unplaced = Gazetteer([Territory("93", "S", "departement", "1", "R")], communes, [])

    def halls(*entries: Any) -> Any:
        data = io.BytesIO(as_json(list(entries)))
        return directory.read(data, "a.json", unplaced, date(2026, 11, 24)).town_halls

    def hall(number: int, codes: Any, **where: Any) -> Any:
        return service(number, pivot=("mairie", codes), adresse=[place(**where)])

    here, there = {"longitude": "2.38", "latitude": "48.91"}, {"longitude": "0", "latitude": "0"}
    other = service(9)
    assert halls(hall(1, ["93001"], **here), other) == {"93001": (2.38, 48.91)}
    # Its own points stand, and what is no place near the territory is a slip.
    assert halls(hall(1, ["93008"], **here), other) == {}
    nan, word = {"longitude": "nan", "latitude": "48"}, {"longitude": "x", "latitude": "1"}
    endless = {"longitude": "1e999", "latitude": "48"}, {"longitude": "2", "latitude": "-inf"}
    bad = (there, nan, word, *endless)
    wrong = [hall(n, ["93001"], **each) for n, each in enumerate(bad)]
    assert halls(*wrong, hall(17, [["93001"]], **here), *[other] * 9) == {}
