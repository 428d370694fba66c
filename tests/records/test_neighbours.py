"""Who loses its address beside an accommodation, and who does not."""

import math

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected
from app.models.protected import Level
from app.platform.database.sessions import write
from app.records import acts
from app.records.causes import all_ended
from app.records.edits import correct
from app.records.joining import join
from app.records.proposals import waiting
from app.records.record import Origin
from app.records.sealed import open_causes, open_record
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.address import address_key
from geo.zones import paris_day
from tests.short_lists import HEADER, NEIGHBOUR, SAME_AS_NEIGHBOUR, SHELTER, csv, ids, reached, run

METRES_OF_A_DEGREE = 111_195


def levels(runtime: Runtime) -> dict[str, Level | None]:
    """Return true name -> level."""
    with Session(runtime.staff) as session:
        return {
            open_record(runtime.vault, each.actor_id, each.record).name: each.level
            for each in session.scalars(select(ActorProtected))
        }


def table(titles: str, *lines: str) -> bytes:
    return "\r\n".join((titles, *lines)).encode("cp1252")


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("Association;accompagnement, hébergement", "held"),
        ("Association;adresse confidentielle", "neutral"),
        ("inconnue;", "unlisted"),
    ],
)
def test_what_is_hidden_and_no_home_holds_nobody(runtime: Runtime, said: str, level: Level) -> None:
    titles = "Nom;Catégorie;Description;Adresse;Code postal;Commune;Téléphone"
    place = "10 rue Cachée;93000;Bobigny;01 99 00 00 10"
    run(runtime, table(titles, f"Lilas;{said};{place}", f"Pins;Association;;{place}"))
    assert levels(runtime) == {"Lilas": level, "Pins": None}


def test_a_word_of_its_name_makes_a_home_that_holds_its_neighbours(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER.replace("MECS", "Association"), NEIGHBOUR))
    assert levels(runtime) == {"Foyer fictif": "neutral", "Association voisine": "held"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("Téléphone", "01 99 00 00 10"),
        ("Courriel", "contact@example.org"),
        ("Site", "https://www.example.org/"),
        ("SIRET", "26010004500012"),
    ],
)
def test_what_three_actors_give_is_a_mark_unless_they_stand_at_three_addresses(
    runtime: Runtime, title: str, value: str
) -> None:
    titles = f"Nom;Catégorie;Adresse;Code postal;Commune;{title}"
    home = f"Foyer;MECS;1 rue A;93000;Bobigny;{value}"
    two = [f"{name};Association;2 rue B;93000;Bobigny;{value}" for name in ("Pins", "Ormes")]
    run(runtime, table(titles, home, *two))
    assert levels(runtime) == {"Foyer": "neutral", "Pins": "held", "Ormes": "held"}
    far = f"Sapins;Association;3 rue C;93000;Bobigny;{value}"
    run(runtime, table(titles, far), source="autre")
    assert levels(runtime)["Sapins"] is None


@pytest.mark.parametrize(
    "third", ["3 rue C;93000;Bobigny;01 99 00 00 77", "2 rue B;93000;Bobigny;01 99 00 00 10"]
)
def test_a_third_place_that_gives_it_no_more_leaves_it_to_the_home(
    runtime: Runtime, third: str
) -> None:
    shared = "93000;Bobigny;01 99 00 00 10"
    home, pins = f"Foyer;MECS;1 rue A;{shared};", f"Pins;Association;2 rue B;{shared};"
    run(runtime, csv(f"Sapins;Association;3 rue C;{shared};"), source="autre")
    run(runtime, csv(home, pins))
    assert levels(runtime) == {"Foyer": "neutral", "Pins": None, "Sapins": None}
    run(runtime, csv(f"Sapins;Association;{third};"), source="autre")
    assert levels(runtime)["Pins"] == "held"


def test_a_third_place_that_is_found_to_be_the_second_leaves_it_to_the_home(
    runtime: Runtime,
) -> None:
    shared = "93000;Bobigny;01 99 00 00 10"
    run(runtime, csv(f"Sapins;Association;3 rue C;{shared};"), source="autre")
    run(runtime, csv(f"Foyer;MECS;1 rue A;{shared};", f"Sapins;Association;2 rue B;{shared};"))
    with write(runtime.staff) as session:
        (double,) = waiting(session, runtime.vault, OPERATOR)
        join(session, runtime.vault, double.id, who="essai")
    with Session(runtime.staff) as session:
        found = select(ActorProtected.level).join(Actor).where(Actor.name == "Sapins")
        assert session.scalars(found).all() == ["held"]


@pytest.mark.slow
def test_a_third_place_that_is_closed_leaves_it_to_the_home(runtime: Runtime) -> None:
    shared = "93000;Bobigny;01 99 00 00 10"
    run(runtime, csv(f"Sapins;Association;3 rue C;{shared};"), source="autre")
    run(runtime, csv(f"Foyer;MECS;1 rue A;{shared};", f"Pins;Association;2 rue B;{shared};"))
    archive(runtime, "Sapins")
    assert levels(runtime)["Pins"] == "held"


