"""Files that say who is competent for a commune: their forms, and what is none of them."""

import io
import json
from datetime import date
from typing import Any

import pytest

from geo.gazetteer import Gazetteer
from geo.territories import Commune, FormerCommune, Territory
from importers.registers import competence_csv, competence_json
from importers.registers.competence import Competences, Named, town_of
from importers.registers.errors import (
    DamagedRegister,
    EmptyRegister,
    OtherRegister,
    RegisterError,
    RegisterTooLarge,
    TruncatedFile,
    TwoForACommune,
)
from tests.directories import as_archive

TODAY = date(2026, 11, 24)
COMMUNES = [
    Commune("01004", "Ambérieu-en-Bugey", "01", ("01500",), None, 5.35, 45.95),
    Commune("01187", "Haut Valromey", "01", ("01260",), None, 5.7, 46.0),
    Commune("13055", "Marseille", "13", ("13001",), None, 5.37, 43.29),
    Commune("31506", "Saint-Orens-de-Gameville", "31", ("31650",), None, 1.53, 43.55),
]
FORMER = [
    FormerCommune("13201", "Marseille 1er Arrondissement", "arrondissement", "13055", ("13001",)),
    FormerCommune("13202", "Marseille 2e Arrondissement", "arrondissement", "13055", ("13002",)),
    FormerCommune("01095", "Hotonnes", "deleguee", "01187"),
]
COURTS = (
    "Commune;Libellé Commune;Orig. CA;N° CA;Cour d'Appel compétente;Orig. TJ;N° TJ;"
    "Tribunal judiciaire compétent;Orig. TPRX;N° TPRX;Tribunal de proximité compétent (hors "
    "communes exclusives aux TJ);Orig. CPH;N° CPH;Conseil de Prud'hommes compétent"
)
UNITS = "Nom de la commune;Code commune;Institution;Unité compétente"


def court(code: str, name: str) -> str:
    return f"{code};Ville;X;1;Lyon;X;2;{name};X;3;Belley;X;4;Belley"


COURT_LINES = (court("01004", "TJ Bourg-en-Bresse"), court("13055", "TJ Marseille"))
COURTS_FILE = "\r\n".join((COURTS, *COURT_LINES)).encode()


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    codes = sorted({each.territory for each in COMMUNES})
    territories = [Territory(c, f"Territoire {c}", "departement", "1", "R") for c in codes]
    return Gazetteer(territories, COMMUNES, FORMER)


@pytest.fixture(scope="module")
def read(gazetteer: Gazetteer) -> Any:
    def reader(code: str, data: bytes, name: str = "a.csv", **more: int) -> Competences:
        if code == competence_json.CODE:
            return competence_json.read(io.BytesIO(data), name, gazetteer, TODAY, **more)
        return competence_csv.read(code, io.BytesIO(data), name, gazetteer, TODAY, **more)

    return reader


def entry(
    code: Any = "31506", service: str = "gendarmerie", who: Any = ("un-id",)
) -> dict[str, Any]:
    services = [{"code_type_service_local": service, "organisme": list(who)}]
    return {"code_insee_commune": code, "nom": "Ville", "type_service_local": services}


def as_json(*entries: Any) -> bytes:
    return json.dumps(entries).encode()


def names(edition: Competences) -> dict[str, list[str]]:
    return {
        code: sorted(each.name or each.identifier or each.category for each in who)
        for code, who in edition.said.items()
    }


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_courts_are_read_whatever_the_separator_and_the_encoding(
    read: Any, separator: str, encoding: str
) -> None:
    text = COURTS_FILE.decode().replace(";", separator)
    edition = read("tribunaux", text.encode(encoding))
    assert names(edition) == {"01004": ["TJ Bourg-en-Bresse"], "13055": ["TJ Marseille"]}
    assert {each.category for who in edition.said.values() for each in who} == {"justice"}


def test_columns_are_found_by_their_titles_wherever_they_stand(read: Any) -> None:
    moved = "Tribunal judiciaire;Code INSEE\r\nTribunal judiciaire de Bourg-en-Bresse;1004\r\n"
    assert names(read("tribunaux", moved.encode())) == {
        "01004": ["Tribunal judiciaire de Bourg-en-Bresse"]
    }
    above = f"Ministère de la Justice;;\r\n{COURTS_FILE.decode()}"
    assert len(read("tribunaux", above.encode()).said) == 2


def test_a_force_is_that_of_its_institution_or_of_its_unit(read: Any) -> None:
    lines = (
        "Ambérieu;01004;GN;BTA Ambérieu-en-Bugey",
        "Haut Valromey;01187;;Brigade de gendarmerie - Brénod",
        "Marseille;13055;Police nationale;",
        "Saint-Orens;31506;PN;Commissariat de police de Toulouse",
    )
    edition = read("forces", "\n".join((UNITS, *lines)).encode())
    said = {code: next(iter(who)) for code, who in edition.said.items()}
    assert said == {
        "01004": Named("gendarmerie", name="BTA Ambérieu-en-Bugey"),
        "01187": Named("gendarmerie", name="Brigade de gendarmerie - Brénod"),
        "13055": Named("police"),
        "31506": Named("police", name="Commissariat de police de Toulouse"),
    }


