"""A known line that takes the name of a hidden place waits for a person, as a new one does."""

import pytest

from app.lists.summary import Summary
from app.platform.database.sessions import write
from app.records import acts
from app.records.edits import correct
from app.records.joining import part
from app.records.record import Origin
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.lists.test_namesakes import public
from tests.lists.test_same_actor import Line, line, proposed, published, table
from tests.short_lists import ids, run

pytestmark = pytest.mark.slow

HOME = line("Les Embruns", "9 rue Dune", Réf="1", Catégorie="MECS")
FORMER = line("Antenne", "1 rue Haute", Réf="2", Téléphone="01 99 00 00 01")
BESIDE = line("Permanence", "7 rue Tierce", Téléphone="01 99 00 00 01")
NEUTRAL = "Lieu d'accueil – Seine-Saint-Denis"


def sent(runtime: Runtime, *lines: Line, source: str = "une") -> Summary:
    return run(runtime, table(*lines), source=source)


@pytest.mark.parametrize("name", ["Les Embruns", "Association Les Embruns"])
def test_a_known_line_that_takes_the_name_of_a_home_of_another_list_waits(
    runtime: Runtime, name: str
) -> None:
    sent(runtime, HOME, source="foyers")
    sent(runtime, FORMER)
    assert published(runtime) == ["Antenne", NEUTRAL]
    assert sent(runtime, FORMER | {"Nom": name}).doubtful == 1
    assert published(runtime) == [NEUTRAL]
    assert proposed(runtime)[name][1:] == (
        "Les Embruns",
        "le nom d'un lieu caché de la même commune",
    )


@pytest.mark.parametrize("home", [HOME, HOME | {"Téléphone": "01 99 00 00 09"}])
def test_one_that_takes_it_in_the_list_of_the_home_waits(runtime: Runtime, home: Line) -> None:
    sent(runtime, HOME, FORMER)
    assert sent(runtime, home, FORMER | {"Nom": "Les Embruns"}).doubtful == 1
    assert published(runtime) == [NEUTRAL]
    assert list(proposed(runtime)) == ["Les Embruns"]


def test_one_that_takes_it_as_its_list_brings_the_home_waits(runtime: Runtime) -> None:
    sent(runtime, FORMER)
    sent(runtime, FORMER | {"Nom": "Les Embruns"}, HOME)
    assert published(runtime) == [NEUTRAL]
    assert list(proposed(runtime)) == ["Les Embruns"]


def test_one_that_takes_the_whole_name_guards_as_the_home_does(runtime: Runtime) -> None:
    sent(runtime, HOME, source="foyers")
    sent(runtime, FORMER)
    sent(runtime, BESIDE, source="tiers")
    assert ("Permanence", "7 rue Tierce\n93000 Bobigny", ["+33199000001"]) in public(runtime)
    sent(runtime, FORMER | {"Nom": "Les Embruns"})
    assert public(runtime) == [("Permanence", None, []), (None, None, [])]


def test_one_that_takes_the_name_of_a_place_that_asks_not_to_be_published_waits(
    runtime: Runtime,
) -> None:
    hidden = line("Les Embruns", "9 rue Dune", **{"Accord de publication": "non"})
    sent(runtime, hidden, source="foyers")
    sent(runtime, FORMER)
    sent(runtime, FORMER | {"Nom": "Les Embruns"})
    assert "Les Embruns" not in published(runtime)
    assert list(proposed(runtime)) == ["Les Embruns"]


def test_who_was_found_to_be_another_one_is_asked_no_more_under_its_name(
    runtime: Runtime,
) -> None:
    sent(runtime, HOME, source="foyers")
    sent(runtime, FORMER)
    named = FORMER | {"Nom": "Les Embruns"}
    sent(runtime, named)
    proposal, *_ = proposed(runtime)["Les Embruns"]
    with write(runtime.staff) as session:
        part(session, runtime.vault, proposal, who="essai")
    assert published(runtime) == ["Les Embruns", NEUTRAL]
    for lines in ((FORMER,), (named,), (named | {"Courriel": "a@example.org"},)):
        sent(runtime, *lines)
        sent(runtime, HOME | {"Courriel": f"{lines[0]['Nom'][:2]}@example.org"}, source="foyers")
        assert len(published(runtime)) == 2
    assert proposed(runtime) == {}


