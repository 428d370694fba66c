"""What the directory gives out, in whatever type it says so, and what comes twice in it."""

import io
from datetime import date
from typing import Any

import pytest

from geo.gazetteer import Gazetteer
from importers.registers import directory
from importers.registers.edition import Edition
from tests.directories import as_json, service


def read(gazetteer: Gazetteer, *services: dict[str, Any]) -> Edition:
    data = io.BytesIO(as_json(services))
    return directory.read(data, "a.json", gazetteer, date(2026, 11, 24))


def names(edition: Edition) -> list[str]:
    column = edition.columns.index("nom")
    return [line[column] for lines in edition.lines.values() for line in lines]


@pytest.mark.parametrize("said", ["false", "False", "non", "0", False, 0])
def test_what_is_not_given_out_is_no_line(gazetteer: Gazetteer, said: Any) -> None:
    edition = read(gazetteer, service(1), service(2, statut_de_diffusion=said))
    assert names(edition) == ["Brigade d’exemple 1"]
    assert edition.left_out == {"non diffusés": 1}


@pytest.mark.parametrize("said", ["true", " True ", True, "", None])
def test_what_is_given_out_is_a_line(gazetteer: Gazetteer, said: Any) -> None:
    assert names(read(gazetteer, service(1, statut_de_diffusion=said))) == ["Brigade d’exemple 1"]


def test_a_service_that_comes_twice_is_one_and_another_of_its_id_is_not(
    gazetteer: Gazetteer,
) -> None:
    home = service(1, nom="Foyer d’exemple")
    edition = read(gazetteer, service(1), home, service(1))
    assert edition.left_out == {"en double": 1}
    assert names(edition) == ["Brigade d’exemple 1", "Foyer d’exemple"]
