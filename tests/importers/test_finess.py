"""What FINESS names becomes lines; a file that is none of its own changes nothing."""

import codecs
import gzip
import io
from datetime import date
from typing import Any

import pytest

from bench.finess import document, entry
from geo.gazetteer import Gazetteer
from importers.registers import finess
from importers.registers.edition import Edition, as_csv
from importers.registers.establishments import codes, columns
from importers.vocabulary import load
from tests.importers.conftest import TODAY, Read, shared

SAMPLE = "registers/finess-structures/finess_structures_extrait.json"


def whole(*entries: Any, **how: str) -> bytes:
    return b"".join(document(entries, **how))  # type: ignore[arg-type] # some are no entry


def read_bytes(data: bytes, gazetteer: Gazetteer) -> Edition:
    return finess.read(io.BytesIO(data), "finess.json", gazetteer, TODAY)


def lines(edition: Edition, territory: str = "93") -> list[dict[str, str]]:
    return [dict(zip(columns(), each, strict=True)) for each in edition.lines.get(territory, ())]


def line(gazetteer: Gazetteer, code: str = "156", **changes: Any) -> dict[str, str]:
    (found,) = lines(read_bytes(whole(entry("930000484", code, **changes)), gazetteer))
    return found


def test_an_establishment_is_a_line_of_its_territory(gazetteer: Gazetteer) -> None:
    edition = read_bytes(whole(entry("930000484", siret="26930001500012")), gazetteer)
    assert edition.day == date(2026, 8, 13)
    assert (edition.left_out, edition.notes) == ({}, ())
    assert lines(edition) == [
        {
            "n° FINESS": "930000484",
            "nom": "Centre médico-psychologique d'Exemple",
            "nom court": "CMP D'EXEMPLE",
            "complément du nom": "",
            "catégorie": "cmp",
            "catégorie FINESS": "156",
            "adresse": "1 rue d'Exemple",
            "complément": "",
            "code postal": "93000",
            "commune": "Bobigny",
            "code commune": "93008",
            "longitude": "",
            "latitude": "",
            "précision": "",
            "téléphone": "0199000001",
            "courriel": "",
            "siret": "26930001500012",
            "mise à jour": "19/05/2026",
        }
    ]


def test_the_short_name_stands_in_for_the_long_one(gazetteer: Gazetteer) -> None:
    assert line(gazetteer, nomEgeLong=None)["nom"] == "CMP d'Exemple"


@pytest.mark.parametrize(
    ("insee", "territory"),
    [("69383", "69M"), ("69264", "69"), ("01091", "01"), ("97411", "974")],
)
def test_the_territory_is_that_of_the_commune(
    gazetteer: Gazetteer, insee: str, territory: str
) -> None:
    # The postcode is that of another one.
    data = whole(entry("1", town=(insee, "AILLEURS", "93000")))
    assert list(read_bytes(data, gazetteer).lines) == [territory]


def test_the_address_is_where_it_is_and_never_the_first(gazetteer: Gazetteer) -> None:
    one = entry("930000484")
    mail = {"usageAdresse": "06", "ligneQuatre": "9 RUE DU COURRIER", "cogCommune": "59350"}
    sites = {"usageAdresse": "04", "ligneQuatre": "8 RUE DU SITE", "cogCommune": "59350"}
    one["adresse"] = [mail, *[sites] * 150, *one["adresse"], sites]
    edition = read_bytes(whole(one), gazetteer)
    assert list(edition.lines) == ["93"]
    assert lines(edition)[0]["adresse"] == "1 rue d'Exemple"


def test_an_address_without_its_line_is_made_of_its_parts(gazetteer: Gazetteer) -> None:
    found = line(gazetteer, ligneQuatre=None, complementPointGeographique="BATIMENT B")
    assert (found["adresse"], found["complément"]) == ("1 rue d'Exemple", "Batiment B")
    bare: dict[str, Any] = {
        "numeroVoie": None,
        "typeVoie": None,
        "libelleVoie": None,
        "ligneQuatre": None,
    }
    found = line(gazetteer, lieuDit="LE CHATEAU", **bare)
    assert (found["adresse"], found["complément"]) == ("Le Chateau", "")


def test_the_words_of_the_post_stay(gazetteer: Gazetteer) -> None:
    data = whole(entry("1", town=("97411", "ST DENIS CEDEX", "97405")))
    (found,) = lines(read_bytes(data, gazetteer), "974")
    assert (found["code postal"], found["commune"]) == ("97405", "St Denis Cedex")
    assert line(gazetteer, ligneAcheminement="BOBIGNY")["commune"] == "Bobigny"


DEGREES, METRES = ("2.4450", "48.9061"), ("659293.0", "6867760.0")


def coordinates(
    first: tuple[str, str], second: tuple[str, str], key: str | None = "93008_0160_00012"
) -> dict[str, str | None]:
    return {
        "coordonneeX": first[0],
        "coordonneeY": first[1],
        "directionLongitude": second[0],
        "directionLatitude": second[1],
        "cleInInteropBAN": key,
    }


