"""The directory of the administration: its three forms, what is ours in it, and what is no file."""

import io
import json
from datetime import date
from typing import Any

import pytest

from app.settings import ROOT
from geo.gazetteer import Gazetteer
from geo.territories import Commune, FormerCommune, Territory
from importers.mapping import shipped
from importers.reading import read_list
from importers.registers import directory
from importers.registers.catalogue import registers
from importers.registers.edition import Edition, as_csv
from importers.registers.errors import (
    DamagedRegister,
    EmptyRegister,
    OtherRegister,
    RegisterError,
    RegisterTooLarge,
    TruncatedFile,
)
from importers.registers.reading import read_register
from importers.vocabulary import load
from tests.directories import MEMBER, as_api, as_archive, as_json, place, service

TODAY = date(2026, 11, 24)
NAME = "all_latest.tar.bz2"
SAMPLES = ROOT.parent / "shared" / "data" / "registers" / "dila"
COMMUNES = [
    Commune("93008", "Bobigny", "93", ("93000",), None, 2.4450, 48.9061),
    Commune("93048", "Montreuil", "93", ("93100",), None, 2.4483, 48.8638),
    Commune("13055", "Marseille", "13", ("13001",), None, 5.37, 43.29),
    Commune("01215", "L'Hôpital", "01", ("01420",), None, 5.7, 46.0),
    Commune("01033", "Valserhône", "01", ("01200",), None, 5.8300, 46.1100),
    Commune("31506", "Saint-Orens-de-Gameville", "31", ("31650",), None, 1.53, 43.55),
    Commune("78621", "Trappes", "78", ("78190",), None, 1.98, 48.77),
    Commune("38185", "Grenoble", "38", ("38000",), None, 5.72, 45.18),
    Commune("59183", "Dunkerque", "59", ("59140",), None, 2.39, 51.03),
    Commune("97105", "Basse-Terre", "971", ("97100",), None, -61.73, 15.99),
]
FORMER = [
    FormerCommune("13201", "Marseille 1er Arrondissement", "arrondissement", "13055", ("13001",)),
    FormerCommune("01091", "Châtillon-en-Michaille", "deleguee", "01033"),
]
Columns = dict[str, str]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    codes = sorted({each.territory for each in COMMUNES})
    names = {"93": "Seine-Saint-Denis", "971": "Guadeloupe"}
    return Gazetteer(
        [Territory(c, names.get(c, f"Territoire {c}"), "departement", "1", "R") for c in codes],
        COMMUNES,
        FORMER,
    )


@pytest.fixture(scope="module")
def read(gazetteer: Gazetteer) -> Any:
    def reader(data: bytes, name: str = NAME, **more: int) -> Edition:
        return directory.read(io.BytesIO(data), name, gazetteer, TODAY, **more)

    return reader


def lines(edition: Edition) -> list[Columns]:
    return [
        dict(zip(edition.columns, line, strict=True))
        for each in edition.lines.values()
        for line in each
    ]


def one(read: Any, **changes: Any) -> Columns:
    (line,) = lines(read(as_json([service(**changes)])))
    return line


def test_archive_json_bare_list_and_api_say_the_same(read: Any) -> None:
    services = [service(1), service(2, pivot=("mairie", ["93008"]))]
    edition = read(as_archive(as_json(services)))
    assert edition.lines.keys() == {"93"}
    assert edition.left_out == {"autres services": 1}
    whole = as_json(services)
    api = as_api(services)
    records = json.loads(api)["results"]
    # Mailboxes are no JSON there.
    alone = [each | {"adresse_courriel": "contact@exemple.fr"} for each in records]
    texts = [json.dumps(each).encode() for each in (services, records, alone)]
    for data in (whole, b"\xef\xbb\xbf" + whole, api, *texts):
        assert read(data, "a.json").lines == edition.lines


