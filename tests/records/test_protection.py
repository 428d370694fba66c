"""Who is hidden: by what it is, and by what it shares with a protected place."""

from contextlib import closing

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Base
from app.models.protected import Level
from app.records.acts import classify, protect, unprotect
from app.records.causes import Why, active, all_ended
from app.records.sealed import open_causes, open_record
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
    ids,
    run,
)

REFERENCE = {"commune", "former_commune", "epci", "territory", "territory_version"}


def hidden(runtime: Runtime) -> dict[str, tuple[Level | None, set[Why]]]:
    """True name -> level and what hides it, as the sealed records know them."""
    with Session(runtime.staff) as session:
        found = {}
        for sealed in session.scalars(select(ActorProtected)):
            record = open_record(runtime.vault, sealed.actor_id, sealed.record)
            causes = open_causes(runtime.vault, sealed.actor_id, sealed.causes)
            found[record.name] = (sealed.level, {cause.why for cause in active(causes)})
    return found


def levels(runtime: Runtime) -> dict[str, str | None]:
    """True name -> level."""
    return {name: level for name, (level, _) in hidden(runtime).items()}


def public_records(runtime: Runtime) -> list[Actor]:
    with Session(runtime.staff) as session:
        return list(session.scalars(select(Actor)))


def test_a_place_of_accommodation_starts_protected_under_a_neutral_name(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    (actor,) = public_records(runtime)
    assert actor.protected
    assert (actor.name, actor.category) == ("Lieu d'accueil – Seine-Saint-Denis", "heberger")
    assert actor.slug == "lieu-d-accueil-seine-saint-denis"
    assert (actor.functions, actor.audiences, actor.age_max) == (["hebergement"], [], None)
    assert (actor.territory_code, actor.status) == ("93", "published")
    assert (actor.phones, actor.address, actor.point, actor.email) == ([], None, None, None)
    assert hidden(runtime) == {"Foyer fictif": ("neutral", {"category", "mention", "word"})}


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
    assert all(actor.address is None for actor in public_records(runtime))


@pytest.mark.parametrize("first", [True, False])
def test_what_shares_an_address_or_a_phone_is_held(runtime: Runtime, first: bool) -> None:
    lines = [SHELTER, NEIGHBOUR, SAME_PHONE, APART]
    run(runtime, csv(*(lines if first else reversed(lines))))
    assert hidden(runtime) == {
        "Foyer fictif": ("neutral", {"category", "mention", "word"}),
        "Association voisine": ("held", {"beside"}),
        "Association amie": ("held", {"beside"}),
        "Association libre": (None, set()),
    }
    found = {actor.name: actor for actor in public_records(runtime)}
    beside, friend = found["Association voisine"], found["Association amie"]
    # It must still be found, by its name and by what it does not share.
    assert (beside.address, beside.commune_code, beside.point) == (None, None, None)
    assert beside.phones == ["+33199000011"]
    assert (friend.address, friend.phones) == (None, [])
    assert found["Association libre"].address is not None


def test_a_neighbour_of_a_neighbour_is_left_alone(runtime: Runtime) -> None:
    run(runtime, csv(SAME_AS_NEIGHBOUR, NEIGHBOUR, SHELTER))
    assert levels(runtime)["Antenne"] is None


def test_a_new_shelter_hides_the_actors_already_published_beside_it(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR, SAME_AS_NEIGHBOUR, APART), source="associations")
    before = {actor.name: actor.public_id for actor in public_records(runtime)}
    summary = run(runtime, csv(SHELTER), source="foyers")
    assert summary.hidden_beside == 1
    assert (levels(runtime)["Association voisine"], levels(runtime)["Antenne"]) == ("held", None)
    after = {actor.name: actor for actor in public_records(runtime)}
    assert after["Association voisine"].address is None
    # It is still the same sheet, of which less is public.
    assert after["Association voisine"].public_id == before["Association voisine"]


