"""Where a word stood that hides an actor is said by the name that staff know."""

from app.records.hidden import FIELDS
from importers.accommodation import SAID


def test_each_field_whose_words_hide_has_a_name() -> None:
    assert set(SAID) <= FIELDS.keys()
