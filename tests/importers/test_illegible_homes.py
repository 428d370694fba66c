"""A home of which something is illegible, or missing, is a line: what is left of it guards it."""

import json
from typing import Any

import pytest

from bench.finess import entry
from geo.gazetteer import Gazetteer
from importers.registers.edition import Edition, as_csv
from importers.row import ActorRow
from importers.vocabulary import load
from tests.importers import test_finess, test_finess_etalab, test_structures
from tests.importers.conftest import Read
from tests.importers.test_finess_etalab import HEAD, row
from tests.importers.test_structures import ROR, STRUCTURE

PHONE, SIRET = "0199000010", "73282932000074"
# Whatever else is wrong, these are whole.
SHARED = {"siret": SIRET, "contact": [{"telecom": {"telephone": PHONE, "courriel": None}}]}
CHRS = {"typologie": "CHRS", "nom": "Les Pins", "telephone": PHONE, "siret": SIRET}


def finess(gazetteer: Gazetteer, code: Any = "177", **changes: Any) -> Edition:
    others = entry("1"), entry("2")
    home = entry("930000492", code, **SHARED | changes)
    return test_finess.read_bytes(test_finess.whole(*others, home), gazetteer)


def homes(edition: Edition) -> list[dict[str, str]]:
    words, several = load().categories, edition.lines.get("93", ())
    lines = (dict(zip(edition.columns, each, strict=True)) for each in several)
    return [each for each in lines if words[each["catégorie"]].protected]


@pytest.mark.parametrize(
    "changes",
    [
        {"nomEgeLong": ["LES PINS"]},
        {"cogCommune": 93008},
        {"etatObjet": {"code": "A"}},
        {"etatObjet": {"code": "A", "libelle": "Actif"}},
        {"etatObjet": 1},
        {"dateFermeture": 0},
        {"dateFermeture": {"jour": 10, "an": 2030}},
        {"coordonneesGeographique": [2.4, 48.9]},
        {"contact": PHONE},
        {"contact": [PHONE]},
        {"contact": [{"telecom": {"telephone": 199000010}}]},
        {"adresse": {"usageAdresse": "03", "cogCommune": "93008"}},
        {"adresse": ["1 rue"]},
        {"numFinessEge": None},
        {"numFinessEge": 930000492},
        {"categorieentiteGeographiqueExercice": 177},
        {"dateDerniereMaj": {}},
    ],
    ids=str,
)
def test_a_home_of_finess_with_a_field_of_another_type_is_a_line(
    gazetteer: Gazetteer, read: Read, changes: dict[str, Any]
) -> None:
    edition = finess(gazetteer, **changes)
    (home,) = homes(edition)
    assert edition.left_out == {"illisibles": 1}
    assert home["siret"] == SIRET
    rows = read(as_csv(edition, "93"), mapping="registre-finess", territory="93").rows
    (guarding,) = (each for each in rows if each.siret)
    assert "+33199000010" in guarding.phones


@pytest.mark.parametrize(
    ("changes", "territory"),
    [
        ({"nomEgeLong": " ", "nomEgeCourt": None}, "93"),
        ({"cogCommune": "00000"}, "93"),
        ({"cogCommune": None, "ligneAcheminement": None, "codePostal": None}, "93"),
        ({"cogCommune": None, "ligneAcheminement": "LILLE", "codePostal": "59000"}, "59"),
        ({"adresse": []}, "93"),
        ({"adresse": None}, "93"),
    ],
    ids=str,
)
def test_a_home_of_finess_without_a_name_or_a_place_is_a_line(
    gazetteer: Gazetteer, changes: dict[str, Any], territory: str
) -> None:
    edition = finess(gazetteer, **changes)
    (home,) = (
        each for each in test_finess.lines(edition, territory) if each["catégorie"] == "mecs"
    )
    assert (home["siret"], home["téléphone"]) == (SIRET, PHONE)
    assert home["nom"]


def test_a_home_of_finess_without_its_own_address_is_guarded_at_another(
    gazetteer: Gazetteer,
) -> None:
    other = {"usageAdresse": "01", "ligneQuatre": "10 RUE CACHEE", "cogCommune": "93008"}
    (home,) = homes(finess(gazetteer, adresse=[other]))
    assert (home["adresse"], home["code commune"]) == ("10 rue Cachee", "93008")


def test_who_has_the_name_of_a_home_alone_is_guarded_too(gazetteer: Gazetteer) -> None:
    edition = finess(gazetteer, "156", nomEgeLong="MECS LES PINS", adresse=["1 rue"])
    assert [each["nom"] for each in test_finess.lines(edition) if each["siret"]] == [
        "MECS Les Pins"
    ]


def test_what_is_illegible_and_closed_is_no_line(gazetteer: Gazetteer) -> None:
    edition = finess(gazetteer, etatObjet="I", contact=PHONE)
    assert homes(edition) == []


