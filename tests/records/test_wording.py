"""What records say in words: every field has a name, and every value one can read."""

from datetime import date

import pytest

from app.records.record import ActorRecord
from app.records.wording import BESIDE, FIELDS, LEVELS, lines, said, town_beside


def test_every_field_of_a_record_has_a_name() -> None:
    assert set(FIELDS) == set(ActorRecord.model_fields) - {"version"}
    assert set(LEVELS.values()) >= {"fiche neutre"}
    assert not set(BESIDE) & set(FIELDS)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phones", ["+33143939393", "119"], "01 43 93 93 93, 119"),
        ("unpublished", ("+33143939393", "a@example.org"), "01 43 93 93 93, a@example.org"),
        ("verified_on", "2026-01-31", "31/01/2026"),
        ("verified_on", date(2026, 1, 31), "31/01/2026"),
        ("category", "no such", "no such"),
        ("functions", ["ecoute", "no such"], "Écoute, no such"),
        ("opening_hours", "Mo-Fr 09:00-12:00", "Du lundi au vendredi : 9\u00a0h \u2013 12\u00a0h"),
        ("access", "partly", "en partie"),
        ("age_min", 0, "0"),
        ("covers_national", False, ""),
        ("level", "held", "adresse cachée"),
    ],
)
def test_a_value_is_said_in_words(field: str, value: object, words: str) -> None:
    assert said(field, value) == words


def test_what_is_not_known_is_not_listed() -> None:
    record = ActorRecord(name="CRIP d’exemple", category="crip", territory="93")
    assert set(lines(record)) == {"name", "category", "status", "territory"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("2 rue Haute\n93800 EPINAY SUR SEINE", ""),
        ("2 rue Haute\n93800 Épinay-sur-Seine", ""),
        ("2 rue Haute", "Épinay-sur-Seine"),
        ("", "Épinay-sur-Seine"),
    ],
)
def test_a_town_is_said_beside_an_address_that_does_not_name_it(address: str, said: str) -> None:
    assert town_beside(address, "Épinay-sur-Seine") == said
    assert town_beside(address, "") == ""
