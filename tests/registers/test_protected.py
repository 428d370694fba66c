"""A protected place does not come back through a register, in whatever spelling it is there."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import text

from app.platform.database.sessions import read, write
from app.records.joining import part
from app.records.proposals import waiting
from app.registers.updating import Update
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.text import fold
from importers.registers.catalogue import registers
from tests.registers.test_updating import HOSPITAL, edition
from tests.short_lists import run

pytestmark = pytest.mark.slow

SHELTER = "930000492"
HEADER = "FINESS;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Longitude;Latitude"
LISTED = (
    f"{SHELTER};Les Quatre Vents;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 10;2.44512;48.90721"
)
OTHER_PLACE = {"adresse": "99 rue Lointaine", "téléphone": "01 99 00 00 99"}
AT_ITS_ADDRESS = (
    "10 rue Cachée",
    "10, RUE CACHEE",
    "0010 R CACHEE",
    "Bât. B – 10 rue Cachée",
    "10 RUE CACHÉE BP 12",
    "Résidence Les Tilleuls\n10 rue cachee",
    # Signs that nobody sees.
    *(f"1{sign}0 r{sign}ue Ca{sign}chée" for sign in "\u200b\u200c\u200d\u2060\ufeff\u00ad"),
)
WITH_ITS_PHONE = (
    "01 99 00 00 10",
    "+33 1 99 00 00 10",
    "0033199000010",
    "01.99.00.00.10",
    "199000010",
    *(f"01 99 00{sign} 00{sign}10" for sign in "\u200b\u00ad\u2060"),
)
LINKS = (
    "https://exemple.fr/appel?tel=0199000010",
    "https://exemple.fr/?t=%2B33%201%2099%2000%2000%2010&x=1",
    "https://exemple.fr/tel/01-99-00-00-10",
    "https://exemple.fr/page#appeler:01.99.00.00.10",
)
# So many may be named at once, and each is told from the others.
NAMES = (
    *("Magnolia", "Pivoine", "Tulipe", "Jasmin", "Verveine", "Bruyère", "Capucine", "Lavande"),
    *("Dahlia", "Fougère", "Glycine", "Hortensia", "Iris", "Mimosa", "Narcisse"),
)
_SERVICE = HOSPITAL | {"n° FINESS": "930000500", "identifiant": "un-service", "nom": "Centre"}
REGISTERS = pytest.mark.parametrize("code", ["finess", "annuaire"])


def name_it(runtime: Runtime, code: str, **said: str) -> None:
    """Let a register name somebody in its own columns."""
    if code == "annuaire":
        said.pop("n° FINESS", None)
    _name(runtime, code, _SERVICE | said)


def name_each(runtime: Runtime, code: str, *said: dict[str, str]) -> None:
    """Let a register name several, each by a name and a telephone of its own."""
    entries = [
        _SERVICE
        | {
            "n° FINESS": f"9300006{rank:02}",
            "identifiant": f"service-{rank}",
            "nom": f"Centre {NAMES[rank]}",
            "téléphone": f"01 99 00 01 {rank:02}",
        }
        | each
        for rank, each in enumerate(said)
    ]
    _name(runtime, code, *entries)


def _name(runtime: Runtime, code: str, *entries: dict[str, str]) -> None:
    register = registers()[code]
    given = edition(*entries, mapping=register.mapping)
    work = Update(runtime.staff, runtime.vault, runtime.settings, register, given, "essai")
    work.apply(work.plan())


def list_it(runtime: Runtime) -> None:
    run(runtime, "\r\n".join((HEADER, LISTED)).encode("cp1252"))


def public(runtime: Runtime) -> str:
    """All that the public login reads of actors, folded."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT *, ST_AsText(point) AS written FROM actor")).all()
    return fold(" ".join(map(str, rows)))


@REGISTERS
@pytest.mark.parametrize("list_first", [True, False])
def test_nobody_at_its_address_is_public_with_it(
    runtime: Runtime, code: str, list_first: bool
) -> None:
    said = [{"adresse": address} for address in AT_ITS_ADDRESS]
    if list_first:
        list_it(runtime)
    name_each(runtime, code, *said)
    if not list_first:
        list_it(runtime)
    seen = public(runtime)
    assert "cachee" not in seen
    assert all(f"centre {fold(name)}" in seen for name in NAMES[: len(said)])