@pytest.mark.parametrize("pairs", [(DEGREES, METRES), (METRES, DEGREES), (DEGREES, ("", ""))])
def test_degrees_are_known_by_their_magnitude(
    gazetteer: Gazetteer, pairs: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    found = line(gazetteer, coordonneesGeographique=coordinates(*pairs))
    assert (found["longitude"], found["latitude"]) == ("2.445000", "48.906100")


def test_metres_alone_are_those_of_the_territory(gazetteer: Gazetteer) -> None:
    said = coordinates(METRES, ("", ""))
    found = line(gazetteer, coordonneesGeographique=said)
    assert float(found["longitude"]) == pytest.approx(2.445, abs=0.01)
    assert float(found["latitude"]) == pytest.approx(48.906, abs=0.01)
    said = coordinates(("338568.32", "7690475.44"), ("", ""))
    data = whole(entry("1", town=("97411", "SAINT DENIS", "97400"), coordonneesGeographique=said))
    (overseas,) = lines(read_bytes(data, gazetteer), "974")
    assert (overseas["longitude"], overseas["latitude"]) == ("55.448100", "-20.878900")


@pytest.mark.parametrize(
    ("said", "town", "where"),
    [
        (DEGREES[::-1], ("93008", "BOBIGNY", "93000"), (2.445, 48.9061)),
        (METRES[::-1], ("93008", "BOBIGNY", "93000"), (2.445, 48.906)),
        (("-20.8789", "55.4481"), ("97411", "SAINT DENIS", "97400"), (55.4481, -20.8789)),
    ],
)
def test_a_point_the_other_way_round_is_turned_by_the_nearness_of_its_commune(
    gazetteer: Gazetteer,
    said: tuple[str, str],
    town: tuple[str, str, str],
    where: tuple[float, float],
) -> None:
    given = coordinates(said, ("", ""))
    data = whole(entry("1", town=town, coordonneesGeographique=given))
    (found,) = lines(read_bytes(data, gazetteer), "974" if town[0] == "97411" else "93")
    assert (float(found["longitude"]), float(found["latitude"])) == pytest.approx(where, abs=0.01)


def test_a_point_that_is_near_neither_way_is_said_and_not_drawn(
    gazetteer: Gazetteer, read: Read
) -> None:
    given = coordinates(("5.37", "43.29"), ("", ""))
    edition = read_bytes(whole(entry("1", coordonneesGeographique=given)), gazetteer)
    result = read(as_csv(edition, "93"), mapping="registre-finess", territory="93")
    assert result.rows[0].lon is None
    assert any("Ce point n'est pas à Bobigny" in each.message for each in result.problems)


def test_an_edition_of_a_day_to_come_is_of_today(gazetteer: Gazetteer) -> None:
    data = b"".join(document([entry("1")], generated="2099-01-01T00:00:00Z"))
    assert read_bytes(data, gazetteer).day == TODAY


@pytest.mark.parametrize(
    ("key", "precision", "point"),
    [
        ("93008_0160_00012", "adresse", True),
        ("93008_0160_00012_bis", "adresse", True),
        ("93008_0160", "rue", True),
        ("93008", "", False),
        (None, "", True),
    ],
)
def test_a_key_that_names_a_commune_alone_is_no_point(
    gazetteer: Gazetteer, key: str | None, precision: str, point: bool
) -> None:
    said = coordinates(DEGREES, METRES, key)
    found = line(gazetteer, coordonneesGeographique=said)
    assert (found["précision"], bool(found["longitude"])) == (precision, point)


@pytest.mark.parametrize(
    "closed", [{"etatObjet": "I"}, {"dateFermeture": "1994-09-02"}, {"dateFermeture": "2026-11-24"}]
)
def test_what_is_closed_is_counted_and_no_line(
    gazetteer: Gazetteer, closed: dict[str, Any]
) -> None:
    edition = read_bytes(whole(entry("1", **closed)), gazetteer)
    assert (lines(edition), edition.left_out) == ([], {"fermés": 1})


def test_what_will_close_is_open(gazetteer: Gazetteer) -> None:
    assert line(gazetteer, dateFermeture="2027-01-01")["n° FINESS"] == "930000484"


@pytest.mark.parametrize(
    ("code", "category"),
    [
        *[
            ("177", "mecs"),
            ("175", "foyer_enfance"),
            ("172", "pouponniere"),
            ("462", "lieu_de_vie"),
        ],
        *[(code, "hebergement") for code in "166 176 214 236 241 442 443 643 644".split()],  # noqa: SIM905
        *[("223", "sante"), ("355", "hopital"), ("101", "hopital"), ("228", "sante_sexuelle")],
        *[("231", "evars"), ("638", "cegidd"), ("649", "cegidd"), ("156", "cmp"), ("189", "cmpp")],
        *[("197", "csapa"), ("178", "caarud"), ("295", "milieu_ouvert"), ("378", "a_classer")],
        ("999", "a_classer"),
    ],
)
def test_categories_are_ours_or_stay_hidden(gazetteer: Gazetteer, code: str, category: str) -> None:
    assert line(gazetteer, code)["catégorie"] == category


def test_categories_that_are_none_of_ours_are_counted_by_code_and_said(
    gazetteer: Gazetteer,
) -> None:
    data = whole(entry("1", "620"), entry("2", "620"), entry("3", "611"), entry("4", "001"))
    edition = read_bytes(data, gazetteer)
    assert lines(edition) == []
    assert edition.left_out == {
        "catégorie 620 (pharmacie)": 2,
        "catégorie 611 (laboratoire de biologie médicale)": 1,
        "catégorie 001": 1,
    }


def test_each_category_stands_once_and_is_one_of_the_vocabulary() -> None:
    known = [code for each in codes().categories.values() for code in each]
    assert len(known) == len(set(known))
    assert codes().unrelated["codes"].isdisjoint(known)
    assert codes().labels.keys() <= codes().unrelated["codes"]
    assert codes().categories.keys() <= load().categories.keys()


def test_a_home_is_known_by_its_code_and_by_names_that_a_line_does_not_show(
    gazetteer: Gazetteer, read: Read
) -> None:
    home = entry("930000484", "177", nomEgeLong="LES EXEMPLES", nomEgeCourt="LES EXEMPLES")
    other = entry("930000492", "295", nomEgeLong="LES EXEMPLES", nomEgeCourt="MECS LES EXEMPLES")
    edition = read_bytes(whole(home, other), gazetteer)
    result = read(as_csv(edition, "93"), mapping="registre-finess", territory="93")
    signs = [{(each.says, each.field) for each in actor.signs} for actor in result.rows]
    assert ("houses", "finess_category") in signs[0]
    assert ("mentions", "unread") in signs[1]
    assert {actor.name for actor in result.rows} == {"Les Exemples"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nomEgeLong": " ", "nomEgeCourt": None}, "sans nom"),
        ({"cogCommune": "00000"}, "commune absente ou inconnue"),
        ({"adresse": []}, "commune absente ou inconnue"),
    ],
)
def test_what_cannot_be_placed_is_counted(
    gazetteer: Gazetteer, changes: dict[str, Any], reason: str
) -> None:
    edition = read_bytes(whole(entry("1", **changes)), gazetteer)
    assert (lines(edition), edition.left_out) == ([], {reason: 1})


