"""Who gives the file of one register as another one reads which it is, and what to write."""

import gzip
import io
import json
import tarfile

import pytest

from geo.gazetteer import Gazetteer
from importers.registers.catalogue import registers
from importers.registers.errors import OtherRegister, RegisterOfAnother
from importers.registers.reading import read_competences, read_register
from tests.directories import as_archive, as_json, service

FINESS = json.dumps({"schemaVersion": "v1.0.0", "generatedAt": "2026-10-06", "pmej": [{"ege": []}]})
EMPTY = json.dumps({"pmej": [], "ege": [], "generatedAt": "2026-10-06"})
ETALAB = b"finess;etalab;111;2026-05-12\nstructureet;010000024;;;;\n"
COURTS = "Commune;Tribunal judiciaire compétent\n01187;TJ Bourg-en-Bresse\n".encode()
FORCES = b"Code commune;Institution\n01187;GN\n"
STRUCTURES = b"id;nom;commune;lien_source;thematiques\n1;x;Bobigny;y;z\n"
OFFERS = "Identifiant EG;Nom EG;Catégorie d’établissement;Commune\n1;MDA de Bobigny;MDA;Bobigny\n"
INCLUSION = json.dumps([{"id": "a", "nom": "PAEJ", "commune": "Bobigny", "thematiques": []}])
DIRECTORY = as_json([service()])


def read(code: str, data: bytes, gazetteer: Gazetteer) -> None:
    file = io.BytesIO(data)
    if registers()[code].mapping:
        read_register(code, file, "fichier", gazetteer)
    else:
        read_competences(code, file, "fichier", gazetteer)


@pytest.mark.parametrize(
    ("code", "data", "found"),
    [
        ("inclusion", FINESS.encode(), "finess"),
        ("inclusion", EMPTY.encode(), "finess"),
        ("inclusion", gzip.compress(FINESS.encode(), mtime=0), "finess"),
        ("annuaire", FINESS.encode(), "finess"),
        ("annuaire", ETALAB, "finess"),
        ("ror", ETALAB, "finess"),
        ("inclusion", DIRECTORY, "annuaire"),
        ("inclusion", as_archive(DIRECTORY), "annuaire"),
        ("finess", DIRECTORY, "annuaire"),
        ("finess", as_archive(DIRECTORY), "annuaire"),
        ("tribunaux", FORCES, "forces"),
        ("forces", COURTS, "tribunaux"),
        ("finess", COURTS, "tribunaux"),
        ("annuaire", STRUCTURES, "inclusion"),
        ("ror", STRUCTURES, "inclusion"),
        ("ror", INCLUSION.encode(), "inclusion"),
        ("inclusion", OFFERS.encode(), "ror"),
        ("finess_activites", OFFERS.encode(), "ror"),
    ],
)
def test_the_file_of_another_register_is_named(
    gazetteer: Gazetteer, code: str, data: bytes, found: str
) -> None:
    with pytest.raises(RegisterOfAnother) as caught:
        read(code, data, gazetteer)
    said = str(caught.value)
    assert f"celui de « {registers()[found].title} »" in said
    assert f"« mesure23 registers update {found} --file »" in said


@pytest.mark.parametrize("code", ["finess", "annuaire", "inclusion", "tribunaux", "communes"])
@pytest.mark.parametrize("data", [b"<html>Erreur</html>", b'{"autre": [{"a": 1}]}', b"a;b\n1;2\n"])
def test_what_no_register_is_is_not_guessed(gazetteer: Gazetteer, code: str, data: bytes) -> None:
    with pytest.raises(OtherRegister) as caught:
        read(code, data, gazetteer)
    assert not isinstance(caught.value, RegisterOfAnother)


@pytest.mark.parametrize(("code", "data"), [("inclusion", INCLUSION), ("ror", OFFERS)])
def test_a_table_of_structures_is_read_as_its_own_register(
    gazetteer: Gazetteer, code: str, data: str
) -> None:
    read(code, data.encode(), gazetteer)


def test_the_directory_is_read_as_tar_gz_too(gazetteer: Gazetteer) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo("2026-10-06-data.gouv_local.json")
        member.size = len(DIRECTORY)
        archive.addfile(member, io.BytesIO(DIRECTORY))
    edition = read_register("annuaire", io.BytesIO(out.getvalue()), "all_latest.tar.gz", gazetteer)
    assert f"{edition.day:%Y-%m-%d}" == "2026-10-06"