def test_each_cell_is_one_that_the_importer_takes_without_a_word(
    read: Any, gazetteer: Gazetteer
) -> None:
    edition = read(as_json([service(adresse=[place(complement1="Bâtiment B")])]))
    (line,) = lines(edition)
    assert line == {
        "identifiant": "00000000-0000-4000-8000-000000000001",
        "nom": "Brigade d’exemple 1",
        "catégorie": "gendarmerie",
        "fonctions": "",
        "adresse": "2 rue de l’Exemple, Bâtiment B",
        "code postal": "93000",
        "commune": "Bobigny",
        "code commune": "93008",
        "longitude": "2.4450",
        "latitude": "48.9061",
        "téléphone": "01 99 00 00 01",
        "courriel": "contact@exemple.fr",
        "site": "https://exemple.fr",
        "horaires": "Mo-Fr 08:00-12:00,14:00-18:00",
        "siret": "",
        "mise à jour": "24/10/2024",
        "communes couvertes": "93008;93048",
    }
    result = read_list(
        as_csv(edition, "93"),
        "a.csv",
        mapping=registers()["annuaire"].mapping,
        gazetteer=gazetteer,
        territory="93",
        max_bytes=10**6,
        max_rows=100,
        today=TODAY,
    )
    (row,) = result.rows
    assert not result.problems
    assert row.covers_communes == ("93008", "93048")
    assert row.opening_hours == "Mo-Fr 08:00-12:00,14:00-18:00"
    assert (row.category, row.verified_on) == ("gendarmerie", date(2024, 10, 24))


def test_a_conseil_departemental_is_the_authority_of_child_protection(read: Any) -> None:
    line = one(read, pivot=("cg", ["93008"]))
    assert (line["catégorie"], line["fonctions"]) == ("ase", "autorite")
    assert line["communes couvertes"] == ""


def test_every_type_of_services_has_words_of_the_vocabulary() -> None:
    for each in directory.pivots().values():
        assert each.category in load().categories
        assert set(each.functions) <= set(load().functions)
    assert set(shipped()[registers()["annuaire"].mapping].columns)


def test_persons_of_a_service_are_never_read(read: Any) -> None:
    for data in (as_json([service()]), as_api([service()])):
        edition = read(data)
        assert "Quidamesque" in data.decode()
        assert "Quidamesque" not in repr(edition)


def test_a_name_beside_an_address_is_left_out(read: Any) -> None:
    named = place(complement1="À l’attention de Mme Odile Quidamesque")
    assert one(read, adresse=[named])["adresse"] == "2 rue de l’Exemple"


def test_the_first_pivot_of_ours_counts(read: Any) -> None:
    both = [
        {"type_service_local": "mairie", "code_insee_commune": ["93048"]},
        {"type_service_local": "pmi", "code_insee_commune": ["93008"]},
        {"type_service_local": "mds", "code_insee_commune": ["93008"]},
    ]
    data = as_json([service() | {"pivot": both}])
    assert [line["catégorie"] for line in lines(read(data))] == ["sante"]


@pytest.mark.parametrize(
    ("pivot", "codes", "expected"),
    [
        ("gendarmerie", ["93008"], "93008"),
        ("tgi", ["93008"], "93008"),
        ("te", ["93008"], ""),
        ("mds", ["93008"], ""),
        ("ddpjj", ["93008"], ""),
        ("mds", ["93048"], "93048"),
        ("mds", ["93008", "93048"], "93008;93048"),
        ("ddpjj", ["93008", "93048"], "93"),
        ("ddpjj", ["93048", "01215"], "93048;01215"),
        ("pmi", ["93008", "93048"], ""),
        ("point_justice", ["93048"], ""),
    ],
)
def test_communes_are_an_area_only_where_the_directory_means_one(
    read: Any, pivot: str, codes: list[str], expected: str
) -> None:
    assert one(read, pivot=(pivot, codes))["communes couvertes"] == expected


