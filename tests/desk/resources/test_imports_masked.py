"""What of a catalogue names somebody hidden is read by who sent it alone."""

import json

import pytest

from tests.desk.resources.catalogues import IMPORTS, apply, like, line, planned, send
from tests.desk.resources.room import NAMES_HOME, Room, words


@pytest.mark.slow
def test_of_what_others_wrote_a_plan_shows_nothing_that_names_a_home(room: Room) -> None:
    sender, other = room.curateur(), room.curateur()
    held = room.written(sender, like("Résumé caché").model_copy(update={"summary": NAMES_HOME}))
    page = planned(other, line("Résumé caché", resume="x"), line("Rien", resume=NAMES_HOME))
    own = other.get(page).text
    assert held in own
    assert "ne se lit pas ici" in own
    # Their own file says it to whoever sent it, and to nobody else.
    assert NAMES_HOME in other.get(f"{page}?voir=nouvelles").text
    for part in ("a-decider", "changees", "nouvelles", "inchangees"):
        assert "rue Cachée" not in sender.get(f"{page}?voir={part}").text


def test_who_sent_two_close_lines_reads_that_they_are_whatever_they_name(room: Room) -> None:
    sender, other = room.curateur(), room.curateur()
    page = planned(sender, *(line(f"{each}. {NAMES_HOME}") for each in ("Visite", "Visites")))
    asked = f"{page}?voir=a-decider"
    assert "ne se lit pas ici" not in sender.get(asked).text
    assert words(sender.get(asked)).count("rue Cachée") > 1
    assert "ne se lit pas ici" in other.get(asked).text
    assert "rue Cachée" not in other.get(asked).text


@pytest.mark.slow
def test_nobody_learns_by_a_catalogue_what_a_masked_title_says(room: Room) -> None:
    sender, other = room.curateur(), room.curateur()
    content = like(f"Deviné. {NAMES_HOME}").model_copy(update={"url": "https://exemple.fr/devine"})
    held = room.written(sender, content)
    guesses = (line(content.title), line("Autre deviné", url="https://exemple.fr/devine"))
    page = planned(other, *guesses)
    shown = other.get(page).text
    assert held not in shown
    assert "masqué" not in shown
    assert "À décider" not in words(other.get(page))
    assert words(other.get(page)).count("ligne ") >= 2
    apply(room, other, page)
    assert "2 ressources écrites" in words(other.get(page))
    # Whoever wrote it knows what it says.
    assert held in sender.get(f"{planned(sender, *guesses)}?voir=a-decider").text


@pytest.mark.parametrize("name", [f"{NAMES_HOME}json", "liste_10-rue-cachee-bobigny.json"])
def test_the_name_of_a_file_that_names_a_home_is_read_by_who_sent_it_alone(
    room: Room, name: str
) -> None:
    sender, other = room.curateur(), room.curateur()
    data = json.dumps([line(f"Du fichier {name[:5]}", **{"10 rue Cachée, Bobigny": "x"})]).encode()
    page = send(sender, data, name).headers["location"].partition("?")[0]
    for path in (IMPORTS, page):
        assert name in words(sender.get(path))
        shown = other.get(path).text
        assert name not in shown
        assert "rue Cachée" not in shown
        assert "Nom de fichier masqué" in shown