def test_one_that_takes_it_where_a_person_says_that_it_stands_waits(runtime: Runtime) -> None:
    sent(runtime, HOME, source="foyers")
    listed = FORMER | {"Code postal": "93500", "Commune": "Pantin"}
    sent(runtime, listed)
    with write(runtime.staff) as session:
        writer, edit = acts.find(session, runtime.vault, ids(runtime)["Antenne"])
        by = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        seat = {"postcode": "93000", "city": "Bobigny", "commune": "93008"}
        correct(edit, seat | {"address": "1 rue Haute\n93000 Bobigny"}, by)
        acts.write(session, runtime.vault, writer, edit, "correct", "essai")
    assert sent(runtime, listed | {"Nom": "Les Embruns"}).doubtful == 1
    assert published(runtime) == [NEUTRAL]
    assert proposed(runtime)["Les Embruns"][1] == "Les Embruns"


def test_who_has_a_name_of_a_higher_rank_is_asked_nothing(runtime: Runtime) -> None:
    sent(runtime, HOME, source="foyers")
    sent(runtime, FORMER)
    with write(runtime.staff) as session:
        writer, edit = acts.find(session, runtime.vault, ids(runtime)["Antenne"])
        by = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        correct(edit, {"name": "Permanence"}, by)
        acts.write(session, runtime.vault, writer, edit, "correct", "essai")
    named = FORMER | {"Nom": "Les Embruns"}
    for each in (named, named | {"Courriel": "a@example.org"}):
        assert sent(runtime, each).doubtful == 0
    assert proposed(runtime) == {}
    assert published(runtime) == [NEUTRAL, "Permanence"]


@pytest.mark.parametrize("new_first", [True, False])
def test_who_is_found_to_be_one_of_two_homes_no_more_may_be_one_that_its_list_brings(
    runtime: Runtime, *, new_first: bool
) -> None:
    sent(runtime, HOME, FORMER)
    named = FORMER | {"Nom": "Les Embruns"}
    sent(runtime, HOME, named)
    proposal, *_ = proposed(runtime)["Les Embruns"]
    with write(runtime.staff) as session:
        part(session, runtime.vault, proposal, who="essai")
    sent(runtime, HOME, FORMER)
    assert published(runtime) == ["Antenne", NEUTRAL]
    second = HOME | {"Réf": "3", "Adresse": "20 rue Loin"}
    known = HOME | {"Courriel": "b@example.org"}
    homes = (second, known) if new_first else (known, second)
    sent(runtime, *homes, named)
    assert published(runtime) == [NEUTRAL, NEUTRAL]
    assert [pair[1] for pair in proposed(runtime).values()] == ["Les Embruns"]


def test_who_takes_another_name_is_asked_nothing(runtime: Runtime) -> None:
    sent(runtime, HOME, source="foyers")
    sent(runtime, FORMER)
    assert sent(runtime, FORMER | {"Nom": "Point accueil"}).doubtful == 0
    assert published(runtime) == [NEUTRAL, "Point accueil"]


def test_one_whose_name_a_person_holds_waits_where_its_list_moves_it_to_a_place_of_that_name(
    runtime: Runtime,
) -> None:
    sent(runtime, HOME, source="foyers")
    listed = FORMER | {"Code postal": "93500", "Commune": "Pantin"}
    sent(runtime, listed)
    with write(runtime.staff) as session:
        writer, edit = acts.find(session, runtime.vault, ids(runtime)["Antenne"])
        by = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        correct(edit, {"name": "Les Embruns"}, by)
        acts.write(session, runtime.vault, writer, edit, "correct", "essai")
    assert published(runtime) == ["Les Embruns", NEUTRAL]
    assert sent(runtime, FORMER).doubtful == 1
    assert published(runtime) == [NEUTRAL]
    assert proposed(runtime)["Les Embruns"][1] == "Les Embruns"
