"""Spans of days and times become hours that the importer takes as they are, or none."""

import pytest

from importers.hours import read_hours
from importers.registers.weekly import Opening, weekly

ALWAYS = {"Mo-Su 00:00-24:00": "24/7"}


@pytest.mark.parametrize(
    ("openings", "expected"),
    [
        ([], ""),
        ([Opening("Lundi", "Vendredi", (("08:00:00", "18:00:00"),))], "Mo-Fr 08:00-18:00"),
        (
            [
                Opening(
                    "Lundi",
                    "Mercredi",
                    (
                        ("08:00:00", "12:00:00"),
                        ("14:00:00", "18:00:00"),
                    ),
                ),
                Opening("Jeudi", "Jeudi", (("08:00:00", "12:00:00"),)),
                Opening("samedi", "", (("09:00:00", "12:00:00"),)),
            ],
            "Mo-We 08:00-12:00,14:00-18:00; Th 08:00-12:00; Sa 09:00-12:00",
        ),
        # A second rule for a day adds to the first; in OSM's syntax it would replace it.
        (
            [
                Opening("Lundi", "Mardi", (("14:00:00", "18:00:00"),)),
                Opening("Lundi", "Lundi", (("08:00:00", "12:00:00"),)),
            ],
            "Mo 08:00-12:00,14:00-18:00; Tu 14:00-18:00",
        ),
        ([Opening("Lundi", "Dimanche", (("00:00:00", "23:59:00"),))], "Mo-Su 00:00-24:00"),
        (
            [Opening("Dimanche", "Lundi", (("08:00:00", "09:00:00"),))],
            "Mo 08:00-09:00; Su 08:00-09:00",
        ),
        (
            [Opening("Lundi", "Lundi", (("08:00:00", "09:00:00"),), "Sur rendez-vous")],
            'Mo 08:00-09:00 "sur rendez-vous"',
        ),
        ([Opening("Lundi", "Lundi", (("08:00:00", "09:00:00"),), "Semaines paires")], ""),
        ([Opening("Lundi", "Lundi", (("18:00:00", "09:00:00"),))], ""),
        ([Opening("Lundi", "Lundi", (("08:00:00", ""),))], ""),
        ([Opening("Lundi", "Lundi", (("08:00:00", "29:00:00"),))], ""),
        (
            [
                Opening(
                    "Lundi",
                    "Lundi",
                    (
                        ("08:00:00", "12:00:00"),
                        ("11:00:00", "13:00:00"),
                    ),
                )
            ],
            "",
        ),
        ([Opening("Férié", "Férié", (("08:00:00", "12:00:00"),))], ""),
    ],
)
def test_hours_are_those_of_openstreetmap_or_none(openings: list[Opening], expected: str) -> None:
    assert weekly(openings) == expected
    if expected:
        assert read_hours(expected) == (ALWAYS.get(expected, expected), None)