def test_a_new_actor_beside_a_known_shelter_starts_held(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER), source="foyers")
    run(runtime, csv(NEIGHBOUR), source="associations")
    assert levels(runtime)["Association voisine"] == "held"


def test_what_no_longer_shares_stays_held_until_a_person_decides(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR, SHELTER))
    run(runtime, csv(NEIGHBOUR.replace("10, rue cachee", "99 rue Autre"), SHELTER))
    assert levels(runtime)["Association voisine"] == "held"
    with Session(runtime.staff) as session:
        for sealed in session.scalars(select(ActorProtected).where(ActorProtected.level == "held")):
            assert all_ended(open_causes(runtime.vault, sealed.actor_id, sealed.causes))
    public_id = ids(runtime)["Association voisine"]
    decide(runtime, unprotect, public_id, who="essai", consent=None, why="a déménagé")
    assert levels(runtime)["Association voisine"] is None


def test_a_neighbour_whose_shelter_moved_is_proposed_and_not_published(runtime: Runtime) -> None:
    numbered = "Réf;" + HEADER
    lines = [f"A1;{SHELTER}", f"A2;{NEIGHBOUR}"]
    run(runtime, "\r\n".join((numbered, *lines)).encode("cp1252"))
    lines[0] = lines[0].replace("10 rue Cachée", "77 rue Lointaine")
    run(runtime, "\r\n".join((numbered, *lines)).encode("cp1252"))
    assert levels(runtime)["Association voisine"] == "held"


@pytest.mark.parametrize(
    "line",
    [
        # Three places of one organisation give its number: it is no mark of any of them.
        "Siège;Association;1 rue A;93000;Bobigny;01 99 00 00 10;",
    ],
)
def test_what_three_addresses_share_is_an_organisation_s(runtime: Runtime, line: str) -> None:
    antenna = "Antenne B;Association;2 rue B;93000;Bobigny;01 99 00 00 10;"
    run(runtime, csv(SHELTER, line))
    assert levels(runtime)["Siège"] == "held"
    run(runtime, csv(SHELTER, line.replace("Siège", "Autre siège"), antenna), source="autre")
    assert levels(runtime)["Antenne B"] is None


def test_a_closed_shelter_and_an_unclassified_actor_hide_nobody(runtime: Runtime) -> None:
    header = f"{HEADER};État"
    lines = (f"{SHELTER};fermé", f"{NEIGHBOUR};")
    run(runtime, "\r\n".join((header, *lines)).encode("cp1252"))
    assert levels(runtime)["Association voisine"] is None
    run(runtime, csv(SHELTER.replace("MECS", "inconnue").replace("Foyer", "Lieu")), source="autre")
    assert levels(runtime) == {
        "Foyer fictif": "neutral",
        "Association voisine": None,
        "Lieu fictif": "unlisted",
    }


@pytest.mark.parametrize(
    ("header", "home", "other"),
    [
        ("SIRET", "26010004500012", "260 100 045 00012"),
        ("Courriel", "foyer@example.org", "Foyer@Example.org"),
        ("Site", "https://foyer.example.org", "https://foyer.example.org"),
    ],
)
def test_whatever_else_gives_a_shelter_away_holds_its_neighbour(
    runtime: Runtime, header: str, home: str, other: str
) -> None:
    data = f"Nom;Catégorie;Adresse;Code postal;Commune;{header}\r\n"
    data += f"Foyer fictif;MECS;10 rue Cachée;93000;Bobigny;{home}\r\n"
    data += f"Association voisine;Association;3 rue Autre;93300;Aubervilliers;{other}"
    run(runtime, data.encode("cp1252"))
    assert levels(runtime)["Association voisine"] == "held"
    public = next(a for a in public_records(runtime) if a.name == "Association voisine")
    assert (public.email, public.website) == (None, None)


