import csv
import re

import pytest

from app.settings import ROOT
from geo.address import address_key, address_keys, numbered_keys_in, place_keys, read_address
from tests import effort

SHARED = ROOT.parent / "shared" / "data"


@pytest.mark.parametrize(
    ("text", "street", "postcode", "city", "cedex"),
    [
        (
            "24 rue du 22-Novembre,67000,Strasbourg",
            "24 rue du 22-Novembre",
            "67000",
            "Strasbourg",
            0,
        ),
        (
            "Maison des services du Grand Longwy - 14 rue Stanislas - BP 25-4,54405,Longwy Cedex",
            "14 rue Stanislas",
            "54405",
            "Longwy",
            1,
        ),
        ("12 000 RODEZ", None, "12000", "RODEZ", 0),
        ("82 013 MONTAUBAN Cedex", None, "82013", "MONTAUBAN", 1),
        (
            "12, rue de l'Évêché\r\nCS 50001\r\n64058 Pau Cedex 9",
            "12 rue de l'Évêché",
            "64058",
            "Pau",
            1,
        ),
        (
            "2 Rue Paul-Doumer - Hotel du département, 2000, Laon",
            "2 rue Paul-Doumer",
            "02000",
            "Laon",
            0,
        ),
        ("Bâtiment 1 15 avenue Tarayre 12000 Rodez", "15 avenue Tarayre", "12000", "Rodez", 0),
        (
            "Immeuble Le Strasbourg 2 - 1 rue de Forbin, 13003, Marseille",
            "1 rue de Forbin",
            "13003",
            "Marseille",
            0,
        ),
        ("25 - 27 rue Haxo, 75020 Paris 20e", "25 rue Haxo", "75020", "Paris 20e", 0),
        (
            "01633 avenue du Général-Leclerc,47000,Agen",
            "1633 avenue du Général-Leclerc",
            "47000",
            "Agen",
            0,
        ),
        ("BP 25 100 rue de Paris 59000 Lille", "100 rue de Paris", "59000", "Lille", 0),
        ("rue du 8 mai 1945, Bobigny", "Rue du 8 mai 1945", None, "Bobigny", 0),
        ("Strasbourg (67000)", None, "67000", "Strasbourg", 0),
        ("97200 FORT DE FRANCE", None, "97200", "FORT DE FRANCE", 0),
        ("3 R. de la Paix, 75002 PARIS FRANCE", "3 rue de la Paix", "75002", "PARIS", 0),
        ("rue de l\x92Espéranto, 27000, Évreux", "Rue de l'Espéranto", "27000", "Évreux", 0),
        ("12 LE BOURG 42620 Saint-Pierre", "12 LE BOURG", "42620", "Saint-Pierre", 0),
        ("", None, None, None, 0),
    ],
)
def test_one_cell_gives_street_postcode_and_city(
    text: str, street: str | None, postcode: str | None, city: str | None, cedex: int
) -> None:
    address = read_address(text)
    assert (address.street, address.postcode, address.city) == (street, postcode, city)
    assert address.cedex == bool(cedex)


def test_mail_lines_keep_what_a_geocoder_is_not_asked() -> None:
    address = read_address("Maison des services - 14 rue Stanislas - BP 25-4,54405,Longwy Cedex")
    assert address.lines == (
        "Maison des services",
        "14 rue Stanislas",
        "BP 25-4",
        "54405 Longwy Cedex",
    )
    assert address.cedex
    assert read_address("BP 60 119 51007 Châlons Cedex").street is None


def test_parts_take_the_way_from_the_complement_only_when_the_street_has_none() -> None:
    in_complement = read_address("BP 12", "Tour B - 3 av Foch", "69003", "LYON CEDEX 03")
    assert (in_complement.street, in_complement.city) == ("3 avenue Foch", "LYON")
    assert in_complement.cedex
    lone_name = read_address("LE CHATEAU D'AUX", "CROIX ROUGE FRANCAISE", "44620", "LA MONTAGNE")
    assert lone_name.street == "LE CHATEAU D'AUX"
    assert read_address(None, "ORSAC", "1210", "FERNEY").street is None


def test_parts_find_postcode_and_city_wherever_they_stand() -> None:
    whole = read_address("12 R DE GEX\n01210 FERNEY VOLTAIRE")
    assert (whole.street, whole.postcode, whole.city) == (
        "12 rue DE GEX",
        "01210",
        "FERNEY VOLTAIRE",
    )
    assert read_address("12 r de Gex", None, None, "01210 Ferney").postcode == "01210"
    assert read_address("12 r de Gex", None, "1210.0", "01210 Ferney").lines[-1] == "01210 Ferney"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 RUE DE GEX", "12, rue de Gex"),
        ("12 R DE GEX", "Maison X - 12 rue de Gex - BP 3"),
        ("3 BD GAL LECLERC", "3 boulevard du Général-Leclerc"),
        ("5 bis av. Ste-Anne", "5B AVENUE SAINTE ANNE"),
        ("7-21 rue Fleming", "7 rue Fleming"),
        ("2 pl. Sacré-Cœur", "2 PLACE SACRE COEUR"),
        ("01 rue Haxo", "1 rue Haxo"),
    ],
)
def test_two_writings_of_one_address_share_a_key(one: str, other: str) -> None:
    assert address_key(one, "01160") == address_key(other, "01160") is not None