@pytest.mark.parametrize("cells", [31, 33])
def test_a_home_of_the_old_extract_with_other_cells_is_a_line(
    gazetteer: Gazetteer, cells: int
) -> None:
    home = row("930000492", code="177", phone=PHONE)
    home = f"{home};x" if cells == 33 else home.rpartition(";")[0]
    text = "\n".join((HEAD, home, row())) + "\n"
    edition = test_finess_etalab.read_text(text, gazetteer)
    assert edition.left_out == {"illisibles": 1}
    assert PHONE in [each["téléphone"] for each in homes(edition)]


@pytest.mark.parametrize(
    "changes",
    [
        {"horaires_accueil": {"lundi": "9h"}},
        {"nom": {"fr": "Les Pins"}},
        {"nom": None},
        {"telephone": {"fixe": PHONE}},
        {"typologie": {"code": "CHRS"}},
        {"code_insee": None, "commune": None},
    ],
    ids=str,
)
def test_a_home_among_structures_is_a_line_whatever_is_wrong(
    gazetteer: Gazetteer, changes: dict[str, Any]
) -> None:
    data = json.dumps([STRUCTURE, STRUCTURE | CHRS | changes]).encode()
    (home,) = homes(test_structures.read_bytes(data, gazetteer))
    assert (home["téléphone"], home["siret"]) == (PHONE, SIRET)


@pytest.mark.parametrize("broken", ["r-3;MECS Les Pins;MECS", "r-3;MECS; Les Pins;MECS"])
def test_a_home_of_a_row_with_other_cells_is_a_line(gazetteer: Gazetteer, broken: str) -> None:
    text = f"{ROR}{broken};;10 rue Cachée;93000;Bobigny;{PHONE};;;\r\n{ROR.partition(chr(10))[2]}"
    edition = test_structures.read_bytes(text.encode(), gazetteer, "ror")
    assert edition.left_out["illisibles"] == 1
    (home,) = homes(edition)
    assert PHONE[1:] in home["téléphone"]


def test_lists_within_lists_without_end_are_no_end_of_the_reading(gazetteer: Gazetteer) -> None:
    deep = '{"nom": "a", "commune": "b", "typologie": ' + "[" * 1_500 + "]" * 1_500 + "}"
    good = json.dumps(STRUCTURE)
    data = f"[{good}, {good.replace('--1', '--2')}, {deep}]".encode()
    edition = test_structures.read_bytes(data, gazetteer)
    assert (len(test_structures.lines(edition)), edition.left_out) == (2, {"illisibles": 1})


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n"])
def test_a_cell_of_many_lines_loses_no_home(gazetteer: Gazetteer, read: Read, sign: str) -> None:
    edition = finess(gazetteer, nomEgeCourt=f"a{sign}b" * 400)
    rows = read(as_csv(edition, "93"), mapping="registre-finess", territory="93").rows
    assert SIRET in {each.siret for each in rows}


def test_a_name_without_end_loses_no_home(gazetteer: Gazetteer, read: Read) -> None:
    edition = finess(gazetteer, nomEgeLong="LES PINS " * 60)
    rows = read(as_csv(edition, "93"), mapping="registre-finess", territory="93").rows
    assert SIRET in {each.siret for each in rows}


@pytest.mark.parametrize(
    "changes",
    [
        # One too many before the place, or behind it, and further on one that lacks.
        {"name": "Les Pins;de Bobigny"},
        {"box": "BP 1;2", "commune": "008", "fax": ""},
        {"town": "93000 BOBIGNY;CEDEX"},
        {"town": f"93000 BOBIGNY;{PHONE}", "phone": "x", "allowed;changed": ""},
    ],
    ids=str,
)
def test_a_home_of_the_old_extract_whose_cells_slipped_is_guarded_by_all(
    gazetteer: Gazetteer, read: Read, changes: dict[str, str]
) -> None:
    cells = {"street": "CACHEE", "no": "10", "code": "177", "phone": PHONE} | changes
    home = row("930000492", **{key: text for key, text in cells.items() if ";" not in key})
    text = "\n".join((HEAD, home, row())) + "\n"
    edition = test_finess_etalab.read_text(text, gazetteer)
    assert edition.left_out == {"illisibles": 1}
    rows = read(as_csv(edition, "93"), mapping="registre-finess", territory="93").rows
    (guarding,) = (each for each in rows if each.category == "mecs")
    assert "+33199000010" in guarding.phones
    assert (guarding.street or "").lower() == "10 rue cachee"
    assert guarding.commune == "93008"