@pytest.mark.parametrize("by_a_list", [True, False])
def test_a_third_place_that_is_closed_publishes_nothing_else_that_is_shared(
    runtime: Runtime, *, by_a_list: bool
) -> None:
    shared = "93000;Bobigny;01 99 00 00 10"
    third = f"Sapins;Association;3 rue C;{shared};"
    pair = (f"Foyer;MECS;1 rue A;{shared}", f"Pins;Association;2 rue B;{shared}")
    run(runtime, csv(third), source="autre")
    run(runtime, csv(*(f"{each};accueil@example.org" for each in pair)))
    assert reached(runtime, "Pins") == (["+33199000010"], None)
    if by_a_list:
        run(runtime, table(f"{HEADER};État", f"{third};fermé"), source="autre")
    else:
        archive(runtime, "Sapins")
    assert reached(runtime, "Pins") == ([], None)


def archive(runtime: Runtime, name: str) -> None:
    edit_by_a_person(runtime, name, status="archived")


def edit_by_a_person(runtime: Runtime, name: str, **values: str) -> None:
    with write(runtime.staff) as session:
        writer, edit = acts.find(session, runtime.vault, ids(runtime)[name])
        origin = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        correct(edit, values, origin)
        act = "archive" if "status" in values else "edit"
        acts.write(session, runtime.vault, writer, edit, act, "essai")


def test_who_is_held_by_a_number_in_an_address_is_proposed_once_it_stands_there_no_more(
    runtime: Runtime,
) -> None:
    pins = "Pins;Association;2 rue B;93000;Bobigny;01 99 00 00 10;"
    run(runtime, csv("Foyer;MECS;1 rue A;93000;Bobigny;01 99 00 00 77;", pins))
    # By its neutral name.
    (home,) = ids(runtime).keys() - {"Pins"}
    edit_by_a_person(runtime, home, address="1 rue A, tél. 01 99 00 00 10")
    assert (levels(runtime)["Pins"], ended(runtime)) == ("held", [False])
    edit_by_a_person(runtime, home, address="1 rue A")
    assert ended(runtime) == [True]


def test_no_address_is_remembered_once_a_person_has_written(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (home,) = ids(runtime)
    edit_by_a_person(runtime, home, address="10 rue Autre")
    assert address_key.cache_info().currsize == 0  # type: ignore[attr-defined]


def ended(runtime: Runtime) -> list[bool]:
    """Return whether what holds each of the actors that are held has ended."""
    with Session(runtime.staff) as session:
        held = session.scalars(select(ActorProtected).where(ActorProtected.level == "held"))
        return [all_ended(open_causes(runtime.vault, it.actor_id, it.causes)) for it in held]


def test_texts_that_quote_a_number_do_not_make_it_an_organisation_s(runtime: Runtime) -> None:
    titles = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Description"
    home = "Foyer;MECS;1 rue A;93000;Bobigny;01 99 00 00 10;"
    quoting = [
        f"{name};Centre social;{number} rue B;93000;Bobigny;;la nuit : 01 99 00 00 10"
        for number, name in enumerate(("Pins", "Ormes"))
    ]
    run(runtime, table(titles, home, quoting[0]))
    run(runtime, table(titles, quoting[1]), source="autre")
    assert levels(runtime) == {"Foyer": "neutral", "Pins": "held", "Ormes": "held"}


def test_a_site_is_the_same_however_it_is_written(runtime: Runtime) -> None:
    titles = "Nom;Catégorie;Adresse;Code postal;Commune;Site"
    home = "Foyer;MECS;1 rue A;93000;Bobigny;https://foyer.example.org"
    pins = "Pins;Association;2 rue B;93000;Bobigny;http://www.Foyer.example.org/"
    run(runtime, table(titles, home, pins))
    assert levels(runtime)["Pins"] == "held"


def test_a_neighbour_that_is_known_holds_nobody_that_comes_later(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR))
    changed = NEIGHBOUR.replace("Association;", "ASE;")
    run(runtime, csv(SHELTER, changed, SAME_AS_NEIGHBOUR))
    assert levels(runtime)["Antenne"] is None


def test_an_address_is_a_mark_however_many_share_it(runtime: Runtime) -> None:
    lines = [f"Pins {n};Association;{n} rue A;93000;Bobigny;01 99 00 01 0{n};" for n in range(3)]
    at_home = [each.replace(f";{n} rue", ";1 rue") for n, each in enumerate(lines)]
    run(runtime, csv("Foyer;MECS;1 rue A;93000;Bobigny;;", *at_home))
    assert levels(runtime) == {"Foyer": "neutral"} | {f"Pins {n}": "held" for n in range(3)}


def test_a_town_or_a_street_alone_is_no_mark(runtime: Runtime) -> None:
    run(runtime, csv("Foyer;MECS;;93000;Bobigny;;", "Pins;Association;;93000;Bobigny;;"))
    street = (
        "Foyer A;MECS;rue Haute;93000;Bobigny;;",
        "Ormes;Association;rue Haute;93000;Bobigny;;",
    )
    run(runtime, csv(*street), source="autre")
    found = levels(runtime)
    assert (found["Pins"], found["Ormes"]) == (None, None)


