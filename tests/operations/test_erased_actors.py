"""An erased actor comes back by no list; another one that resembles it is not taken for it."""

from datetime import date
from typing import Literal

import pytest
from sqlalchemy import select

from app.announcing import writing
from app.models import Actor, ActorProtected
from app.platform.database.sessions import read, write
from app.records.acts import unprotect
from app.records.causes import Cause, level_of
from app.records.joined import joined_to
from app.records.sealed import open_record, seal_causes, seal_record
from app.records.stored import read_edits
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.makers_agenda import announced, read_by_visitors, record_of
from tests.operations.erasing import actor_marks, erase, everything
from tests.short_lists import APART, CRIP, csv, ids, run

pytestmark = pytest.mark.slow

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


@pytest.mark.parametrize("name", ["Les Ormelins", "Association Les Ormelins", "Ormelins"])
@pytest.mark.parametrize(
    "place",
    [
        "10, R CACHEE;93000;Bobigny;01 99 00 00 11",
        "3 rue Tierce;93000;Bobigny;0199000010",
    ],
)
def test_an_erased_home_comes_back_by_no_list_that_leaves_out_what_it_is(
    runtime: Runtime, name: str, place: str
) -> None:
    home = ";MECS Les Ormelins;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 10;"
    assert taken(runtime, home, source="liste")
    with read(runtime.staff) as session:
        protected = select(Actor.public_id).where(Actor.protected)
        public_id = session.scalars(protected).one()
    erase(runtime, actor_marks(runtime, public_id))
    assert not taken(runtime, f";{name};Association;{place};")
    assert "ormelin" not in everything(runtime).casefold()
    elsewhere = ";Les Ormelins;Association;3 rue Tierce;93000;Bobigny;01 99 00 00 11;"
    assert taken(runtime, elsewhere, source="encore")


def test_an_actor_that_has_its_id_in_another_list_is_taken(runtime: Runtime) -> None:
    erased(runtime, ERASED)
    assert taken(runtime, "12;Mission fictive;Association;5 rue Cinq;93000;Bobigny;;")
    assert "Mission fictive" in ids(runtime)


@pytest.mark.parametrize("status", ["published", "archived"])
def test_one_that_was_perhaps_the_erased_one_is_still_anybodys_to_publish(
    runtime: Runtime, status: Literal["published", "archived"]
) -> None:
    run(runtime, csv(APART, CRIP))
    public_id, other = (ids(runtime)[name] for name in ("Association libre", "CRIP d'exemple"))
    with write(runtime.staff) as session:
        gone, actor = (
            session.scalars(select(Actor.id).where(Actor.public_id == each)).one()
            for each in (public_id, other)
        )
        stored = session.scalars(
            select(ActorProtected).where(ActorProtected.actor_id == actor)
        ).one()
        record = open_record(runtime.vault, actor, stored.record)
        record.status = status
        stored.record = seal_record(runtime.vault, actor, record)
        causes = (Cause(why="duplicate", what=str(gone), since=date(2026, 11, 2)),)
        stored.causes, stored.level = seal_causes(runtime.vault, actor, causes), level_of(causes)
    erase(runtime, actor_marks(runtime, public_id))
    with read(runtime.staff) as session:
        edit = read_edits(session, runtime.vault, b"", [actor])[actor]
        assert [each.what for each in edit.causes] == [""]
        assert joined_to(session, runtime.vault, {actor: edit.causes}) == {}
    decide(runtime, unprotect, other, who="essai", consent=None, why="autre acteur")
    with read(runtime.staff) as session:
        assert session.scalars(select(ActorProtected.level)).all() == [None]


def test_an_erased_organiser_is_in_no_event(runtime: Runtime) -> None:
    assert taken(runtime, ERASED, source="liste")
    named = ids(runtime)["Point accueil"]
    with read(runtime.staff) as session:
        actor = session.scalars(select(Actor.id).where(Actor.public_id == named)).one()
    event = announced(runtime, actor=actor, place="Salle sentinelle")
    assert "Salle sentinelle" in read_by_visitors(runtime)
    erase(runtime, actor_marks(runtime, named))
    assert read_by_visitors(runtime) == ""
    content = writing.content_of(runtime.vault, record_of(runtime, event))
    assert content.actor is None
    found = everything(runtime)
    assert "Salle sentinelle" not in found
    assert named not in found