def test_of_a_territory_that_is_one_commune_a_direction_is_in_charge(read: Any) -> None:
    # The only commune of its territory here, as Paris is of its own.
    seat = [place(nom_commune="Dunkerque", code_postal="59140")]
    for pivot, expected in (("ddpjj", "59"), ("mds", "")):
        assert one(read, adresse=seat, pivot=(pivot, ["59183"]))["communes couvertes"] == expected


def test_a_commune_that_the_pivot_has_not_is_left_to_the_importer(read: Any) -> None:
    edition = read(as_json([service(pivot=("gendarmerie", ["01033", "01215"]))]))
    (line,) = lines(edition)
    assert line["code commune"] == ""
    assert edition.lines.keys() == {"93"}
    edition = read(as_json([service(adresse=[], pivot=("gendarmerie", ["01091"]))]))
    assert edition.lines.keys() == {"01"}
    edition = read(as_json([service(adresse=[], pivot=("gendarmerie", []))]))
    assert edition.left_out == {"sans lieu connu": 1}


def test_the_address_of_visits_is_before_that_of_mail(read: Any) -> None:
    mail = place(type_adresse="Adresse postale", nom_commune="Montreuil")
    empty = place(nom_commune="")
    assert one(read, adresse=[mail, empty, place()])["commune"] == "Bobigny"
    visits = place(type_adresse="Adresse physique")
    assert one(read, adresse=[mail, visits])["commune"] == "Bobigny"
    assert one(read, adresse=[mail])["commune"] == "Montreuil"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"statut_de_diffusion": "false"}, "non diffusés"),
        ({"adresse": [place(pays="Monaco")]}, "à l’étranger"),
        ({"nom": ["une", "liste"]}, "illisibles"),
        ({"nom": ""}, "illisibles"),
        ({"telephone": {"valeur": "01"}}, "illisibles"),
        ({"telephone": "[{"}, "illisibles"),
        ({"telephone": "[" * 1_900}, "illisibles"),
        ({"telephone": '["\\ud800"]'}, "illisibles"),
        ({"adresse": [3]}, "illisibles"),
        ({"adresse": [place() | {"longitude": 2.5}]}, "illisibles"),
        ({"pivot": ("gendarmerie", [93008])}, "illisibles"),
    ],
)
def test_what_is_no_line_is_counted_and_spoils_no_other(
    read: Any, changes: dict[str, Any], reason: str
) -> None:
    edition = read(as_json([service(2), service(1, **changes)]))
    assert edition.left_out == {reason: 1}
    assert len(lines(edition)) == 1
    assert as_csv(edition, "93")


def test_an_entry_that_is_no_service_is_counted(read: Any) -> None:
    edition = read(as_json([3, "un", None, *(service(n) for n in range(3))]))
    assert edition.left_out == {"illisibles": 3}


def test_a_field_that_changed_its_type_is_no_edition_without_anybody(read: Any) -> None:
    changed = [service(n, telephone={"valeur": "01 99 00 00 01"}) for n in range(3)]
    with pytest.raises(OtherRegister, match="rien n'est changé"):
        read(as_json([*changed, service(3)]))


def test_overseas_is_france_by_whatever_name(read: Any) -> None:
    abroad = place(pays="Guadeloupe", nom_commune="BASSE-TERRE", code_postal="97100")
    edition = read(as_json([service(adresse=[abroad], telephone=[{"valeur": "+590 85 19 50"}])]))
    assert edition.lines.keys() == {"971"}
    assert lines(edition)[0]["téléphone"] == "+590 85 19 50"


def test_several_numbers_and_mailboxes_stand_side_by_side(read: Any) -> None:
    numbers = [{"valeur": "01 99 00 00 01"}, {"valeur": ""}, {"valeur": "01 99 00 00 02"}]
    line = one(read, telephone=numbers, adresse_courriel=["a@exemple.fr", "b@exemple.fr"])
    assert line["téléphone"] == "01 99 00 00 01; 01 99 00 00 02"
    assert line["courriel"] == "a@exemple.fr; b@exemple.fr"