@pytest.mark.parametrize(
    "street", ["5 bis rue Haute", "5bis, rue Haute", "n° 5 rue Haute", "rue Haute, 5"]
)
def test_a_number_written_otherwise_is_the_same_place(runtime: Runtime, street: str) -> None:
    home = "Foyer;MECS;5 rue Haute;93000;Bobigny;;"
    run(runtime, csv(home, f"Pins;Association;{street};93000;Bobigny;;"))
    assert levels(runtime)["Pins"] == "held"


@pytest.mark.parametrize("street", ["3 av. Foch Les Lilas", "3 avenue Foch MJC"])
def test_words_that_nobody_knows_behind_a_way_leave_it_the_same_place(
    runtime: Runtime, street: str
) -> None:
    run(
        runtime,
        csv(
            "Foyer;MECS;3 avenue Foch;93000;Bobigny;;",
            f"Pins;Association;{street};93000;Bobigny;;",
            "Autre foyer;MECS;7 rue du Port Tour des Vents;93000;Bobigny;;",
            "Ormes;Association;7 rue du Port;93000;Bobigny;;",
            "Tilleuls;Association;3 avenue Jean Jaurès;93000;Bobigny;;",
            "Saules;Association;3 avenue Jean Moulin;93000;Bobigny;;",
        ),
    )
    found = levels(runtime)
    assert (found["Pins"], found["Ormes"]) == ("held", "held")
    assert (found["Tilleuls"], found["Saules"]) == (None, None)


def around(lat: float, lon: float, metres: float) -> list[tuple[float, float]]:
    """Return twelve points at a distance of one."""
    turns = [number * math.pi / 6 for number in range(12)]
    high = metres / METRES_OF_A_DEGREE
    wide = high / math.cos(math.radians(lat))
    return [(lat + high * math.sin(turn), lon + wide * math.cos(turn)) for turn in turns]


@pytest.mark.slow
@pytest.mark.parametrize(("metres", "level"), [(3, "held"), (29, "held"), (32, None)])
def test_a_point_within_thirty_metres_is_the_same_in_every_direction(
    runtime: Runtime, metres: int, level: Level | None
) -> None:
    titles = "Nom;Catégorie;Code postal;Commune;Latitude;Longitude"
    lat, lon = 48.9061, 2.4450
    beside = [
        f"Pins {number};Association;93000;Bobigny;{up:.7f};{right:.7f}"
        for number, (up, right) in enumerate(around(lat, lon, metres))
    ]
    run(runtime, table(titles, *beside[:6]), source="avant")
    run(runtime, table(titles, f"Foyer;MECS;93000;Bobigny;{lat};{lon}", *beside[6:]))
    found = levels(runtime)
    assert {found[f"Pins {number}"] for number in range(12)} == {level}


def test_the_point_of_a_commune_is_no_mark(runtime: Runtime) -> None:
    titles = "Nom;Catégorie;Code postal;Commune;Latitude;Longitude;Précision du point"
    lines = [f"{each};93000;Bobigny;48.9061;2.4450;commune" for each in ("Foyer;MECS", "Pins;ASE")]
    run(runtime, table(titles, *lines))
    assert levels(runtime) == {"Foyer": "neutral", "Pins": None}


@pytest.mark.slow
@pytest.mark.parametrize("quoted", ["01 99 00 00 10", "foyer@example.org", "10 rue Cachée"])
@pytest.mark.parametrize("home_first", [True, False])
def test_who_quotes_a_home_is_held_whichever_comes_first(
    runtime: Runtime, quoted: str, home_first: bool
) -> None:
    titles = "Nom;Catégorie;Adresse;Code postal;Commune;Description"
    lists = {
        "foyers": csv(SHELTER),
        "autres": table(titles, f"Pins;Association;3 rue B;93000;Bobigny;La nuit, {quoted}"),
    }
    for source in sorted(lists, reverse=home_first):
        run(runtime, lists[source], source=source)
    assert levels(runtime)["Pins"] == "held"


def test_what_lay_beside_a_home_that_moved_or_closed_is_proposed(runtime: Runtime) -> None:
    titles = f"Réf;{HEADER};État"
    home, pins = f"A1;{SHELTER};", f"A2;{NEIGHBOUR};"
    run(runtime, table(titles, home, pins))
    run(runtime, table(titles, home.replace("10 rue Cachée", "77 rue Lointaine"), pins))
    with Session(runtime.staff) as session:
        statement = select(ActorProtected).where(ActorProtected.level == "held")
        (sealed,) = session.scalars(statement)
        assert all_ended(open_causes(runtime.vault, sealed.actor_id, sealed.causes))


def test_no_digest_is_borne_by_a_home_and_by_its_neighbour(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR))
    with Session(runtime.staff) as session:
        bearers = func.count(ActorFingerprint.actor_id.distinct())
        shared = (
            select(ActorFingerprint.digest).group_by(ActorFingerprint.digest).having(bearers > 1)
        )
        assert session.scalars(shared).all() == []