@REGISTERS
@pytest.mark.parametrize("list_first", [True, False])
@pytest.mark.parametrize("address", ["10 Grande Rue", "10 GR", "10, GRAND RUE", "10 bis Grand’Rue"])
def test_nobody_in_the_main_street_is_public_with_its_address(
    runtime: Runtime, code: str, list_first: bool, address: str
) -> None:
    listed = LISTED.replace("10 rue Cachée", "10 Grande Rue").encode("cp1252")
    steps: list[Callable[[], object]] = [
        partial(run, runtime, HEADER.encode("cp1252") + b"\r\n" + listed),
        partial(name_it, runtime, code, **{"adresse": address, "téléphone": "01 99 00 00 99"}),
    ]
    for step in steps if list_first else steps[::-1]:
        step()
    seen = public(runtime)
    assert "centre" in seen
    assert "rue" not in seen.split()


@REGISTERS
@pytest.mark.parametrize("phone", WITH_ITS_PHONE)
def test_nobody_is_public_with_its_phone(runtime: Runtime, code: str, phone: str) -> None:
    list_it(runtime)
    name_it(runtime, code, **OTHER_PLACE | {"téléphone": phone})
    assert "199000010" not in public(runtime)


@pytest.mark.parametrize("list_first", [True, False])
@pytest.mark.parametrize("link", LINKS)
def test_nobody_is_public_with_its_phone_in_a_link(
    runtime: Runtime, link: str, list_first: bool
) -> None:
    steps = [
        partial(list_it, runtime),
        partial(name_it, runtime, "annuaire", **OTHER_PLACE, site=link),
    ]
    for step in steps if list_first else steps[::-1]:
        step()
    seen = public(runtime)
    assert "centre" in seen
    assert "99 00 00 10" not in seen
    assert "0199000010" not in seen
    assert "exemple fr" not in seen


@pytest.mark.parametrize("list_first", [True, False])
@pytest.mark.parametrize(
    "said",
    [
        {"site": "https://exemple.fr/etablissements/mecs-les-quatre-vents"},
        {"courriel": "lesquatrevents@exemple.fr"},
    ],
)
def test_who_stands_beside_it_has_its_name_in_no_link(
    runtime: Runtime, said: dict[str, str], list_first: bool
) -> None:
    office = {"adresse": "10, RUE CACHEE", "téléphone": "01 99 00 00 99", **said}
    steps = [partial(list_it, runtime), partial(name_it, runtime, "annuaire", **office)]
    for step in steps if list_first else steps[::-1]:
        step()
    seen = public(runtime)
    assert "centre" in seen
    assert "33199000099" in seen
    assert "vents" not in seen


PLACED = (
    "https://www.google.com/maps/place/10+Rue+Cach%C3%A9e,+93000+Bobigny",
    "https://exemple.fr/nous-trouver/10-rue-cachee-bobigny.html",
    "https://exemple.fr/?q=10%20rue%20Cach%C3%A9e",
    "https://10-rue-cachee.exemple.fr",
    "https://exemple.fr/rue-cachee-10",
    "https://10ruecachee.exemple.fr",
)
POINTED = (
    "https://www.openstreetmap.org/?mlat=48.90721&mlon=2.44512",
    "https://maps.example/?q=48.90721%2C2.44512",
    # Where it leads, nobody knows without following it.
    "https://maps.app.goo.gl/CacheAbCdEf",
)


@pytest.mark.parametrize("list_first", [True, False])
def test_nobody_is_public_with_its_address_in_a_link(runtime: Runtime, list_first: bool) -> None:
    addresses = ("10 rue Cachée", "99 rue Lointaine")
    said = [{"adresse": address, "site": link} for link in PLACED for address in addresses]
    said += [{"adresse": "10 rue Cachée", "site": link} for link in POINTED]
    steps = [partial(list_it, runtime), partial(name_each, runtime, "annuaire", *said)]
    for step in steps if list_first else steps[::-1]:
        step()
    seen = public(runtime)
    for rank, name in enumerate(NAMES[: len(said)]):
        assert f"centre {fold(name)}" in seen
        assert f"331990001{rank:02}" in seen
    assert "cach" not in seen
    assert "48 9072" not in seen


@pytest.mark.parametrize("code", ["inclusion", "ror"])
@pytest.mark.parametrize("list_first", [True, False])
def test_structures_lead_to_it_by_nothing_that_they_share(
    runtime: Runtime, code: str, list_first: bool
) -> None:
    said = {
        "nom": "Association Les Quatre Vents",
        "adresse": "10, RUE CACHEE",
        "téléphone": "+33 1 99 00 00 10",
        "longitude": "2.44512",
        "latitude": "48.90721",
    }
    steps = [partial(list_it, runtime), partial(name_it, runtime, code, **said)]
    for step in steps if list_first else steps[::-1]:
        step()
    seen = public(runtime)
    for secret in ("vents", "cachee", "199000010", "2 44512"):
        assert secret not in seen


