"""Ages of a list: in a column of theirs, and among the words of an audience."""

import pytest

from importers.ages import ages_among, read_age, read_ages
from importers.terms import codes_in
from tests.importers.conftest import Read


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("13-21 ans", (13, 21)),
        ("de 6 à 17 ans", (6, 17)),
        ("0-3", (0, 3)),
        ("moins de 18 ans", (None, 17)),
        ("jusqu'à 21 ans", (None, 21)),
        ("à partir de 15 ans", (15, None)),
        ("16 ans et plus", (16, None)),
        ("12/21", (12, 21)),
        ("11-18 ans, 7j/7", (11, 18)),
        ("12-18, 18-25", (12, 25)),
        ("12/18 / 18/25 ans", (12, 25)),
        ("- de 18 ans", (None, 17)),
        ("18 ans et +", (18, None)),
    ],
)
def test_ages_are_read(text: str, ages: tuple[int | None, int | None]) -> None:
    assert read_ages(text) == (*ages, None)


def test_odd_ages_are_reported() -> None:
    assert read_age("18.0") == (18, None)
    assert read_age("dix-huit")[1]
    assert read_ages("tous")[2]
    assert read_ages("21-13")[2]


@pytest.mark.parametrize(
    "text",
    [
        *("24/24", "7/7", "24h/24", "7j/7", "01/12/2021", "24/7"),
        *("du 3/10 au 15/12", "ouvert du 05/10 au 3/12", "jusqu'au 4/11"),
    ],
)
def test_hours_and_days_are_no_ages(text: str) -> None:
    assert read_ages(text)[2]
    assert ages_among(text) == (None, None)


@pytest.mark.parametrize(
    ("text", "ages", "codes", "unknown"),
    [
        ("filles 12/21", (12, 21), ["filles"], []),
        ("filles 12/21 ans", (12, 21), ["filles"], []),
        ("Filles (12 - 21 ans)", (12, 21), ["filles"], []),
        ("12/21", (12, 21), [], []),
        ("de 12 à 21 ans", (12, 21), [], []),
        ("filles 12/21 ; parents", (12, 21), ["filles", "parents"], []),
        ("ados 11/15, jeunes majeurs 18/25 ans", (11, 25), ["mineurs", "jeunes_majeurs"], []),
        ("18/25", (18, 25), ["jeunes_majeurs"], []),
        ("2/3 filles", (None, None), ["filles"], ["2"]),
        ("parents, 7j/7 24h/24", (None, None), ["parents"], ["7j", "7 24h", "24"]),
        ("mineurs depuis le 01/12/2021", (None, None), ["mineurs"], ["12", "2021"]),
        ("mineurs 9h/17h", (None, None), ["mineurs"], ["17h"]),
        ("mineurs, 01-48-95-12-14", (None, None), ["mineurs"], ["01-48-95-12-14"]),
        ("mineurs, 2026-11-24", (None, None), ["mineurs"], ["2026-11-24"]),
        ("filles - 12/21", (12, 21), ["filles"], []),
        ("filles 12/21 du 3/10 au 15/12", (12, 21), ["filles"], ["10 au 15", "12"]),
        ("0-18", (0, 18), [], []),
        ("0‑18 ans", (0, 18), [], []),
        ("0/18", (0, 18), [], []),
        ("mineurs (0-17)", (0, 17), ["mineurs"], []),
        ("3-6", (3, 6), [], []),
        ("15 à 25", (15, 25), [], []),
        ("filles de 15 à 25", (15, 25), ["filles"], []),
        ("entre 12 et 21", (12, 21), [], []),
        ("18-65 ans", (18, 65), [], []),
        ("12-18, 18-25", (12, 25), ["jeunes_majeurs"], []),
        ("16-17 , 18-21", (16, 21), ["jeunes_majeurs"], []),
        ("12-18 ; 18 ans et +", (12, None), [], []),
        ("moins de 18 ans", (None, 17), ["mineurs"], []),
        ("moins de 18", (None, 17), ["mineurs"], []),
        ("- 18 ans", (None, 17), ["mineurs"], []),
        ("jusqu’à 21 ans", (None, 21), [], []),
        ("parents, à partir de 15 ans", (15, None), ["parents"], []),
        ("18+", (18, None), [], []),
        ("jeunes âgés de 15 à 25 ans", (15, 25), [], ["jeunes"]),
        ("majeurs", (None, None), ["jeunes_majeurs"], []),
        ("15 à 25 places", (None, None), [], ["15 à 25 places"]),
        ("groupes de 15 à 25", (None, None), [], ["groupes de 15 à 25"]),
        ("20-30 personnes", (None, None), [], ["20-30 personnes"]),
        ("lundi 9-17", (None, None), [], ["lundi 9-17"]),
        ("parents - 18 mois", (None, None), ["parents"], ["18 mois"]),
        ("2,5-6 ans", (None, None), [], ["2"]),
    ],
)
def test_ages_among_audiences_are_ages_and_no_word(
    text: str, ages: tuple[int | None, int | None], codes: list[str], unknown: list[str]
) -> None:
    assert ages_among(text) == ages
    assert codes_in("audiences", text) == (codes, unknown)


def test_ages_among_audiences_are_those_of_the_actor_unless_a_column_says_them(read: Read) -> None:
    titles = "Nom;Type;Commune;Public;Âges\n"
    lines = "A;CRIP;Bobigny;filles 12/21;\nB;CRIP;Bobigny;filles 12/21;13-17 ans\n"
    rows = read(titles + lines).rows
    assert [(row.age_min, row.age_max) for row in rows] == [(12, 21), (13, 17)]
    assert [row.audiences for row in rows] == [("filles",), ("filles",)]
