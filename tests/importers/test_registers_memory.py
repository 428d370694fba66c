"""Files of registers of which a few bytes would fill the memory, or that no reader takes."""

import io
import json

import pytest

from bench.finess import entry
from geo.gazetteer import Gazetteer
from importers.registers import (
    activities,
    competence_csv,
    competence_json,
    directory,
    edition,
    finess,
    finess_etalab,
    metered,
    structures,
)
from importers.registers.catalogue import registers
from importers.registers.errors import (
    DamagedRegister,
    OtherRegister,
    RegisterError,
    TooManyNamed,
)
from tests.importers.conftest import TODAY
from tests.importers.test_finess import whole
from tests.importers.test_finess_etalab import HEAD, row
from tests.importers.test_structures import STRUCTURE

STRUCTURES = registers()["inclusion"]


def read(code: str, data: bytes, gazetteer: Gazetteer) -> object:
    file, name = io.BytesIO(data), "le fichier"
    match code:
        case "finess":
            return finess.read(file, name, gazetteer, TODAY)
        case "etalab":
            return finess_etalab.read(file, name, gazetteer, TODAY)
        case "finess_activites":
            return activities.read(file, name, lambda numbers: {}, TODAY)
        case "annuaire":
            return directory.read(file, name, gazetteer, TODAY)
        case "inclusion":
            return structures.read(file, name, STRUCTURES, gazetteer, TODAY)
        case "communes":
            return competence_json.read(file, name, gazetteer, TODAY)
    return competence_csv.read(code, file, name, gazetteer, TODAY)


def refused(code: str, data: bytes, gazetteer: Gazetteer, error: type[RegisterError]) -> None:
    with pytest.raises(error, match=r"« le fichier ».*rien n'est changé"):
        read(code, data, gazetteer)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["{}", "[]", "0.5", "999", '""'])
@pytest.mark.parametrize("code", ["finess", "annuaire", "inclusion", "communes"])
def test_an_entry_of_many_empty_things_fills_no_memory(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch, code: str, piece: str
) -> None:
    monkeypatch.setattr(metered, "MOST_VALUES", 20_000)
    many = json.loads("[" + ",".join([piece] * 50_000) + "]")
    data = {
        "finess": whole(entry("1"), entry("2") | {"evenement": many}),
        "annuaire": json.dumps({"service": [{"id": "1", "pivot": many}]}).encode(),
        "inclusion": json.dumps([STRUCTURE, STRUCTURE | {"x": many}]).encode(),
        "communes": json.dumps([{"code_insee_commune": "93008", "x": many}]).encode(),
    }
    refused(code, data[code], gazetteer, DamagedRegister)


@pytest.mark.parametrize("broken", [b'"\\udfff\\ud800"', b"1e99999999999999999999"])
@pytest.mark.parametrize(
    "code", ["finess", "finess_activites", "annuaire", "inclusion", "communes"]
)
def test_half_a_sign_or_a_number_too_great_is_a_sentence(
    gazetteer: Gazetteer, code: str, broken: bytes
) -> None:
    data = {
        "finess": whole(entry("1", nomEgeLong="HALF")),
        "finess_activites": json.dumps([{"finess": "930000484", "code": "HALF"}]).encode(),
        "annuaire": json.dumps([{"id": "1", "pivot": [], "nom": "HALF"}]).encode(),
        "inclusion": json.dumps([STRUCTURE | {"nom": "HALF"}]).encode(),
        "communes": json.dumps([{"code_insee_commune": "HALF"}]).encode(),
    }
    refused(code, data[code].replace(b'"HALF"', broken), gazetteer, DamagedRegister)


@pytest.mark.parametrize("code", ["etalab", "inclusion"])
@pytest.mark.parametrize("endless", ["x" * 1_500_000, '"' + "x\n" * 700_000])
def test_a_record_without_an_end_fills_no_memory(
    gazetteer: Gazetteer, code: str, endless: str
) -> None:
    head = {"etalab": f"{HEAD}\n{row()}\n", "inclusion": "id;nom;commune\n1;PAEJ;Bobigny\n"}
    tail = f"{endless};1\n{row()}\n"
    refused(code, (head[code] + tail).encode(), gazetteer, DamagedRegister)


def test_a_list_of_communes_without_end_is_not_cut_into_lines(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(competence_csv, "MOST_LINES", 100)
    lines = "commune;tribunal judiciaire\n" + ";\n" * 500
    refused("tribunaux", lines.encode(), gazetteer, OtherRegister)
    line = "commune;tribunal judiciaire\n" + ";" * 200_000
    refused("tribunaux", line.encode(), gazetteer, OtherRegister)


@pytest.mark.parametrize("code", ["finess", "etalab", "finess_activites", "annuaire", "inclusion"])
def test_more_actors_than_any_register_names_are_refused(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(edition, "MOST_NAMED", 3)
    service = {"pivot": [{"type_service_local": "tgi", "code_insee_commune": ["93008"]}]}
    places = [{"nom_commune": "Bobigny", "code_postal": "93000"}]
    data = {
        "finess": whole(*(entry(str(n)) for n in range(6))),
        "etalab": "\n".join((HEAD, *(row(str(n)) for n in range(6)))).encode(),
        "finess_activites": json.dumps(
            [{"finess": f"93000000{n}", "code": "M41"} for n in range(6)]
        ).encode(),
        "annuaire": json.dumps(
            [{"id": str(n), "nom": "TJ", "adresse": places, **service} for n in range(6)]
        ).encode(),
        "inclusion": json.dumps([STRUCTURE | {"id": str(n)} for n in range(6)]).encode(),
    }
    refused(code, data[code], gazetteer, TooManyNamed)