@pytest.mark.parametrize("packed", [False, True])
def test_the_file_of_the_directory_names_services_by_their_ids(read: Any, packed: bool) -> None:
    data = as_json(entry(), entry("01004", "tgi", ["a"]), entry("13055", "mairie"))
    name = "c.json"
    if packed:
        data, name = as_archive(data, "2026-10-06-competence.json"), "all.tar.bz2"
    edition = read("communes", data, name)
    assert edition.said == {
        "31506": {Named("gendarmerie", identifier="un-id")},
        "01004": {Named("justice", identifier="a")},
    }
    assert edition.left_out == {"sans personne de compétent": 1}
    assert edition.day == (date(2026, 10, 6) if packed else TODAY)


def test_a_commune_of_today_has_what_is_said_of_itself_else_of_its_parts(read: Any) -> None:
    parts = (court("13201", "TJ Marseille"), court("01095", "TJ Belley"))
    edition = read("tribunaux", "\n".join((COURTS, *parts)).encode())
    assert names(edition) == {"13055": ["TJ Marseille"], "01187": ["TJ Belley"]}
    itself = (*parts, court("01187", "TJ Bourg-en-Bresse"))
    edition = read("tribunaux", "\n".join((COURTS, *itself)).encode())
    assert names(edition)["01187"] == ["TJ Bourg-en-Bresse"]


def test_what_is_no_line_is_counted(read: Any) -> None:
    lines = (court("99999", "TJ X"), court("Bourg", "TJ X"), court("01004", ""), "01187;court")
    edition = read("tribunaux", "\n".join((COURTS, *lines, COURT_LINES[1])).encode())
    assert list(edition.said) == ["13055"]
    assert edition.left_out == {
        "communes inconnues": 1,
        "illisibles": 2,
        "sans personne de compétent": 1,
    }
    shapes = (entry(31506), entry(who=[3]), 3, {"code_insee_commune": "31506"}, entry("01004"))
    assert read("communes", as_json(*shapes), "c.json").left_out == {"illisibles": 4}


@pytest.mark.parametrize(
    ("code", "data", "error"),
    [
        ("tribunaux", b"", EmptyRegister),
        ("tribunaux", b"\xef\xbb\xbf \r\n", EmptyRegister),
        ("tribunaux", COURTS.encode(), EmptyRegister),
        ("tribunaux", COURTS_FILE[:-45], TruncatedFile),
        ("tribunaux", UNITS.encode() + b"\nX;01004;GN;BTA X", OtherRegister),
        ("forces", COURTS_FILE, OtherRegister),
        ("forces", b"<!DOCTYPE html><p>503", OtherRegister),
        ("forces", b"PK\x03\x04" + bytes(100), OtherRegister),
        ("forces", b'{"pivot": []}', OtherRegister),
        ("tribunaux", COURTS_FILE + b"\r\n" + court("01004", "TJ Lyon").encode(), TwoForACommune),
        ("communes", as_json(entry(), entry(who=["autre"])), TwoForACommune),
        ("communes", b"", EmptyRegister),
        ("communes", as_json({"pivot": [], "id": "a"}), OtherRegister),
        ("communes", COURTS_FILE, OtherRegister),
        ("communes", as_json(entry(), entry("01004"))[:-30], TruncatedFile),
        ("communes", as_json(entry()).replace(b'"nom":', b'"nom";'), DamagedRegister),
        ("communes", as_json(entry("99999")), EmptyRegister),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_a_sentence(
    read: Any, code: str, data: bytes, error: type[RegisterError]
) -> None:
    with pytest.raises(error) as caught:
        read(code, data, "le fichier")
    assert "« le fichier »" in str(caught.value)
    assert "rien n'est changé" in str(caught.value)


def test_no_more_is_read_than_allowed(read: Any) -> None:
    with pytest.raises(RegisterTooLarge):
        read("tribunaux", COURTS_FILE, most=len(COURTS_FILE) - 1)
    many = as_json(*(entry(who=[str(n)] * 200) for n in range(40)))
    with pytest.raises(RegisterTooLarge):
        read("communes", as_archive(many, "x.json"), "a.tar.bz2", most=len(many) // 2)


@pytest.mark.parametrize(
    ("category", "one", "other"),
    [
        ("justice", "TJ BOURG EN BRESSE", "Tribunal judiciaire de Bourg-en-Bresse"),
        ("gendarmerie", "BTA St Orens", "Brigade de gendarmerie - Saint-Orens"),
        ("police", "CSP TRAPPES", "Commissariat de police de Trappes"),
        ("solidarites", "MDS de Bobigny", "Maison départementale des solidarités - Bobigny"),
    ],
)  # fmt: skip
def test_two_names_of_one_service_have_one_town(category: str, one: str, other: str) -> None:
    assert town_of(category, one) == town_of(category, other) != ""
    assert town_of("justice", "Tribunal pour enfants de Lyon") != town_of("justice", "TJ Lyon")
