"""Lines that may be public actors: who is asked about, who is not, and that no list is slower."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from app.lists import public_names
from app.lists.public_names import MOST_COMPARED, MOST_OF_A_WORD, Public, PublicNames
from app.platform.database.sessions import read
from app.records.reasons import weighed
from app.runtime.staff import Runtime
from geo.gazetteer import Gazetteer
from importers.row import ActorRow
from tests.lists.answering import Read, applied
from tests.lists.test_same_actor import line, published

pytestmark = pytest.mark.slow

HOSPITAL = line(
    "Centre hospitalier de Bobigny", "114 avenue Désandrouin", Téléphone="01 99 00 00 33"
)
POLICE = line("Hôtel de police de Bobigny", "19 rue de Marquillies", Téléphone="17")
HOME = line("Les Embruns", "9 rue Dune", Catégorie="MECS", Téléphone="01 99 00 00 40")
SIRET = {"SIRET": "80295478400020"}


def asked(found: Read, name: str) -> list[list[str]]:
    """Return the reasons for which a line may be each of those that it may be."""
    _, content = found.stored()[name]
    return [each["because"].split(", ") for each in content.get("pair", {}).get("others", ())]


@pytest.mark.parametrize(
    ("known", "name", "street", "phone", "reasons"),
    [
        (
            *(HOSPITAL, "CH de Bobigny", "114 av. Desandrouin", "01 99 00 00 33"),
            ["même adresse postale", "même téléphone", "noms proches"],
        ),
        (
            *(POLICE, "Hôtel de police", "19 rue de Marquillies, Bobigny", "01 99 00 00 20"),
            ["même adresse postale", "noms proches"],
        ),
        (
            *(HOSPITAL, "CH Bobigny", "", ""),
            ["noms proches", "même commune"],
        ),
    ],
    ids=["short form", "other phone", "name and commune"],
)
def test_another_list_writes_a_public_actor_otherwise(
    runtime: Runtime,
    known: dict[str, str],
    name: str,
    street: str,
    phone: str,
    reasons: list[str],
) -> None:
    applied(runtime, known, source="une")
    found = Read(runtime, (line(name, street, Téléphone=phone),), source="autre")
    assert found.stored()[name][0].outcome == "doubtful"
    assert asked(found, name) == [reasons]
    assert all(each.weight for each in weighed(", ".join(reasons)))
    assert found.apply() == "applied"
    assert published(runtime) == sorted((known["Nom"], name))


def test_two_services_of_one_switchboard_are_two(runtime: Runtime) -> None:
    phone = {"Téléphone": "01 99 00 00 50"}
    applied(runtime, line("CMP Le Gué adultes", **phone), source="une")
    found = Read(runtime, (line("CMP Le Gué enfants", **phone),), source="autre")
    assert found.stored()["CMP Le Gué enfants"][0].outcome == "created"


def test_a_phone_of_many_tells_of_none(runtime: Runtime) -> None:
    phone = {"Téléphone": "01 99 00 00 50"}
    known = [
        line(f"CMPP {each}", f"{each} rue Une", **phone) for each in ("Pin", "If", "Orme", "Buis")
    ]
    applied(runtime, *known, source="une")
    moved = line("Le Pin (CMPP)", "12 rue Autre", Commune="Pantin", **phone)
    found = Read(runtime, (moved | {"Code postal": "93500"},), source="autre")
    assert found.stored()["Le Pin (CMPP)"][0].outcome == "created"


def test_two_antennas_of_one_siret_are_two(runtime: Runtime) -> None:
    applied(runtime, line("CIDFF de Bobigny", **SIRET), source="une")
    pantin = {"Code postal": "93500", "Commune": "Pantin"}
    found = Read(
        runtime, (line("CIDFF de Pantin", "2 rue Basse", **SIRET, **pantin),), source="autre"
    )
    assert found.stored()["CIDFF de Pantin"][0].outcome == "created"


def test_who_keeps_its_siret_under_another_name_elsewhere_is_asked_about(runtime: Runtime) -> None:
    applied(runtime, line("Espace femmes", **SIRET), source="une")
    moved = line("Lieu Rosa", "2 rue Basse", Commune="Pantin", **SIRET)
    found = Read(runtime, (moved | {"Code postal": "93500"},), source="autre")
    assert asked(found, "Lieu Rosa") == [["même SIRET"]]


def test_what_resembles_a_hidden_place_is_a_new_line(runtime: Runtime) -> None:
    applied(runtime, HOME, source="foyers")
    found = Read(runtime, (line("Les Embrunts", "3 rue Haute"),), source="autre")
    assert found.stored()["Les Embrunts"][0].outcome == "created"
    assert asked(found, "Les Embrunts") == []


def test_a_hidden_home_is_asked_about_as_before(runtime: Runtime) -> None:
    applied(runtime, HOME, source="foyers")
    guess = line("Les Embrunts", "9 rue Dune", Téléphone="01 99 00 00 40")
    found = Read(runtime, (guess,), source="autre")
    assert asked(found, "Les Embrunts") == [
        ["même adresse postale", "même téléphone", "noms proches"]
    ]


@pytest.mark.parametrize("count", [1, MOST_OF_A_WORD, 50 * MOST_OF_A_WORD])
def test_a_line_is_compared_with_few_however_many_there_are(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    def of_one_commune(*_: object) -> Iterator[Public]:
        for _number in range(count):
            yield Public(uuid4(), "CMP Le Gué", "cmp", "93008", "93", None, has_phone=False)

    monkeypatch.setattr(public_names, "_read", of_one_commune)
    row = ActorRow(line=2, name="CMP Le Gué", category="cmp", commune="93008", territory="93")
    with read(runtime.staff) as session:
        names = PublicNames(session, Gazetteer((), (), ()), {"93008"}, set[UUID]())
    assert len(names.close_to(row)) <= MOST_COMPARED
    assert names.close_to(row.model_copy(update={"commune": None})) == []


def test_a_sigle_and_what_it_stands_for_are_asked_about_in_either_order(runtime: Runtime) -> None:
    applied(runtime, line("Solidarité des rives (SODERI)", "12 rue Basse"), source="une")
    name = "SODERI – Solidarité des rives"
    # A doubt holds its address alone: its name is public.
    held = line(name, "48 quai Neuf", Catégorie="Association", Description="Accueil jour et nuit")
    found = Read(runtime, (held,), source="autre")
    assert asked(found, name) == [["noms proches", "même commune"]]
    assert found.apply() == "applied"
    elsewhere = line("SODERI : solidarité des rives", "3 rue Haute", Commune="Montreuil")
    assert asked(Read(runtime, (elsewhere,), source="ailleurs"), elsewhere["Nom"]) == []
