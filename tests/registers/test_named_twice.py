"""What a register says in two places of one number: whichever says that people live there hides."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.registers.bringing import Bringer, Given
from app.runtime.staff import Runtime
from geo.text import fold
from importers.registers.catalogue import registers
from tests.planted import Planted, bring

OPEN = Planted("930000492", "Centre Ormelin", "10 rue Cachée", "93000", "Bobigny", "93008")
OTHER = replace(OPEN, number="930000500", name="Centre Témoin", address="1 rue du Témoin")
HOMES = {"finess": "177", "inclusion": "CHRS", "ror": "MECS"}
STRUCTURE = {
    "id": "exemple--1",
    "nom": "Les Ormelins",
    "typologie": "ML",
    "adresse": "10 rue Cachée",
    "code_postal": "93000",
    "commune": "Bobigny",
    "code_insee": "93008",
}
WITNESS = {"id": "exemple--2", "nom": "Témoin", "adresse": "1 rue du Témoin"}


def public(runtime: Runtime) -> str:
    """All that the public login reads of actors, folded."""
    with runtime.databases.public.connect() as connection:
        return fold(str(connection.execute(text("SELECT * FROM actor")).all()))


def bring_file(runtime: Runtime, code: str, path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    bringer = Bringer(runtime.staff, runtime.vault, runtime.settings, "essai")
    register, given = registers()[code], Given(path, path.name)
    bringer.bring(register, bringer.read(register, given), given)


@pytest.mark.slow
@pytest.mark.parametrize("code", HOMES)
@pytest.mark.parametrize("home_first", [True, False])
@pytest.mark.parametrize("name", ["Centre Ormelin", "MECS Ormelin"])
def test_of_two_lines_of_one_number_the_home_is_not_left_out(
    runtime: Runtime, code: str, home_first: bool, name: str
) -> None:
    home = replace(OPEN, name=name, sort=HOMES[code])
    bring(runtime, code, [*((home, OPEN) if home_first else (OPEN, home)), OTHER])
    seen = public(runtime)
    assert "cachee" not in seen
    assert "ormelin" not in seen
    assert "1 rue du temoin" in seen


@pytest.mark.slow
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    "said",
    [
        {"raison_sociale": "MECS Les Ormelins"},
        {"dénomination": "Foyer de l’enfance Les Ormelins"},
        {"Typologie": "CHRS"},
        {"TYPOLOGIE": ["MECS"]},
    ],
)
def test_no_column_takes_the_place_of_one_that_says_that_people_live_there(
    runtime: Runtime, tmp_path: Path, said: dict[str, Any], before: bool
) -> None:
    entries = [said | STRUCTURE if before else STRUCTURE | said, STRUCTURE | WITNESS]
    bring_file(runtime, "inclusion", tmp_path / "inclusion-2026-10-06.json", json.dumps(entries))
    seen = public(runtime)
    assert "cachee" not in seen
    assert "1 rue du temoin" in seen


@pytest.mark.parametrize("sorts", ["MECS;MDA", "MDA;MECS"])
def test_two_columns_of_one_title_are_both_read(
    runtime: Runtime, tmp_path: Path, sorts: str
) -> None:
    lines = (
        "Identifiant EG;Nom EG;Catégorie;Catégorie;Adresse;Code postal;Commune;Code INSEE",
        f"1;Les Ormelins;{sorts};10 rue Cachée;93000;Bobigny;93008",
        "2;MDA Témoin;MDA;;1 rue du Témoin;93000;Bobigny;93008",
    )
    bring_file(runtime, "ror", tmp_path / "ror-2026-10-06.csv", "\r\n".join(lines))
    seen = public(runtime)
    assert "cachee" not in seen
    assert "1 rue du temoin" in seen