@pytest.mark.parametrize(
    ("home", "other"),
    [
        ("12 rue Cachée", "10-12 rue Cachée"),
        ("10 à 14 rue Cachée", "12, rue cachée"),
        ("10/12 rue Cachée", "12-14 rue Cachée"),
    ],
)
def test_a_range_of_numbers_is_the_place_of_each(runtime: Runtime, home: str, other: str) -> None:
    data = "Nom;Catégorie;Adresse;Code postal;Commune\r\n"
    data += f"Foyer fictif;MECS;{home};93000;Bobigny\r\n"
    data += f"Association voisine;Association;{other};93000;Bobigny\r\n"
    data += "Association libre;Association;16 rue Cachée;93000;Bobigny"
    run(runtime, data.encode("cp1252"))
    assert levels(runtime)["Association voisine"] == "held"
    assert levels(runtime)["Association libre"] is None


@pytest.mark.parametrize(
    "text", ["La nuit : 01 99 00 00 10", "foyer@example.org", "Accueil au 10, rue Cachée"]
)
def test_a_text_that_gives_a_shelter_away_is_not_public(runtime: Runtime, text: str) -> None:
    data = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel;Description\r\n"
    data += "Foyer fictif;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 10;foyer@example.org;\r\n"
    data += f"Association amie;Association;3 rue Autre;93000;Bobigny;;;{text}"
    run(runtime, data.encode("cp1252"))
    public = next(a for a in public_records(runtime) if a.name == "Association amie")
    assert (public.description, public.address) == (None, None)


def test_a_national_number_hides_nobody(runtime: Runtime) -> None:
    run(
        runtime,
        csv(
            SHELTER.replace("01 99 00 00 10", "119"),
            APART.replace("01 99 00 00 99", "119"),
        ),
    )
    assert levels(runtime)["Association libre"] is None


def test_no_word_of_a_protected_record_lies_in_clear_in_any_table(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR), name="Foyer fictif.csv")
    # As its owner, who alone reads all.
    with closing(psycopg.connect(runtime.owner_url.replace("+psycopg", ""))) as connection:
        for table in sorted(set(Base.metadata.tables) - REFERENCE):
            rows = connection.execute(f'SELECT t::text FROM "{table}" t')
            dump = "\n".join(row[0] for row in rows)
            for word in ("fictif", "Cachée", "cachee", "foyer@", "99000010"):
                assert word not in dump, (table, word)


def test_what_was_unclassified_is_proposed_once_its_list_classifies_it(runtime: Runtime) -> None:
    header = "Réf;Nom;Catégorie;Adresse;Code postal;Commune\r\n"
    line = "A1;Lieu d'exemple;{};3 rue X;93000;Bobigny"
    run(runtime, (header + line.format("inconnue")).encode("cp1252"))
    assert hidden(runtime) == {"Lieu d'exemple": ("unlisted", {"unclassified"})}
    run(runtime, (header + line.format("Association")).encode("cp1252"))
    # A person decides, not a list.
    assert levels(runtime) == {"Lieu d'exemple": "unlisted"}
    (actor,) = public_records(runtime)
    assert (actor.protected, actor.status) == (True, "draft")
    decide(runtime, classify, actor.public_id, "association", who="essai", why="vu")
    (actor,) = public_records(runtime)
    assert (actor.name, actor.status) == ("Lieu d'exemple", "published")


def test_a_person_who_classifies_a_shelter_leaves_it_hidden(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER.replace("MECS", "inconnue")))
    (actor,) = public_records(runtime)
    decide(runtime, classify, actor.public_id, "association", who="essai", why="erreur")
    (actor,) = public_records(runtime)
    decide(runtime, classify, actor.public_id, "mecs", who="essai", why="vu")
    (actor,) = public_records(runtime)
    assert (actor.protected, actor.status, actor.address) == (True, "published", None)


@pytest.mark.slow
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
    (actor,) = public_records(runtime)
    assert (actor.protected, actor.address) == (True, None)
