"""A unit is at the hospital that FINESS names, as far as that is public."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.platform.database.sessions import read
from app.records.acts import protect
from app.records.proposals import waiting
from app.registers.hosts import hosts
from app.registers.updating import Update
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from importers.registers import activities
from importers.registers.catalogue import registers
from tests.makers import decide
from tests.registers.test_updating import HOME, HOSPITAL, public, update
from tests.short_lists import ids


def bring(runtime: Runtime, folder: Path) -> dict[str, int]:
    entries = [
        {"numFinessEge": each["n° FINESS"], "activite": ["M41"]} for each in (HOSPITAL, HOME)
    ]
    path = folder / "activites.json"
    path.write_text(json.dumps({"generatedAt": "2026-11-03", "ege": entries}), encoding="utf-8")
    with path.open("rb") as file, read(runtime.staff) as session:
        edition = activities.read(
            file,
            path.name,
            lambda numbers: hosts(session, runtime.vault, OPERATOR, numbers),
            date(2026, 11, 4),
        )
    register = registers()["finess_activites"]
    work = Update(runtime.staff, runtime.vault, runtime.settings, register, edition, "essai")
    work.apply(work.plan())
    return dict(edition.left_out)


def test_nobody_is_asked_whether_a_unit_is_its_hospital(runtime: Runtime, tmp_path: Path) -> None:
    update(runtime, HOSPITAL | {"nom": "Centre hospitalier intercommunal d’exemple"})
    bring(runtime, tmp_path)
    assert len(public(runtime)) == 2
    with read(runtime.staff) as session:
        assert waiting(session, runtime.vault, OPERATOR) == []


@pytest.mark.slow
def test_a_unit_stands_at_a_public_hospital_and_at_no_home(
    runtime: Runtime, tmp_path: Path
) -> None:
    update(runtime, HOSPITAL, HOME)
    assert bring(runtime, tmp_path) == {activities.UNKNOWN_HOST: 1}
    units = [each for each in public(runtime) if each[0].startswith("UAPED")]
    assert units == [
        (
            "UAPED – Hôpital d’exemple",
            "1 rue de l’Exemple\n93000 Bobigny",
            ["+33199000001"],
            "finess_activites",
        )
    ]
    decide(runtime, protect, ids(runtime)["Hôpital d’exemple"], who="essai", why="vu")
    (unit,) = (each for each in public(runtime) if "UAPED" in each[0])
    # Nor does its name say at which hospital it is.
    assert unit[:3] == ("Unité d’accueil pédiatrique enfants en danger (UAPED)", None, [])
    bring(runtime, tmp_path)
    assert not [each for each in public(runtime) if "UAPED" in each[0]]