@pytest.mark.parametrize(
    "other",
    [
        *("5 bis avenue Foch", "5bis, avenue Foch", "5 ter av. Foch", "5 A avenue Foch"),
        *("n° 5 avenue Foch", "N°5, avenue Foch", "Nº 5 AV FOCH"),
        *("Avenue Foch, 5", "Avenue Foch, n° 5", "avenue Foch n°5", "avenue Foch, 5 bis"),
        *("5, av. Foch", "5-7 av Foch", "5 à 7 av. Foch", "5/7 avenue Foch", "5 et 7, av Foch"),
        *("5 av. de Foch", "5 AV FOCH 93000 BOBIGNY", "5 av Foch - 93000 Bobigny"),
        *("5 avenue Foch\n93000 Bobigny Cedex", "Mairie 5 avenue Foch", "Hôtel X - 5 av. Foch"),
        *("Bâtiment A, 5 avenue Foch", "5 avenue Foch bât. A", "5 avenue Foch - BP 12"),
    ],
)
def test_spellings_of_one_place_share_a_key(other: str) -> None:
    assert (
        address_key(other, "93008")
        == address_key("5 avenue Foch", "93008")
        == ("93008|5 AVENUE FOCH")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hôpital Avicenne", "HOPITAL AVICENNE\n93000 Bobigny"),
        ("Centre hospitalier de Gex", "Hôpital de Gex"),
        ("Maison de la Justice et du Droit", "maison Justice & Droit"),
        ("Château de Vaux", "Chateau de Vaux, 93000 Bobigny"),
        ("lieu-dit Les Pins", "LD Les Pins"),
        ("au lieudit les Pins", "Lieu dit Les Pins"),
        ("Résidence les Lilas, bât. A", "Résidence des Lilas"),
        ("Rue du 8 mai 1945, 5", "5 rue du 8 mai 1945"),
    ],
)
def test_a_building_or_place_with_a_name_has_a_key(one: str, other: str) -> None:
    assert address_key(one, "93008") == address_key(other, "93008") is not None


@pytest.mark.parametrize(
    "text",
    [
        *("Bobigny", "93000 Bobigny", "12000 RODEZ", "Avenue Foch", "rue du 8 mai 1945"),
        *("rue du 8 mai, 1945", "Route nationale 7", "Le Bourg", "BP 12", "Mairie", "5", "12 rue"),
        *("ZA des Pins", "Zone industrielle Nord", "avenue Foch - 93000 Bobigny", "CS 50001"),
    ],
)
def test_a_town_or_a_street_alone_has_no_key(text: str) -> None:
    assert address_key(text, "93008") is None


def test_key_tells_number_way_and_commune_apart() -> None:
    keys = {
        address_key("12 rue de Gex", "01160"),
        address_key("14 rue de Gex", "01160"),
        address_key("12 avenue de Gex", "01160"),
        address_key("12 rue de Ferney", "01160"),
        address_key("12 rue de Gex", "01265"),
        address_key("Château de Gex", "01160"),
    }
    assert len(keys - {None}) == 6
    assert address_key("12 rue Haxo", "75120") == address_key("12 rue Haxo", "75056")
    assert address_key(None, "01160") is address_key("12 rue de Gex", None) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Le foyer reçoit au 5 bis, av. Victor Hugo et accueille les jeunes.", "5 av Victor Hugo"),
        ("Siège : 12 rue du Gal. Leclerc (Bobigny)", "12 rue du Général Leclerc"),
        ("Situé 3 place de l'Église. Ouvert.", "3, place de l’Eglise"),
        ("Aux 7-9 bd de la Paix, fermé", "7 boulevard de la Paix"),
    ],
)
def test_an_address_is_found_inside_a_sentence(text: str, address: str) -> None:
    assert (address_key(address, "93008") or "").removeprefix("93008|") in numbered_keys_in(text)


def test_a_sentence_without_an_address_gives_none() -> None:
    assert numbered_keys_in("12 jeunes accueillis en 2019 près de la rue de Paris") == set()


