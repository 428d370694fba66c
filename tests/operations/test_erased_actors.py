"""An erased actor comes back by no list; another one that resembles it is not taken for it."""

import pytest

from app.runtime.staff import Runtime
from tests.operations.erasing import actor_marks, erase, everything
from tests.short_lists import ids, run

HEAD = "Identifiant;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel"
ERASED = (
    "12;Point accueil;Association;99 rue Autre;93300;Aubervilliers;01 99 00 00 99;p@example.org"
)
BARE = "12;Point accueil;Association;;93300;Aubervilliers;01 99 00 00 99;"


def taken(runtime: Runtime, line: str, source: str = "autre") -> bool:
    data = "\r\n".join((HEAD, line, "13;Témoin;Association;1 rue Une;93000;Bobigny;;"))
    return run(runtime, data.encode("cp1252"), source=source).rejected == 0


def erased(runtime: Runtime, line: str) -> None:
    assert taken(runtime, line, source="liste")
    erase(runtime, actor_marks(runtime, ids(runtime)["Point accueil"]))
    assert "Point accueil" not in everything(runtime)


@pytest.mark.parametrize(
    "line",
    [
        # Moved, with its phone or its mailbox.
        ";Point accueil;Association;3 rue Tierce;93300;Aubervilliers;01 99 00 00 99;",
        ";Point accueil;Association;3 rue Tierce;93300;Aubervilliers;;P@example.org",
        # Of no place.
        ";POINT ACCUEIL;Association;;93300;Aubervilliers;01 99 00 00 11;",
        # With another phone.
        ";Point accueil;Association;99, r. Autre;93300;Aubervilliers;01 99 00 00 11;",
    ],
)
def test_an_erased_actor_is_known_by_its_name_and_one_thing_more(
    runtime: Runtime, line: str
) -> None:
    erased(runtime, ERASED)
    assert not taken(runtime, line)
    assert "Point accueil" not in everything(runtime)


def test_it_is_known_by_its_id_in_its_own_list(runtime: Runtime) -> None:
    erased(runtime, ERASED)
    assert not taken(runtime, "12;Autrement dit;Association;;93300;Aubervilliers;;", "liste")


def test_one_without_an_address_is_known_by_its_name_and_commune(runtime: Runtime) -> None:
    erased(runtime, BARE)
    assert not taken(runtime, ";Point accueil;Association;3 rue Tierce;93300;Aubervilliers;;")


def test_a_namesake_of_another_place_with_another_phone_is_taken(runtime: Runtime) -> None:
    erased(runtime, ERASED)
    namesake = ";Point accueil;Association;3 rue Tierce;93300;Aubervilliers;01 99 00 00 11;"
    assert taken(runtime, namesake)
    assert "Point accueil" in ids(runtime)


def test_an_actor_that_has_its_id_in_another_list_is_taken(runtime: Runtime) -> None:
    erased(runtime, ERASED)
    assert taken(runtime, "12;Mission fictive;Association;5 rue Cinq;93000;Bobigny;;")
    assert "Mission fictive" in ids(runtime)
