"""Of each point it is known whether somebody should look at it, whatever writes the actor."""

from importlib import import_module

import pytest
from sqlalchemy import select, text, update

from app.models import Actor, ActorProtected, Geocoding
from app.platform.database.sessions import read, write
from app.records.acts import protect, unprotect
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.geocoding.test_geocoding import BESIDE, DOUBTFUL, FOUND, LOST, SHELTER, UNKNOWN, ask
from tests.makers import decide
from tests.short_lists import csv, ids, run

FILL = import_module("migrations.versions.0036_doubtful_points").FILL
WAY = "À la voie;Association;6 rue Étendue;93000;Bobigny;01 99 00 00 05;"
LINES = (FOUND, WAY, DOUBTFUL, LOST, UNKNOWN)
FIRST = {
    "Trouvée": None,
    "À la voie": "street",
    "Douteuse": "review",
    "Perdue": "rejected",
    "Inconnue": "rejected",
}


def doubts(runtime: Runtime) -> dict[str, str | None]:
    """Public name -> why the point is to be looked at."""
    with read(runtime.staff) as session:
        of = select(Actor.name, ActorProtected.point_doubt).join(
            ActorProtected, ActorProtected.actor_id == Actor.id
        )
        return dict(session.execute(of).all())


def confirmed(runtime: Runtime, name: str) -> None:
    """Note that a person found a point right, as the desk does."""
    with write(runtime.staff) as session:
        actor = session.scalars(select(Actor.id).where(Actor.name == name)).one()
        noted = update(Geocoding).where(Geocoding.actor_id == actor)
        session.execute(noted.values(confirmed_at=text("now()")))


def test_what_the_geocoder_is_not_sure_of_is_to_be_looked_at(asking: Runtime) -> None:
    run(asking, csv(*LINES))
    assert set(doubts(asking).values()) == {None}
    ask(asking)
    assert doubts(asking) == FIRST


def test_what_was_answered_before_is_to_be_looked_at_as_well(asking: Runtime) -> None:
    run(asking, csv(*LINES))
    ask(asking)
    with write(asking.staff) as session:
        session.execute(update(ActorProtected).values(point_doubt=None))
        session.execute(text(FILL))
    assert doubts(asking) == FIRST


@pytest.mark.slow
def test_a_point_of_its_own_ends_the_doubt_and_another_address_asks_anew(asking: Runtime) -> None:
    run(asking, csv(*LINES))
    ask(asking)
    head = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel;Latitude;Longitude"
    own = f"{head}\r\n{WAY};48,91;2,44\r\n{DOUBTFUL};;".encode("cp1252")
    run(asking, own)
    assert (doubts(asking)["À la voie"], doubts(asking)["Douteuse"]) == (None, "review")
    run(asking, csv(DOUBTFUL.replace("3 rue", "8 rue")))
    assert doubts(asking)["Douteuse"] is None
    ask(asking)
    assert doubts(asking)["Douteuse"] == "review"


@pytest.mark.slow
def test_a_list_brings_no_doubt_back_that_a_person_ended(asking: Runtime) -> None:
    run(asking, csv(*LINES))
    ask(asking)
    confirmed(asking, "Douteuse")
    run(asking, csv(*(each.replace("01 99", "01 98") for each in LINES)))
    assert doubts(asking) == FIRST | {"Douteuse": None}
    # An answer to another address is another one.
    run(asking, csv(DOUBTFUL.replace("3 rue", "8 rue")))
    ask(asking)
    assert doubts(asking)["Douteuse"] == "review"


def test_a_draft_has_none_until_it_is_published(asking: Runtime) -> None:
    run(asking, csv(DOUBTFUL), draft=True)
    ask(asking)
    assert doubts(asking) == {"Douteuse": None}
    with read(asking.staff) as session:
        public_id = session.scalars(select(Actor.public_id)).one()
    decide(asking, unprotect, public_id, who="essai", consent=None, why="essai")
    assert doubts(asking) == {"Douteuse": "review"}


@pytest.mark.slow
def test_who_is_hidden_has_no_point_to_look_at(asking: Runtime) -> None:
    elsewhere = BESIDE.replace("77 rue Cachée", "9 rue Perdue")
    run(asking, csv(elsewhere, DOUBTFUL))
    ask(asking)
    assert doubts(asking) == {"Voisine": "rejected", "Douteuse": "review"}
    # A shelter at its address, and a person's decision.
    run(asking, csv(SHELTER.replace("77 rue Cachée", "9 rue Perdue")), source="foyers")
    hidden = decide(asking, protect, ids(asking)["Douteuse"], who="essai", why="essai")
    assert set(doubts(asking).values()) == {None}
    decide(asking, unprotect, hidden.public_id, who="essai", consent=paris_day(), why="essai")
    assert doubts(asking)["Douteuse"] == "review"