def test_an_establishment_that_comes_twice_is_one_line(gazetteer: Gazetteer) -> None:
    edition = read_bytes(whole(entry("1"), entry("1")), gazetteer)
    assert (len(lines(edition)), edition.left_out) == (1, {"en double": 1})


@pytest.mark.parametrize(
    "bad",
    [
        entry("1", nomEgeLong=["LISTE"]),
        entry("1", cogCommune=93008),
        entry("1", etatObjet={"code": "A"}),
        entry("1", coordonneesGeographique=[2.4, 48.9]),
        entry("1", contact="0199000001"),
        entry("1", adresse={"usageAdresse": "03"}),
        entry("1", adresse=["1 rue"]),
        entry("1", informationsGeneralesEGE=None),
        entry("1", categorieentiteGeographiqueExercice=156),
        ["156"],
    ],
    ids=str,
)
def test_a_field_of_another_type_leaves_out_its_entry_alone(
    gazetteer: Gazetteer, bad: object
) -> None:
    edition = read_bytes(whole(entry("2"), bad), gazetteer)
    assert [each["n° FINESS"] for each in lines(edition)] == ["2"]
    assert edition.left_out == {"illisibles": 1}


def test_another_version_is_read_and_said(gazetteer: Gazetteer) -> None:
    edition = read_bytes(whole(entry("1"), schema="v2.0.0"), gazetteer)
    assert len(lines(edition)) == 1
    (note,) = edition.notes
    assert "« v2.0.0 »" in note


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_packed_file_and_one_with_a_mark_in_front_are_read(
    gazetteer: Gazetteer, mark: bytes
) -> None:
    data = mark + whole(entry("1"))
    assert len(lines(read_bytes(data, gazetteer))) == 1
    assert len(lines(read_bytes(gzip.compress(data), gazetteer))) == 1


@pytest.mark.slow
def test_the_sample_of_the_register_is_read(national: Gazetteer) -> None:
    edition = read_bytes(shared(SAMPLE), national)
    assert {code: len(each) for code, each in edition.lines.items()} == {
        "01": 4, "44": 1, "93": 1, "978": 1, "21": 1,
    }  # fmt: skip
    assert sum(edition.left_out.values()) == 5
    (pmi,) = lines(edition, "44")
    assert pmi["adresse"] == "26 boulevard Victor Hugo"