@REGISTERS
@pytest.mark.parametrize("list_first", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "Association Les Quatre Vents",
        "ASSO. LES QUATRE VENTS",
        "Fondation des Quatre Vents",
        "L’association « Les Quatre Vents »",
        "Les Qua\u200btre Vents",
    ],
)
def test_nobody_is_public_with_its_name_behind_a_word_of_law(
    runtime: Runtime, code: str, list_first: bool, name: str
) -> None:
    steps = [partial(list_it, runtime), partial(name_it, runtime, code, **OTHER_PLACE, nom=name)]
    for step in steps if list_first else steps[::-1]:
        step()
    assert "vents" not in public(runtime)
    if "\u200b" in name:
        # The same name is the same actor.
        return
    with read(runtime.staff) as session:
        (waits,) = waiting(session, runtime.vault, OPERATOR)
    assert waits.about == "same"
    with write(runtime.staff) as session:
        part(session, runtime.vault, waits.id, who="essai")
    assert "vents" in public(runtime)
    for step in steps:
        step()
    assert "vents" in public(runtime)


OF_THE_HOUSE = {"catégorie": "milieu_ouvert", "adresse": "10, RUE CACHEE"}


@REGISTERS
@pytest.mark.parametrize("list_first", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "SERVICE AEMO LES QUATRE VENTS",
        "Service d’accompagnement renforcé Les Quatre Vents",
        "Les Quatre Vents - AEMO",
        "AEMO « Quatre-Vents »",
    ],
)
def test_who_stands_beside_it_is_public_without_its_name(
    runtime: Runtime, code: str, list_first: bool, name: str
) -> None:
    said = {"téléphone": "01 99 00 00 99", "courriel": "aemo@les-quatre-vents.example"}
    steps = [
        partial(list_it, runtime),
        partial(name_it, runtime, code, **OF_THE_HOUSE | said, nom=name),
    ]
    for step in steps if list_first else steps[::-1]:
        step()
    seen = public(runtime)
    assert "vents" not in seen
    assert "aide educative a domicile" in seen
    assert "33199000099" in seen


@REGISTERS
@pytest.mark.parametrize(
    "name", ["AEMO de Bobigny", "AEMO Croix-Rouge française", "Service éducatif pour l’enfance"]
)
def test_words_of_a_town_or_of_a_large_body_hide_no_name(
    runtime: Runtime, code: str, name: str
) -> None:
    homes = ("MECS de Bobigny", "MECS Croix-Rouge française", "Maison d’enfants, service éducatif")
    lines = [
        f"93000{n:04};{home};MECS;10 rue Cachée;93000;Bobigny;;;" for n, home in enumerate(homes)
    ]
    run(runtime, "\r\n".join((HEADER, *lines)).encode("cp1252"))
    name_it(runtime, code, **OF_THE_HOUSE | {"nom": name, "téléphone": "01 99 00 00 99"})
    assert fold(name) in public(runtime)


@REGISTERS
def test_who_shares_no_more_than_a_part_of_its_name_is_public(runtime: Runtime, code: str) -> None:
    list_it(runtime)
    name_it(runtime, code, **OTHER_PLACE, nom="Association Les Quatre Saisons")
    assert "saisons" in public(runtime)


@REGISTERS
def test_nobody_is_public_at_its_point(runtime: Runtime, code: str) -> None:
    list_it(runtime)
    name_it(runtime, code, **OTHER_PLACE, longitude="2.44512", latitude="48.90721")
    assert "2 44512" not in public(runtime)


def test_by_its_number_it_stays_what_it_is(runtime: Runtime) -> None:
    list_it(runtime)
    name_it(runtime, "finess", **OTHER_PLACE | {"n° FINESS": SHELTER, "nom": "LES QUATRE VENTS"})
    seen = public(runtime)
    for secret in ("quatre vents", "lointaine", "199000099", SHELTER):
        assert secret not in seen


@REGISTERS
@pytest.mark.parametrize("category", ["mecs", "foyer_enfance", "pouponniere", "a_classer"])
def test_what_a_register_calls_a_home_is_sealed(runtime: Runtime, code: str, category: str) -> None:
    name_it(runtime, code, **{"nom": "Les Tilleuls", "catégorie": category})
    seen = public(runtime)
    for secret in ("tilleuls", "rue de l exemple", "199000001"):
        assert secret not in seen
