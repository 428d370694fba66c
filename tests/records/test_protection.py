"""Who is hidden: by what it is, and by what it shares with a protected place."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Base
from app.records.acts import protect
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.short_lists import (
    APART,
    HEADER,
    NEIGHBOUR,
    SAME_AS_NEIGHBOUR,
    SAME_PHONE,
    SHELTER,
    csv,
    run,
)

REFERENCE = {"commune", "former_commune", "epci", "territory", "territory_version"}


def protected(runtime: Runtime) -> dict[str, str | None]:
    """True name -> reason, as the sealed records know them."""
    with Session(runtime.staff) as session:
        found = {}
        for sealed in session.scalars(select(ActorProtected)):
            record = runtime.vault.open_json(
                "actor_protected", sealed.actor_id, "record", sealed.record
            )
            found[record["name"]] = sealed.reason
    return found


def public_records(runtime: Runtime) -> list[Actor]:
    with Session(runtime.staff) as session:
        return list(session.scalars(select(Actor)))


def test_a_place_of_accommodation_starts_protected_under_a_neutral_name(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (actor,) = public_records(runtime)
    assert actor.protected
    assert actor.name == "Maison d'enfants à caractère social – Seine-Saint-Denis"
    assert actor.slug == "maison-d-enfants-a-caractere-social-seine-saint-denis"
    assert (actor.territory_code, actor.status) == ("93", "published")
    assert (actor.phones, actor.address, actor.point, actor.email) == ([], None, None, None)
    assert protected(runtime) == {"Foyer fictif": "category"}


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("Accord de publication", "12/03/2026"),
        ("Accord de publication", "12/03/2026 : refus"),
        ("Désaccord de publication", "12/03/2026"),
        ("Téléphone communicable", "01 99 00 00 77"),
        ("Téléphone communicable", "NON 03 21 99 77 88"),
        ("Téléphone non communicable", "03 21 99 77 88"),
    ],
)
def test_no_value_of_a_list_publishes_a_place_of_accommodation(
    runtime: Runtime, title: str, cell: str
) -> None:
    run(
        runtime,
        csv(SHELTER).replace(HEADER.encode("cp1252"), f"{HEADER};{title}".encode("cp1252"))
        + f";{cell}".encode(),
    )
    (actor,) = public_records(runtime)
    assert (actor.protected, actor.phones, actor.address, actor.point) == (True, [], None, None)


def test_a_list_that_comes_back_with_a_consent_publishes_nothing(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR))
    run(
        runtime,
        "\n".join(
            (f"{HEADER};Accord de publication", f"{SHELTER};01/02/2026", f"{NEIGHBOUR};01/02/2026")
        ).encode(),
    )
    assert all(actor.protected for actor in public_records(runtime))


@pytest.mark.parametrize("first", [True, False])
def test_what_shares_an_address_or_a_phone_starts_protected_too(
    runtime: Runtime, first: bool
) -> None:
    lines = [SHELTER, NEIGHBOUR, SAME_PHONE, APART]
    run(runtime, csv(*(lines if first else reversed(lines))))
    assert protected(runtime) == {
        "Foyer fictif": "category",
        "Association voisine": "shared",
        "Association amie": "shared",
        "Association libre": None,
    }
    visible = [actor.name for actor in public_records(runtime) if not actor.protected]
    assert visible == ["Association libre"]


def test_what_shares_with_one_that_shares_is_hidden_as_well(runtime: Runtime) -> None:
    run(runtime, csv(SAME_AS_NEIGHBOUR, NEIGHBOUR, SHELTER))
    assert protected(runtime)["Antenne"] == "shared"


def test_a_new_shelter_hides_the_actors_already_published_beside_it(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR, SAME_AS_NEIGHBOUR, APART), source="associations")
    before = {actor.name: actor.public_id for actor in public_records(runtime)}
    summary = run(runtime, csv(SHELTER), source="foyers")
    assert summary.hidden_beside == 2
    reasons = protected(runtime)
    assert (reasons["Association voisine"], reasons["Antenne"]) == ("shared", "shared")
    after = public_records(runtime)
    neutral = [actor for actor in after if actor.protected]
    assert len(neutral) == 3
    assert all("voisine" not in actor.slug and not actor.phones for actor in neutral)
    # Their old sheets must lead nowhere.
    assert not {before["Association voisine"], before["Antenne"]} & {a.public_id for a in after}
    assert before["Association libre"] in {actor.public_id for actor in after}


def test_a_new_actor_beside_a_known_shelter_starts_protected(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER), source="foyers")
    run(runtime, csv(NEIGHBOUR), source="associations")
    assert protected(runtime)["Association voisine"] == "shared"


def test_a_protected_place_stays_so_when_a_list_calls_it_something_else(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR, SHELTER))
    run(runtime, csv(NEIGHBOUR.replace("10, rue cachee", "99 rue Autre"), SHELTER))
    assert protected(runtime)["Association voisine"] == "shared"


def test_a_national_number_hides_nobody(runtime: Runtime) -> None:
    run(
        runtime,
        csv(
            SHELTER.replace("01 99 00 00 10", "119"),
            APART.replace("01 99 00 00 99", "119"),
        ),
    )
    assert protected(runtime)["Association libre"] is None


def test_no_word_of_a_protected_record_lies_in_clear_in_any_table(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR), name="Foyer fictif.csv")
    with Session(runtime.staff) as session:
        for table in sorted(set(Base.metadata.tables) - REFERENCE):
            rows = session.connection().exec_driver_sql(f'SELECT t::text FROM "{table}" t')
            dump = "\n".join(row[0] for row in rows)
            for word in ("fictif", "Cachée", "cachee", "foyer@", "99000010", "voisine"):
                assert word not in dump, (table, word)


def test_what_was_only_unknown_is_published_once_its_list_classifies_it(runtime: Runtime) -> None:
    header = "Réf;Nom;Catégorie;Adresse;Code postal;Commune\r\n"
    line = "A1;Lieu d'exemple;{};3 rue X;93000;Bobigny"
    run(runtime, (header + line.format("inconnue")).encode("cp1252"))
    assert protected(runtime) == {"Lieu d'exemple": "unknown"}
    run(runtime, (header + line.format("Association")).encode("cp1252"))
    assert protected(runtime) == {"Lieu d'exemple": None}
    (actor,) = public_records(runtime)
    assert (actor.name, actor.status) == ("Lieu d'exemple", "published")


@pytest.mark.parametrize("category", ["MECS", "Association"])
def test_no_two_lists_in_turn_lift_a_protection(runtime: Runtime, category: str) -> None:
    header = "Réf;Nom;Catégorie;Adresse;Code postal;Commune\r\n"
    line = "A1;Lieu d'exemple;{};3 rue X;93000;Bobigny"
    run(runtime, (header + line.format(category)).encode("cp1252"))
    if category == "Association":
        (actor,) = public_records(runtime)
        decide(runtime, protect, actor.public_id, who="essai", why="menaces")
    for other in ("inconnue", "Association"):
        run(runtime, (header + line.format(other)).encode("cp1252"))
        (actor,) = public_records(runtime)
        assert (actor.protected, actor.address, actor.point) == (True, None, None)


def test_what_a_person_hides_before_it_is_classified_stays_hidden(runtime: Runtime) -> None:
    header = "Réf;Nom;Catégorie;Adresse;Code postal;Commune\r\n"
    line = "A1;Lieu d'exemple;{};3 rue X;93000;Bobigny"
    run(runtime, (header + line.format("inconnue")).encode("cp1252"))
    (actor,) = public_records(runtime)
    decide(runtime, protect, actor.public_id, who="essai", why="menaces")
    run(runtime, (header + line.format("Association")).encode("cp1252"))
    assert protected(runtime) == {"Lieu d'exemple": "decision"}