def places(text: str) -> frozenset[str]:
    return place_keys(address_keys(text, text, "93008"), text, "93008", "Bobigny")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 rue Zola", "1 rue Émile Zola"),
        ("1 rue E. Zola", "1, r. Emile ZOLA"),
        ("1 rue Zola RDC", "1 rue Zola Bobigny"),
        ("Foyer 1 rue Zola", "Rue Émile Zola 1"),
        ("Lieu-dit Les Granges", "Les Granges"),
        ("Les Granges (lieu-dit)", "Les Granges, BP 12"),
        ("LD Les Granges", "Hameau des Granges"),
        ("Av. Gal de Gaulle, 5", "5 avenue du Général de Gaulle"),
        ("5 av. De Gaulle", "5 avenue Charles de Gaulle"),
        ("3 rue St Jean", "3 rue Saint-Jean"),
        ("1er étage, 5 rue Haute", "5 rue Haute"),
        ("Bât. B, 1er étage - 5 rue Haute - BP 12", "5 rue Haute"),
        ("BP 40012, 5 rue Haute", "5 rue Haute"),
    ],
)
def test_a_place_that_is_written_shorter_has_a_key_of_its_own(one: str, other: str) -> None:
    keys = [places(each) for each in (one, other)]
    assert keys[0] & keys[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 rue Zola", "2 rue Zola"),
        ("1 rue Zola", "1 avenue Zola"),
        ("1 rue Jean Moulin", "1 rue Jean Jaurès"),
        ("1 rue Haute, Bobigny", "1 rue Basse, Bobigny"),
        ("Route nationale 7", "Route nationale 7"),
        ("Bobigny", "Bobigny"),
        ("Le Bourg", "Le Bourg"),
        ("Avenue Foch", "Avenue Foch"),
        ("BP 12", "BP 12"),
        ("", ""),
    ],
)
def test_other_numbers_and_what_every_village_has_are_no_place(one: str, other: str) -> None:
    keys = [places(each) for each in (one, other)]
    assert not keys[0] & keys[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["1 ", "12 rue ", "(", "12, ", "BP 1 ", "75001 a ", "- ", "\n1 A "]
)
def test_reading_a_huge_cell_takes_linear_time(piece: str) -> None:
    with effort.at_most(5):
        read_address(piece * (100_000 // len(piece)))


@pytest.mark.skipif(not SHARED.exists(), reason="the real lists lie outside the project")
def test_every_real_cidff_address_has_a_street_without_its_building() -> None:
    text = (SHARED / "annuaire_2019_cidff_departements.csv").read_text(encoding="utf-8-sig")
    cells = re.findall(r'Adresse : ([^|"]*)', text)
    addresses = [read_address(cell) for cell in cells]
    assert len(addresses) > 190
    assert all(a.street and a.postcode and a.city for a in addresses)
    in_the_way = re.compile(r"\b(BP|CS|cedex|Hôtel du|Résidence|Bâtiment|Appartement)\b", re.I)
    assert [a.street for a in addresses if in_the_way.search(a.street or "")] == []


@pytest.mark.skipif(not SHARED.exists(), reason="the real lists lie outside the project")
def test_finess_columns_and_its_whole_line_give_one_key() -> None:
    path = SHARED / "finess_protection_enfance_2026-08.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [r for r in csv.DictReader(file, delimiter=";") if r["numeroVoie"] and r["typeVoie"]]
    assert len(rows) > 90
    for row in rows:
        parts = f"{row['numeroVoie']} {row['typeVoie'].strip()} {row['libelleVoie']}"
        assert address_key(parts, "01160") == address_key(row["ligneQuatre"], "01160")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12 rue Anatole France", "12 rue Anatole France"),
        ("5 avenue Pierre Mendès France", "5 avenue Pierre Mendès France"),
        ("3 place de la France", "3 place de la France"),
        ("3 rue de la Paix, France", "3 rue de la Paix"),
        ("3 rue de la Paix (France)", "3 rue de la Paix"),
        ("3 rue de la Paix\n75002 PARIS\nFRANCE", "3 rue de la Paix"),
    ],
)
def test_a_way_that_ends_with_france_keeps_its_name(written: str, read: str) -> None:
    assert read_address(written).street == read


def test_a_way_that_ends_with_france_is_one_way_whoever_writes_it() -> None:
    written = read_address("12 rue Anatole France").street
    assert address_key(written, "93001") == address_key("12, r. Anatole FRANCE", "93001")


@pytest.mark.parametrize(
    ("address", "numbers"),
    [
        ("12 rue de la Paix", {12}),
        ("10-12 rue de la Paix\n59100 Roubaix", {10, 12}),
        ("10 à 16 rue de la Paix", {10, 12, 14, 16}),
        ("12/14, rue de la Paix", {12, 14}),
        ("11 et 12 rue de la Paix", {11, 12}),
        ("Bâtiment 1 15 rue de la Paix", {15}),
        ("2-900 rue de la Paix", {2}),
    ],
)
def test_a_range_of_numbers_shares_each_of_them(address: str, numbers: set[int]) -> None:
    street = read_address(address).street
    keys = {f"59512|{number} RUE PAIX" for number in numbers}
    assert address_keys(street, address, "59512") == keys