def test_the_day_is_that_of_the_name_or_of_the_newest_service(read: Any) -> None:
    services = [
        service(1, date_modification="24/10/2024 09:10:17"),
        service(2, date_modification="17/09/2026 04:34:41", pivot=("mairie", [])),
        service(3, date_modification="17/09/2031 04:34:41"),
        service(4, date_modification="hier"),
    ]
    data = as_json(services)
    assert read(data, "local.json").day == date(2026, 9, 17)
    assert read(as_archive(data)).day == date(2026, 10, 6)
    assert read(data, "2026-13-45-20261007_local.json").day == date(2026, 10, 7)


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", NAME, EmptyRegister),
        (b" \n", "a.json", EmptyRegister),
        (as_json([]), "a.json", EmptyRegister),
        (as_archive(b""), NAME, EmptyRegister),
        (as_json([service(n) for n in range(40)])[:-60], "a.json", TruncatedFile),
        (as_archive(as_json([service(n) for n in range(40)])[:-60]), NAME, TruncatedFile),
        (as_api([service()]).replace(b'_count": 1,', b'_count": 2,'), "page.json", TruncatedFile),
        (as_archive(as_json([service()]))[:300], NAME, TruncatedFile),
        (as_json([service()]).replace(b'"siret":', b'"siret";'), "a.json", DamagedRegister),
        (as_json([service()]).replace(b"Brigade", b"Brig\xffde"), "a.json", DamagedRegister),
        (b"BZh91AY&SY" + b"x" * 300, NAME, DamagedRegister),
        (as_archive(as_json([service()]), "autre.json"), NAME, OtherRegister),
        (b'{"structures": [{"nofiness": "1"}]}', "f.json", OtherRegister),
        (b'[{"code_insee_commune": "31506", "nom": "Saint-Orens"}]', "c.json", OtherRegister),
        (b"[" + b",".join([b'{"a":1}'] * 5_000) + b"]", "c.json", OtherRegister),
        (b"finess;etalab;62;2026-05-12\n", "f.csv", OtherRegister),
        (b"<html>Erreur 503</html>", "a.json", OtherRegister),
        (b"PK\x03\x04" + bytes(100), "a.zip", OtherRegister),
    ],
)
def test_what_is_not_the_directory_is_a_sentence(
    read: Any, data: bytes, name: str, error: type[RegisterError]
) -> None:
    with pytest.raises(error) as caught:
        read(data, name)
    assert f"« {name} »" in str(caught.value)
    assert "rien n'est changé" in str(caught.value)
    assert "{" not in str(caught.value)


def test_no_more_is_read_than_allowed(read: Any) -> None:
    data = as_json([service(n) for n in range(40)])
    assert lines(read(data, most=len(data)))
    for each in (data, as_archive(data)):
        with pytest.raises(RegisterTooLarge, match="rien n'est changé"):
            read(each, most=len(data) - 1)


def test_a_register_is_read_by_its_code(gazetteer: Gazetteer) -> None:
    edition = read_register("annuaire", io.BytesIO(as_json([service()])), MEMBER, gazetteer)
    assert len(lines(edition)) == 1
    with pytest.raises(RegisterError):
        read_register("inconnu", io.BytesIO(b"{}"), "a.json", gazetteer)


@pytest.mark.parametrize("name", ["data.gouv_local_extrait.json", "api_records_extrait.json"])
def test_services_as_published_are_read(read: Any, name: str) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the sample {name} is not on this machine")
    edition = read(path.read_bytes(), name)
    assert edition.left_out == {"autres services": 2}
    assert edition.day == date(2026, 9, 17)
    found = {line["catégorie"]: line for line in lines(edition)}
    assert found.keys() == {"gendarmerie", "police", "aide_victimes", "point_justice"}
    assert found["gendarmerie"]["code commune"] == "31506"
    assert found["gendarmerie"]["communes couvertes"].count(";") == 7
    assert found["police"]["communes couvertes"] == "78621"
    assert found["point_justice"]["code commune"] == "59183"
