"""A home that another record tells of: its address written otherwise, or quoted in a text."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor
from app.runtime.staff import Runtime
from tests.records.test_protection import levels
from tests.short_lists import run

HEAD = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel"
HOME = "Foyer fictif;MECS;{};93000;Bobigny;01 99 00 00 10;accueil@example.org"
FREE = "Association libre;Association;16 rue Libre;93000;Bobigny;;"


def imported(runtime: Runtime, *lines: str, head: str = HEAD) -> None:
    run(runtime, "\r\n".join((head, *lines)).encode("cp1252"))


def shown(runtime: Runtime) -> list[Actor]:
    with Session(runtime.staff) as session:
        return list(session.scalars(select(Actor).where(Actor.protected.is_(False))))


@pytest.mark.parametrize(
    ("home", "other"),
    [
        ("1 rue Émile Zola", "1 rue Zola"),
        ("1 rue E. Zola", "1, rue Émile Zola"),
        ("Lieu-dit Les Granges", "Les Granges"),
        ("5 avenue du Général de Gaulle", "1er étage, 5 av. Gal de Gaulle - BP 12"),
    ],
)
def test_a_neighbour_that_writes_its_address_otherwise_is_held(
    runtime: Runtime, home: str, other: str
) -> None:
    neighbour = f"Association voisine;Association;{other};93000;Bobigny;;"
    imported(runtime, HOME.format(home), neighbour, FREE)
    assert (levels(runtime)["Association voisine"], levels(runtime)["Association libre"]) == (
        "held",
        None,
    )


def test_two_actors_of_one_shorter_address_stay_two(runtime: Runtime) -> None:
    imported(
        runtime,
        "Antenne;Association;1 rue Zola;93000;Bobigny;;",
        "Permanence;Association;1 rue Émile Zola;93000;Bobigny;;",
    )
    assert sorted(actor.name for actor in shown(runtime)) == ["Antenne", "Permanence"]


@pytest.mark.parametrize(
    "name",
    [
        "Antenne du 10 rue Cachée",
        "Antenne (10, r. Cachee, Bobigny)",
        "Antenne – 01 99 00 00 10",
        "Antenne accueil@example.org",
    ],
)
def test_a_name_that_quotes_a_home_is_cut_before_it(runtime: Runtime, name: str) -> None:
    imported(
        runtime,
        HOME.format("10 rue Cachée"),
        f"{name};Association;3 rue Autre;93300;Aubervilliers;;",
        FREE,
    )
    assert sorted((actor.name, actor.address is None) for actor in shown(runtime)) == [
        ("Antenne", True),
        ("Association libre", False),
    ]
    assert all("cach" not in actor.slug for actor in shown(runtime))


@pytest.mark.parametrize("title", ["Horaires", "Description", "Sigle"])
def test_any_text_that_quotes_a_home_of_another_town_is_not_public(
    runtime: Runtime, title: str
) -> None:
    imported(
        runtime,
        f"{HOME.format('10 rue Cachée')};",
        "Association amie;Association;3 rue Autre;93300;Aubervilliers;;;au 10 rue Cachée",
        head=f"{HEAD};{title}",
    )
    (actor,) = shown(runtime)
    assert actor.name == "Association amie"
    assert (actor.description, actor.hours_text, actor.acronym) == (None, None, None)
    assert (actor.address, actor.point) == (None, None)


@pytest.mark.parametrize(
    ("address", "quote"),
    [
        ("10 Grande Rue", "10 Grande Rue"),
        ("10 GR", "10, grand'rue"),
        ("10 RUE CACHEE RESIDENCE LES PINS", "10 rue Cachée"),
        ("10 BLVD DU LAC CACHE", "10 boulevard du Lac Caché"),
        ("rue Cachée 10", "10 rue Cachée"),
        ("10- rue Cachée", "10 rue Cachée"),
    ],
)
def test_texts_of_other_towns_quote_a_home_whose_address_has_slips(
    runtime: Runtime, address: str, quote: str
) -> None:
    far = "Association {};Association;3 rue Autre;93300;Aubervilliers;;;{}"
    imported(
        runtime,
        f"{HOME.format(address)};",
        far.format("amie", f"au {quote}"),
        far.format(f"du {quote}", ""),
        far.format("autre", f"au {quote.replace('10', '12')}"),
        # Another town has a street of that name too.
        f"Association lointaine;Association;{address};93300;Aubervilliers;;;",
        head=f"{HEAD};Description",
    )
    found = {actor.name: actor for actor in shown(runtime)}
    assert sorted(name for name, actor in found.items() if actor.address) == [
        "Association autre",
        "Association lointaine",
    ]
    assert found["Association amie"].description is None
    assert quote not in " ".join(found)


@pytest.mark.parametrize(
    "address",
    ["3 rue Libre (près du 7 rue Cachée)", "5-7-9 rue Cachée", "3 rue Libre - 7, r. Cachee"],
)
def test_an_address_that_names_that_of_a_home_is_held(runtime: Runtime, address: str) -> None:
    neighbour = f"Association voisine;Association;{address};93000;Bobigny;;"
    imported(runtime, HOME.format("7 rue Cachée"), FREE)
    run(runtime, "\r\n".join((HEAD, neighbour)).encode("cp1252"), "autre.csv")
    assert (levels(runtime)["Association voisine"], levels(runtime)["Association libre"]) == (
        "held",
        None,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        *(
            "3 rue Libre et 7 rue Cachée",
            "3 rue Libre / 7 bis, r. Cachee",
            "7 rue Cachée ou 3 rue B",
        ),
        "3 rue Libre - 7 RUE CACHEE BAT B",
        "3 ancienne route de Nice et 7 rue Cachée",
    ],
)
def test_who_is_at_the_second_place_of_a_home_is_held(runtime: Runtime, address: str) -> None:
    text = ";au 7 rue Cachée"
    imported(
        runtime,
        HOME.format(address),
        "Association voisine;Association;7 rue Cachée;93000;Bobigny;;",
        f"Association amie;Association;3 rue Autre;93300;Aubervilliers;;{text}",
        f"Association autre;Association;9 rue Cachée;93000;Bobigny;;{text.replace('7', '11')}",
        head=f"{HEAD};Description",
    )
    found = levels(runtime)
    assert (found["Association voisine"], found["Association amie"]) == ("held", "held")
    assert found["Association autre"] is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "stray",
    [
        *("tél. 01 99 00 00 33", "01.99.00.00.33", "01 - 99 - 00 - 00 - 33", "01·99·00·00·33"),
        *("(01) 99 00 00 33", "Cachee@example.org"),
    ],
)
@pytest.mark.parametrize("of_the_home", [True, False])
def test_a_number_in_the_cell_of_an_address_is_a_home_s_as_in_its_own(
    runtime: Runtime, stray: str, of_the_home: bool
) -> None:
    home = HOME.format("10 rue Cachée, {}" if of_the_home else "10 rue Cachée")
    given = {"phone": "01 99 00 00 33", "mail": "cachee@example.org"}
    if not of_the_home:
        home = home.replace("01 99 00 00 10", given["phone"]).replace(
            "accueil@example.org", given["mail"]
        )
    address = "3 rue Autre" if of_the_home else f"3 rue Autre, {stray}"
    reached = f"{given['phone']};{given['mail']}" if of_the_home else ";"
    imported(
        runtime,
        home.format(stray),
        f"Association amie;Association;{address};93300;Aubervilliers;{reached}",
        FREE,
    )
    assert (levels(runtime)["Association amie"], levels(runtime)["Association libre"]) == (
        "held",
        None,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "home",
    [
        "Foyer fictif 01·99·00·00·33;MECS;10 rue Cachée;93000;Bobigny;;",
        "Foyer fictif (cachee@example.org);MECS;10 rue Cachée;93000;Bobigny;;",
        "Foyer fictif;MECS;10 rue Cachée;93000 01 99 00 00 33;Bobigny;;",
        "Foyer fictif;MECS;10 rue Cachée;01 99 00 00 33;Bobigny;;",
    ],
)
def test_a_number_in_the_name_or_the_postcode_of_a_home_guards_who_shares_it(
    runtime: Runtime, home: str
) -> None:
    friend = "Association amie;Association;3 rue Autre;93300;Aubervilliers;"
    imported(runtime, home, f"{friend}01 99 00 00 33;cachee@example.org", FREE)
    found = levels(runtime)
    assert (found["Association amie"], found["Association libre"]) == ("held", None)


def test_a_number_that_a_home_names_in_its_description_is_nobody_s_guard(runtime: Runtime) -> None:
    head = f"{HEAD};Description"
    home = f"{HOME.format('10 rue Cachée')};En cas d'urgence, le commissariat : 01 99 00 00 17"
    police = "Commissariat fictif;Police;3 rue Autre;93300;Aubervilliers;01 99 00 00 17;;"
    imported(runtime, home, police, head=head)
    assert levels(runtime)["Commissariat fictif"] is None
