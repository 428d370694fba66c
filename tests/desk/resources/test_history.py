"""The history of a resource, whose notes may name somebody hidden."""

import pytest

from app.audit.actions import Action
from tests.desk.resources.room import NAMES_HOME, Room, sent, words
from tests.resource_contents import document

pytestmark = pytest.mark.slow


def test_notes_that_name_a_home_are_opened_all_at_once_and_read_where_they_stand(
    room: Room,
) -> None:
    writer, other = room.curateur(), room.curateur()
    page = room.written(writer, document(title="Aux notes"))
    for number, note in enumerate((f"Une. {NAMES_HOME}", "Neutre", f"Trois. {NAMES_HOME}"), 1):
        mine = sent(document(title="Aux notes", subtitle=note[:4]), based_on=f"{number}", note=note)
        assert writer.post(f"{page}/modifier", mine).status_code == 303
    shown = other.get(f"{page}/historique")
    assert words(shown).count("Note masquée") == 2
    assert "Des notes nomment un lieu" in words(shown)
    assert "« Neutre »" in words(shown)
    assert "rue Cachée" not in shown.text
    # One button: what it opens is all of them.
    assert shown.text.count(f'action="{page}/ouvrir"') == 1
    opened = other.post(f"{page}/ouvrir", {"depuis": "historique"})
    assert opened.headers["location"] == f"{page}/historique"
    assert room.noted() == Action.RESOURCE_READ
    assert words(other.get(f"{page}/historique")).count("10 rue Cachée") == 2
    assert "Note masquée" not in words(writer.get(f"{page}/historique"))