def guarding_by(cells: list[str], gazetteer: Gazetteer, read: Read) -> ActorRow:
    """Return the home that an extract names in a row of cells beside their places."""
    text = "\n".join((HEAD, ";".join(cells), row())) + "\n"
    edition = test_finess_etalab.read_text(text, gazetteer)
    assert edition.left_out == {"illisibles": 1}
    rows = read(as_csv(edition, "93"), mapping="registre-finess", territory="93").rows
    (guarding,) = (each for each in rows if each.category == "mecs")
    return guarding


def cells_of_a_home() -> list[str]:
    more = {"more": "ANNEXE", "spread": "ACCUEIL", "box": "BP 12", "fax": "0199000011"}
    changes = {"street": "CACHEE", "no": "10", "code": "177", "phone": PHONE, "siret": SIRET}
    return row("930000492", **more, **changes).split(";")


@pytest.mark.parametrize("lacking", range(1, 18))
@pytest.mark.parametrize("several", [1, 2])
def test_a_home_of_the_old_extract_that_lacks_a_cell_is_guarded_by_all_others(
    gazetteer: Gazetteer, read: Read, lacking: int, several: int
) -> None:
    cells = cells_of_a_home()
    gone = range(lacking, min(lacking + several, 18))
    del cells[gone.start : gone.stop]
    guarding = guarding_by(cells, gazetteer, read)
    assert ("+33199000010" in guarding.phones) is (16 not in gone)
    assert ("+33199000011" in guarding.phones) is (17 not in gone)
    # A street without its number, its kind or its name is none.
    if not {7, 8, 9}.intersection(gone):
        assert (guarding.street or "").lower() == "10 rue cachee"
    if 12 not in gone or 15 not in gone:
        assert guarding.commune == "93008"


@pytest.mark.parametrize("place", range(1, 19))
@pytest.mark.parametrize("extra", [[""], ["x"], ["", ""], ["x", "y"]], ids=str)
def test_a_home_of_the_old_extract_with_a_cell_too_many_is_guarded_by_all(
    gazetteer: Gazetteer, read: Read, place: int, extra: list[str]
) -> None:
    cells = cells_of_a_home()
    cells[place:place] = extra
    guarding = guarding_by(cells, gazetteer, read)
    assert {"+33199000010", "+33199000011"} <= set(guarding.phones)
    # Which of "x" and "Cachee" is the street cannot be told: the first, as of a name cut in two.
    street = "10 rue x" if (place, extra) == (9, ["x"]) else "10 rue cachee"
    assert (guarding.street or "").lower() == street
    assert guarding.commune == "93008"


@pytest.mark.parametrize("cell", ["street", "beside", "box", "town", "name"])
def test_a_home_of_the_old_extract_has_its_number_in_any_cell(
    gazetteer: Gazetteer, read: Read, cell: str
) -> None:
    before = {"town": "93000 BOBIGNY", "street": "CACHEE", "name": "MECS"}.get(cell, "")
    home = row("930000492", code="177", phone="", **{cell: f"{before} 01 99 00 00 10".strip()})
    edition = test_finess_etalab.read_text("\n".join((HEAD, home, row())) + "\n", gazetteer)
    rows = read(as_csv(edition, "93"), mapping="registre-finess", territory="93").rows
    (guarding,) = (each for each in rows if each.category == "mecs")
    assert "+33199000010" in guarding.phones


@pytest.mark.parametrize("cell", ["adresse", "complement_adresse", "commune", "courriel"])
def test_a_home_among_structures_has_its_number_in_any_cell(
    gazetteer: Gazetteer, cell: str
) -> None:
    changes = CHRS | {"telephone": "", cell: f"{STRUCTURE.get(cell) or ''} {PHONE}".strip()}
    data = json.dumps([STRUCTURE, STRUCTURE | changes]).encode()
    (home,) = homes(test_structures.read_bytes(data, gazetteer))
    assert "199000010" in home["téléphone"]


def test_a_broken_row_of_many_words_gives_its_number_and_mailbox(
    gazetteer: Gazetteer, read: Read
) -> None:
    much = "mot " * 2_000
    broken = f"r-3;MECS Les Pins;MECS;;{much};10 rue Cachée;93000;Bobigny;{PHONE};a@exemple.fr;;;"
    text = f"{ROR}{broken}\r\n{ROR.partition(chr(10))[2]}"
    edition = test_structures.read_bytes(text.encode(), gazetteer, "ror")
    assert homes(edition)
    rows = read(as_csv(edition, "93"), mapping="registre-structures", territory="93").rows
    (guarding,) = (each for each in rows if "Pins" in each.name)
    assert "+33199000010" in guarding.phones
    assert "a@exemple.fr" in guarding.emails


def test_a_number_behind_five_hundred_signs_is_read(read: Read) -> None:
    words = "standard " * 60
    text = f"Nom;Catégorie;Commune;Téléphone\nLes Pins;MECS;Bobigny;{words}{PHONE}\n"
    (home,) = read(text, territory="93").rows
    assert home.phones == ("+33199000010",)
